import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { type Release, type SimulatedNode, startNode } from '../../simulator/node';
import { makeFolder } from './folder';
import { type Life, lives } from './lives';
import { settle } from './settle';
import { tallied } from './tally';
import { World } from './world';

vi.mock('../../bootstrap/ssh', async (original) => ({
  ...(await original<object>()),
  connect: (await import('./wire.js')).connect,
}));

const { MODEL_RUNS, MODEL_SEED, MODEL_PATH, MODEL_REPLAY, MODEL_PARALLEL } = process.env;
const RUNS = Number(MODEL_RUNS ?? 300);
/** Under CI always the same lives: what has landed is not failed by what another seed finds. */
const SEED = Number(MODEL_SEED ?? (process.env.CI ? 20260901 : Date.now() & 0x7fffffff));
const SECONDS = MODEL_RUNS === undefined ? 60 : 10 ** 6;
const RELEASES: readonly Release[] = ['9.1', '8.4'];

describe('many lives of two environments on two nodes', () => {
  const folder = makeFolder('nodes');
  let nodes: SimulatedNode[] = [];
  beforeAll(async () => {
    const lock = { pollMs: 1, noticeMs: 1000, timeoutMs: 2 };
    nodes = await Promise.all(RELEASES.map((release) => startNode({ release, root: join(folder, release), lock })));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function live({ start, commands }: Life): Promise<void> {
    for (const node of nodes) node.resetConfig();
    const world = new World(nodes);
    try {
      for (const people of world.people) await people.settle();
      for (const entry of start) await entry.run(world);
      await fc.asyncModelRun(() => ({ model: world, real: world }), commands);
      await settle(world);
    } finally {
      world.close();
    }
  }

  test(`seed ${SEED}`, { timeout: 10 ** 8 }, async () => {
    const path = MODEL_PATH === undefined ? {} : { path: MODEL_PATH };
    const limit = { interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false };
    const property = fc.asyncProperty(
      lives({ replayPath: MODEL_REPLAY, parallel: MODEL_PARALLEL !== undefined }),
      live,
    );
    const report = await fc.check(property, { numRuns: RUNS, seed: SEED, ...path, ...limit });
    process.stdout.write(`model: ${report.numRuns} lives with seed ${SEED}: ${tallied()}\n`);
    if (report.failed) throw new Error(await fc.asyncDefaultReportMessage(report), { cause: report.errorInstance });
  });
});
