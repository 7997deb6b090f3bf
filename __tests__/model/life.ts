import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll } from 'vitest';
import { type Release, type SimulatedNode, startNode } from '../../simulator/node';
import type { Command } from './edits';
import { makeFolder } from './machine';
import { settle } from './settle';
import type { World } from './world';

/** Under CI always the same lives: what has landed is not failed by what another seed finds. */
export const SEED = Number(process.env.MODEL_SEED ?? (process.env.CI ? 20260901 : Date.now() & 0x7fffffff));

const RELEASES: readonly Release[] = ['9.1', '8.4'];

/** Two nodes for the tests of one file. */
export function useNodes(): readonly SimulatedNode[] {
  const folder = makeFolder('nodes');
  const nodes: SimulatedNode[] = [];
  beforeAll(async () => {
    // A held lock is given up at once.
    const lock = { pollMs: 1, noticeMs: 1000, timeoutMs: 2 };
    for (const release of RELEASES) nodes.push(await startNode({ release, root: join(folder, release), lock }));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    rmSync(folder, { recursive: true, force: true });
  });
  return nodes;
}

/** From fresh nodes to nodes on which nothing of ours is left. */
export async function runLife(world: World, start: readonly Command[], commands: Iterable<Command>): Promise<void> {
  for (const node of world.nodes) node.resetConfig();
  try {
    for (const people of world.people) await people.settle();
    for (const command of start) await command.run(world, world);
    await fc.asyncModelRun(() => ({ model: world, real: world }), commands);
    await settle(world);
  } finally {
    world.close();
  }
}
