import type { Measure } from '../measure';
import { inPairs } from '../pairs';
import { type Result, ratiosOf } from '../result';
import { Stack } from '../stack';
import type { Timed } from '../timed';

/** What the engine keeps of a stack: four blocks and one key a cluster, and three for all. */
const instances = (clusters: number) => 5 * clusters + 3;

export const plan: Measure = {
  name: 'plan',
  about: "the engine's plan of 300 fresh clusters, against as many plain blocks",
  run: (bench) =>
    Stack.with(bench, async (stack) => {
      const clusters = bench.scale.clusters(300);
      const folder = await synthesized(stack, clusters);
      const plain = await stack.plain(instances(clusters));
      const pair = {
        ours: async () => (await stack.run('plan', folder)).seconds,
        other: async () => (await stack.run('plan', plain)).seconds,
      };
      const seconds = await inPairs(bench.scale.runs(5), pair, bench.print);
      const title = 'Plan of 300 clusters / of as many plain blocks without references';
      return [
        { name: 'plan', title, unit: 'times', target: 2, values: ratiosOf(seconds.ours, seconds.other), seconds },
      ];
    }),
};

export const planOfMany: Measure = {
  name: 'plan-1000',
  about: "the engine's plan of 1,000 fresh clusters: time, memory, and what one of them costs against one of 100",
  run: (bench) =>
    Stack.with(bench, (big) =>
      Stack.with(bench, async (small) => {
        const counts = { big: bench.scale.clusters(1000), small: bench.scale.clusters(100) };
        const folders = { big: await synthesized(big, counts.big), small: await synthesized(small, counts.small) };
        const plans: Timed[] = [];
        const pair = {
          ours: async () => {
            const planned = await big.run('plan', folders.big);
            plans.push(planned);
            return planned.seconds / counts.big;
          },
          other: async () => (await small.run('plan', folders.small)).seconds / counts.small,
        };
        const costs = await inPairs(bench.scale.runs(3), pair, bench.print);
        return [
          ...figures(plans),
          {
            name: 'plan-cost',
            title: 'Plan: cost of a cluster among 1,000 / among 100',
            unit: 'times',
            target: 1.5,
            values: ratiosOf(costs.ours, costs.other),
            seconds: costs,
          },
        ];
      }),
    ),
};

function figures(plans: readonly Timed[]): Result[] {
  const memory = plans.flatMap(({ megabytes }) => (megabytes === undefined ? [] : [megabytes]));
  const title = 'Plan of 1,000 clusters';
  return [
    { name: 'plan-1000', title, unit: 's', target: 25, values: plans.map(({ seconds }) => seconds) },
    ...(memory.length === 0
      ? []
      : [
          {
            name: 'plan-1000-memory',
            title: `${title}: memory of the engine`,
            unit: 'MB',
            target: 400,
            values: memory,
          } as const,
        ]),
  ];
}

async function synthesized(stack: Stack, clusters: number): Promise<string> {
  stack.writeClusters(clusters);
  await stack.synth();
  return stack.folder();
}
