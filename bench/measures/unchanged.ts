import type { Measure } from '../measure';
import { makeFresh, withNodes } from '../nodes';
import { inPairs } from '../pairs';
import { ratiosOf } from '../result';
import { Stack } from '../stack';

export const unchanged: Measure = {
  name: 'unchanged',
  about: "`cdktf deploy` of ten clusters with nothing to do, against the engine's plan and `cdktf synth`",
  run: (bench) =>
    Stack.with(bench, (stack) =>
      withNodes(stack.project.folder, bench.scale.clusters(10), async (nodes) => {
        stack.writeNodes(nodes);
        makeFresh(nodes, 'once');
        await stack.cdktf('deploy');
        const folder = await stack.folder();
        const pair = {
          ours: () => stack.cdktf('deploy'),
          other: async () => (await stack.cdktf('synth')) + (await stack.run('plan', folder)).seconds,
        };
        const seconds = await inPairs(bench.scale.runs(7), pair, bench.print);
        const title = "Deploy of ten clusters with nothing to do / the engine's own plan and `cdktf synth`";
        const values = ratiosOf(seconds.ours, seconds.other);
        return [{ name: 'unchanged', title, unit: 'times', target: 1.1, values, seconds }];
      }),
    ),
};
