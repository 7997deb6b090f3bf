import { ByHand } from '../by-hand';
import type { Bench, Measure } from '../measure';
import { makeFresh, type Starts, withNodes } from '../nodes';
import { type Result, ratiosOf } from '../result';
import { Stack } from '../stack';
import { TITLES } from './one';

/** What the engine does at once by default. */
const AT_ONCE = 10;

export const many: Measure = {
  name: 'many',
  about: `100 fresh clusters without what the engine takes by itself, against ${AT_ONCE} \`ssh\` at a time`,
  run: (bench) =>
    Stack.with(bench, (stack) =>
      withNodes(stack.project.folder, bench.scale.many, async (nodes) => {
        stack.writeNodes(nodes);
        await stack.synth();
        const folder = await stack.folder();
        const floor = await stack.floor();
        const byHand = await ByHand.prepare(stack.project.folder, nodes);
        const apply = async (starts: Starts, cwd: string) => {
          makeFresh(nodes, starts);
          stack.forgetStates();
          return (await stack.run('apply', cwd)).seconds;
        };
        return measure(bench, {
          floor: () => apply('once', floor),
          'by hand': async () => (await byHand.run(AT_ONCE)).seconds,
          once: () => apply('once', folder),
          each: () => apply('each', folder),
        });
      }),
    ),
};

type Side = 'floor' | 'by hand' | Starts;

async function measure(
  { scale, print }: Bench,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<readonly Result[]> {
  const names = Object.keys(sides) as Side[];
  const took = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  const runs = scale.runs(3);
  for (let run = 0; run < runs; run += 1) {
    for (const name of names) {
      const seconds = await sides[name]();
      took[name].push(seconds);
      print(`  run ${run + 1} of ${runs}: ${name} ${seconds.toFixed(1)} s`);
    }
  }
  return (['once', 'each'] as const).map((starts) => {
    const ours = took[starts].map((seconds, index) => seconds - (took.floor[index] ?? Number.NaN));
    return {
      name: `many-${starts}`,
      title: `${scale.many} fresh clusters without the engine's own time, ${TITLES[starts]} / ${AT_ONCE} \`ssh\` at a time`,
      unit: 'times',
      target: 1,
      values: ratiosOf(ours, took['by hand']),
      seconds: { ours, other: took['by hand'] },
    };
  });
}
