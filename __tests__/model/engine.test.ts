import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { useEngine } from '../engines/support';
import { bundleProgram } from '../support/program';
import type { Command } from './edits';
import { applyStack } from './engine';
import { BESIDE_FAILURES } from './known';
import { runLife, SEED, useNodes } from './life';
import { quietLives } from './lives';
import { Loopback, realEngine } from './real';
import { Watcher } from './seen';
import { World } from './world';

vi.mock('../../bootstrap/ssh', async (original) => ({
  ...(await original<object>()),
  connect: (await import('./wire.js')).connect,
}));

const RUNS = Number(process.env.MODEL_ENGINE_RUNS ?? 3);

/** Lives on the double and on the real engine, on two nodes each: the same verbs, blocks and records after every apply. */
describe('the double of the engine does what the real one does', { timeout: 10 ** 8 }, () => {
  const engine = useEngine();
  const [nodes, others] = [useNodes(), useNodes()];
  let program = '';
  beforeAll(() => {
    program = bundleProgram(others[0]?.root ?? '');
  });

  async function compare(start: readonly Command[], commands: Iterable<Command>): Promise<number> {
    const [told, seen] = [new Watcher(nodes), new Watcher(others)];
    await runLife(new World(nodes, undefined, told.over(applyStack)), start, commands);
    await runLife(new World(others, new Loopback(others), seen.over(realEngine(engine(), program))), start, commands);
    expect(seen.seen, [...commands].join()).toEqual(told.seen);
    return seen.seen.length;
  }

  test('beside the failures of other clusters', async () => {
    expect(await compare(BESIDE_FAILURES, [])).toBeGreaterThan(4);
  });

  test(`in lives with seed ${SEED}`, async () => {
    let applies = 0;
    for (const { start, commands } of fc.sample(quietLives(), { numRuns: RUNS, seed: SEED })) {
      applies += await compare(start, commands);
    }
    process.stdout.write(`model: ${RUNS} lives on the real engine with seed ${SEED}, ${applies} applies\n`);
    expect(applies).toBeGreaterThan(RUNS * 4);
  });
});
