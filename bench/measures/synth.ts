import type { Measure } from '../measure';
import { inPairs } from '../pairs';
import { ratiosOf } from '../result';
import { Stack } from '../stack';

export const synth: Measure = {
  name: 'synth',
  about: 'synthesis of 1,000 clusters, against that of one',
  run: (bench) =>
    Stack.with(bench, (many) =>
      Stack.with(bench, async (one) => {
        many.writeClusters(bench.scale.clusters(1000));
        one.writeClusters(1);
        await one.synth();
        const pair = {
          ours: async () => (await many.synth()).seconds,
          other: async () => (await one.synth()).seconds,
        };
        const seconds = await inPairs(bench.scale.runs(5), pair, bench.print);
        const title = 'Synthesis of 1,000 clusters / of one';
        const values = ratiosOf(seconds.ours, seconds.other);
        return [{ name: 'synth', title, unit: 'times', target: 2, values, seconds }];
      }),
    ),
};
