import { existsSync, readFileSync, renameSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { useLab } from '../engine/support/lab';
import { nodeFiles } from '../support/verbs';
import { readBlock } from './support/document';
import { row } from './support/row';
import { TOKEN } from './support/story';

const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];
const RETAIN = ['removal = "retain"'];
const NAMES = ['nuc', 'pve', 'old', 'gone'] as const;
type Name = (typeof NAMES)[number];

/** Each row goes on from where the one before it left the lab. */
describe.sequential('remove, on a real engine', () => {
  const nodes = {} as Record<Name, SimulatedNode>;
  const before = {} as Record<Name, string>;
  const lab = useLab(async (made) => {
    for (const name of NAMES) {
      nodes[name] = await made.startNode(name, { release: name === 'pve' ? '8.4' : '9.1' });
      before[name] = nodeFiles(nodes[name]).user.trim();
    }
    made.write(NAMES.map((name) => entry(name)));
    await made.deploy();
  });

  const entry = (name: Name, lines: readonly string[] = []): Entry => {
    const [identity, rights] = name === 'pve' ? [TOKEN, PRESET] : [`root@pam!${name}`, []];
    return { name, node: nodes[name], identity, bootstrap: [...rights, ...lines] };
  };
  const write = (...entries: readonly Entry[]) => lab().write(entries);
  const file = () => readFileSync(lab().file, 'utf8');
  /** An entry leaves with `removal = "retain"` before. Returns what the last deploy printed. */
  const letGo = async (name: Name, ...others: readonly Entry[]): Promise<string> => {
    write(...others, entry(name, RETAIN));
    await lab().deploy();
    expect(lab().connections()).toBe(0);
    write(...others);
    const output = await lab().deploy();
    expect(lab().connections()).toBe(0);
    expect(file()).toBe(goldenFile(others));
    return output;
  };

  row('retain-then-remove', async () => {
    const held = nodeFiles(nodes.old);
    const output = await letGo('old', entry('nuc'), entry('pve'), entry('gone'));
    expect(nodeFiles(nodes.old)).toEqual(held);
    return output;
  });

  row('node-is-gone', async () => {
    await nodes.gone.close();
    return letGo('gone', entry('nuc'), entry('pve'));
  });

  row('node-is-gone-state-rm', async () => {
    await nodes.nuc.close();
    write(entry('pve'));
    const refused = await lab().refused('deploy');
    const output = await lab().shell(readBlock('state-rm'));
    await lab().deploy();
    expect(lab().connections()).toBe(0);
    expect(file()).toBe(goldenFile([entry('pve')]));
    return refused + output;
  });

  row('env-file-deleted-first', async () => {
    const [envFile, aside] = [lab().path('env/lab.tfvars'), lab().path('lab.aside')];
    const held = nodeFiles(nodes.pve);
    renameSync(envFile, aside);
    const refused = await lab().refused('destroy');
    expect([nodeFiles(nodes.pve), existsSync(lab().file)]).toEqual([held, true]);
    write();
    await lab().deploy();
    expect(nodeFiles(nodes.pve).user.trim()).toBe(before.pve);
    await lab().destroy();
    expect(existsSync(lab().file)).toBe(false);
    renameSync(aside, envFile);
    return refused;
  });

  row('remove-entry', async () => {
    nodes.old = await lab().startNode('old');
    write(entry('pve'), entry('old'));
    await lab().deploy();
    write(entry('old'));
    const output = await lab().deploy();
    expect(nodeFiles(nodes.pve).user.trim()).toBe(before.pve);
    expect(file()).toBe(goldenFile([entry('old')]));
    return output;
  });

  row('destroy', async () => {
    write(entry('pve'), entry('old'));
    await lab().deploy();
    const output = await lab().destroy();
    for (const name of ['pve', 'old'] as const) {
      expect(nodeFiles(nodes[name])).toEqual({ user: expect.stringContaining(before[name]), token: '' });
    }
    expect(existsSync(lab().file)).toBe(false);
    return output;
  });
});
