import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { counts } from './deploys';
import { KNOWN } from './known';
import { runLife, SEED, useNodes } from './life';
import { lives } from './lives';
import { World } from './world';

vi.mock('../../bootstrap/ssh', async (original) => ({
  ...(await original<object>()),
  connect: (await import('./wire.js')).connect,
}));

const { MODEL_RUNS, MODEL_PATH, MODEL_REPLAY } = process.env;
const RUNS = Number(MODEL_RUNS ?? 100);

describe('many lives of two environments on two nodes', () => {
  const nodes = useNodes();

  test(`seed ${SEED}`, { timeout: 10 ** 8 }, async () => {
    const path = MODEL_PATH === undefined ? {} : { path: MODEL_PATH };
    let lived = 0;
    const property = fc.asyncProperty(lives(MODEL_REPLAY), async ({ start, commands }) => {
      await runLife(new World(nodes), start, commands);
      lived += 1;
    });
    const report = await fc.check(property, { numRuns: RUNS, seed: SEED, ...path });
    process.stdout.write(`model: ${lived} lives with seed ${SEED}: ${JSON.stringify(counts)}\n`);
    if (report.failed) throw new Error(await fc.asyncDefaultReportMessage(report), { cause: report.errorInstance });
    // A model that has ceased to try anything passes too.
    expect(lived).toBe(RUNS);
    expect(counts['good deploys']).toBeGreaterThan(2 * RUNS);
  });

  test.each(Object.entries(KNOWN))('%s', async (_, life) => {
    for (let moment = 1; moment <= 40; moment += 1) await runLife(new World(nodes), life(moment), []);
  });
});
