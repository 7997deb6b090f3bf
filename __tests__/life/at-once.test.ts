import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { useLab } from '../engine/support/lab';
import { started } from '../engine/support/output';
import { configOn } from '../engine/support/pve';
import { hold } from './support/hold';
import { row } from './support/row';
import { TOKEN } from './support/story';

const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];

describe.sequential('a deploy that is not alone', () => {
  let nuc: SimulatedNode;
  let before: string;
  const lab = useLab(async (made) => {
    nuc = await made.startNode('nuc');
    before = configOn(nuc);
  });
  const nucEntry = (...lines: readonly string[]): Entry => ({
    name: 'nuc',
    node: nuc,
    identity: TOKEN,
    bootstrap: [...PRESET, ...lines],
  });
  const ciEntry = (): Entry => ({ name: 'ci', node: nuc, identity: 'opentofu@pve!ci', bootstrap: PRESET });
  const file = () => readFileSync(lab().file, 'utf8');

  row('two-at-once', async () => {
    lab().write([nucEntry(), ciEntry()]);
    const first = hold(nuc, 'user add');
    const run = lab().deploy();
    await first.reached;
    while (nuc.commands().filter((line) => line === 'nodes-end').length < 2) await pause(50);
    first.release();
    const output = await run;
    expect(file()).toBe(goldenFile([nucEntry(), ciEntry()]));
    lab().write([]);
    await lab().deploy();
    expect(configOn(nuc)).toBe(before);
    return output;
  });

  row('two-operators', async () => {
    lab().write([nucEntry()]);
    await lab().deploy();
    lab().write([nucEntry('generation = "2"')]);
    const command = hold(nuc, 'regenerate');
    const first = lab().run('deploy');
    await command.reached;
    const refused = await lab().refused('deploy');
    command.release();
    expect((await first).exit).toBe(0);
    const again = await lab().deploy();
    expect([started(again), lab().connections()]).toEqual([[], 0]);
    expect(file()).toBe(goldenFile([nucEntry()]));
    return refused;
  });
});
