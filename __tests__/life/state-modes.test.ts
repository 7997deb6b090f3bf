import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import type { Entry } from '../engine/support/entries';
import { useLab } from './support/lab';
import { TOKEN } from './support/story';

const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];
const NARROWER = ['role = "opentofu-role"', 'privileges = ["VM.Audit"]'];
const OWN_STACK = 'output = { own_stack = true }\n';
const STACKS = ['lab', 'lab-tfvars'];
const FILES = ['terraform.lab.tfstate', 'terraform.lab.tfstate.backup'];
const BOTH = [...FILES, 'terraform.lab-tfvars.tfstate', 'terraform.lab-tfvars.tfstate.backup'].sort();

/** One life in order, first without and then with a stack of its own for the file. */
describe.sequential('local state is for its owner alone', () => {
  let nuc: SimulatedNode;
  let host3: SimulatedNode;
  const lab = useLab(async (made) => {
    nuc = await made.startNode('nuc');
    host3 = await made.startNode('host3', { release: '8.4' });
  });
  const nucEntry = (lines: readonly string[]): Entry => ({ name: 'nuc', node: nuc, identity: TOKEN, bootstrap: lines });
  const host3Entry = (): Entry => ({ name: 'host3', node: host3, identity: 'root@pam!terraform2' });

  const stateFiles = () =>
    readdirSync(lab().project.folder)
      .filter((name) => name.includes('tfstate'))
      .sort();
  const expectClosed = (files: readonly string[]) => {
    expect(stateFiles()).toEqual(files);
    const modes = files.map((name) => (statSync(lab().path(name)).mode & 0o777).toString(8));
    expect(modes).toEqual(files.map(() => '600'));
  };

  test('after the first deploy, its backup too', async () => {
    lab().write([nucEntry(PRESET), host3Entry()]);
    await lab().deploy();
    expectClosed(FILES);
    for (const secret of lab().secrets().values())
      expect(readFileSync(lab().path('terraform.lab.tfstate'), 'utf8')).toContain(secret);
  }, 120_000);

  test('after the file got a stack of its own and nothing else changed', async () => {
    lab().write([nucEntry(PRESET), host3Entry()], OWN_STACK);
    await lab().deploy({ stacks: STACKS });
    expect(lab().connections()).toBe(0);
    expectClosed(BOTH);
  }, 120_000);

  test('after a change of the role', async () => {
    lab().write([nucEntry(NARROWER), host3Entry()], OWN_STACK);
    await lab().deploy({ stacks: STACKS });
    expectClosed(BOTH);
  }, 120_000);

  test('after an entry was removed', async () => {
    lab().write([nucEntry(NARROWER)], OWN_STACK);
    await lab().deploy({ stacks: STACKS });
    expectClosed(BOTH);
  }, 120_000);

  test('after a destroy', async () => {
    await lab().destroy({ stacks: STACKS });
    expectClosed(BOTH);
  }, 120_000);
});
