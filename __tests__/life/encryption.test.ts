import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { useLab } from '../engine/support/lab';
import { readBlock, stands } from './support/document';
import { useOpenTofu } from './support/opentofu';

const STACKS = ['lab', 'lab-tfvars'];
const OWN_STACK = 'output = { own_stack = true }\n';
const SETTINGS = readBlock('encryption').replace('PASSPHRASE', 'correct horse battery staple');
/** As the document says: another method, and a fallback in the place of `enforced`. */
const MOVING = SETTINGS.replace('"method": {', '"method": { "unencrypted": { "u": {} },').replaceAll(
  '"enforced": true',
  '"fallback": { "method": "method.unencrypted.u" }',
);

describe.sequential("with OpenTofu's encryption as the document has it", () => {
  let host3: SimulatedNode;
  const lab = useLab(
    async (made) => {
      host3 = await made.startNode('host3');
    },
    { engine: useOpenTofu() },
  );
  const entries = (...bootstrap: readonly string[]): Entry[] => [
    { name: 'host3', node: host3, identity: 'root@pam!terraform2', bootstrap },
  ];
  const run = { stacks: STACKS, environment: { TF_ENCRYPTION: SETTINGS } };

  /** Files of the project, but for the node's own and the programs, that hold this text. */
  const holding = (text: string): string[] => {
    const { folder } = lab().project;
    const all = readdirSync(folder, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/^(nodes|node_modules)\//.test(relative(folder, path)))
      .filter((path) => readFileSync(path, 'latin1').includes(text))
      .map((path) => relative(folder, path));
  };
  const theSecret = () => [...lab().secrets().values()].join();

  test('a state that is there in clear is refused, and moves with one deploy', async () => {
    lab().write(entries(), OWN_STACK);
    await lab().deploy({ stacks: STACKS });
    const secret = theSecret();
    expect(holding(secret)).toContain('terraform.lab.tfstate');
    const refused = await lab().refused('deploy', run);
    expect(stands('unencrypted', refused), refused).toBe(true);
    await lab().deploy({ stacks: STACKS, environment: { TF_ENCRYPTION: MOVING } });
    expect(holding(secret)).toEqual(['env/lab/terraform.tfvars']);
    await lab().deploy(run);
    expect([theSecret(), lab().connections()]).toEqual([secret, 0]);
  }, 300_000);

  test('no file of the project but the output holds a secret, the old one after a rotation neither', async () => {
    lab().write(entries(), OWN_STACK);
    await lab().deploy(run);
    const first = theSecret();
    expect(holding(first)).toEqual(['env/lab/terraform.tfvars']);
    lab().write(entries('generation = "2"'), OWN_STACK);
    await lab().deploy(run);
    expect([holding(first), holding(theSecret())]).toEqual([[], ['env/lab/terraform.tfvars']]);
    expect(readFileSync(lab().file, 'utf8')).toBe(goldenFile(entries()));
  }, 300_000);

  test('a deploy without the settings is refused, and changes nothing', async () => {
    const before = readFileSync(lab().path('terraform.lab.tfstate'), 'utf8');
    const refused = await lab().refused('deploy', { stacks: STACKS });
    expect(stands('state file is encrypted', refused)).toBe(true);
    expect([readFileSync(lab().path('terraform.lab.tfstate'), 'utf8'), existsSync(lab().file)]).toEqual([before, true]);
    expect(lab().connections()).toBe(0);
  }, 300_000);
});
