import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { started } from '../engine/support/output';
import { hold } from './support/hold';
import { useLab } from './support/lab';
import { row } from './support/row';
import { TOKEN } from './support/story';

const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];

describe.sequential('a deploy that is interrupted, or not alone', () => {
  let nuc: SimulatedNode;
  const lab = useLab(async (made) => {
    nuc = await made.startNode('nuc');
  });
  const entries = (...lines: readonly string[]): Entry[] => [
    { name: 'nuc', node: nuc, identity: TOKEN, bootstrap: [...PRESET, ...lines] },
  ];
  const file = () => readFileSync(lab().file, 'utf8');

  row('interrupted', async () => {
    lab().write(entries());
    const controller = new AbortController();
    const command = hold(nuc, 'user token add');
    const run = lab().run('deploy', { signal: controller.signal });
    await command.reached;
    controller.abort();
    const { exit, output } = await run;
    expect(exit).not.toBe(0);
    nuc.faults.onCommand = () => undefined;
    const next = await lab().deploy();
    command.release();
    expect(file()).toBe(goldenFile(entries(), lab().secrets()));
    return output + next;
  });

  row('two-operators', async () => {
    lab().write(entries('generation = "2"'));
    const command = hold(nuc, 'regenerate');
    const first = lab().run('deploy');
    await command.reached;
    const refused = await lab().refused('deploy');
    command.release();
    expect((await first).exit).toBe(0);
    const again = await lab().deploy();
    expect([started(again), lab().connections()]).toEqual([[], 0]);
    expect(file()).toBe(goldenFile(entries(), lab().secrets()));
    return refused;
  });
});
