import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from '../engine/support/entries';
import { started } from '../engine/support/output';
import { flat } from './support/document';
import { useLab } from './support/lab';
import { row } from './support/row';
import { TOKEN, works } from './support/story';

const ROOT = 'root@pam!terraform2';
const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];

/** Each row goes on from where the one before it left the lab. */
describe.sequential('make and recover, on a real engine', () => {
  let nuc: SimulatedNode;
  let host3: SimulatedNode;
  const lab = useLab(async (made) => {
    nuc = await made.startNode('nuc', { release: '9.1' });
    host3 = await made.startNode('host3', { release: '8.4' });
  });

  const entries = (nucLines: readonly string[] = [], host3Line: Partial<Entry> = {}): Entry[] => [
    { name: 'nuc', node: nuc, identity: TOKEN, bootstrap: [...PRESET, ...nucLines] },
    { name: 'host3', node: host3, identity: ROOT, ...host3Line },
  ];
  const file = () => readFileSync(lab().file, 'utf8');
  const expectGolden = (of: readonly Entry[]) => expect(file()).toBe(goldenFile(of, lab().secrets()));

  row('first-deploy', async () => {
    lab().write(entries());
    const output = await lab().deploy();
    expectGolden(entries());
    expect(statSync(lab().file).mode & 0o777).toBe(0o600);
    const secret = lab().secrets().get(TOKEN) ?? '';
    expect(await works(nuc, secret, TOKEN, ['VM.Allocate'])).toBe(true);
    return output;
  });

  row('deploy-again', async () => {
    const before = statSync(lab().file);
    const output = await lab().deploy();
    expect([started(output), lab().connections()]).toEqual([[], 0]);
    expect(statSync(lab().file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    return output;
  });

  row('output-deleted', async () => {
    const before = file();
    rmSync(lab().file);
    const output = await lab().deploy();
    expect([file(), started(output), lab().connections()]).toEqual([before, [], 0]);
    return output;
  });

  row('state-lost', async () => {
    const [before, secrets] = [file(), lab().secrets()];
    for (const end of ['', '.backup']) rmSync(lab().path(`terraform.lab.tfstate${end}`));
    const output = await lab().deploy();
    expect([file(), lab().secrets()]).toEqual([before, secrets]);
    return output;
  });

  row('hand-off-lost', async () => {
    lab().write(entries(['generation = "2"']));
    // Cut off after the node was asked, before the state has the secret.
    await lab().deploy({ environment: { TF_CLI_ARGS_apply: '-target=null_resource.nuc_token' } });
    const secrets = lab().secrets();
    expect(existsSync(lab().path('.handoff/lab'))).toBe(true);
    rmSync(lab().path('.handoff'), { recursive: true });
    const refused = await lab().refused('deploy');
    const [command] = flat(refused).match(/TF_CLI_ARGS_apply=.+? cdktf deploy \w+/) ?? [];
    if (command === undefined) throw new Error(`no command in:\n${refused}`);
    const output = await lab().shell(command);
    expect(lab().secrets()).toEqual(secrets);
    expectGolden(entries());
    return refused + output;
  });

  row('cluster-fails', async () => {
    const lines = ['generation = "3"'];
    lab().write(entries(lines, { bootstrap: ['generation = "2"'], hostKey: nuc.ssh.hostKey }));
    const refused = await lab().refused('deploy');
    expect(existsSync(lab().file)).toBe(false);
    lab().write(entries(lines, { bootstrap: ['generation = "2"'] }));
    const output = await lab().deploy();
    expect(started(output)).toEqual(['null_resource.host3_token', 'null_resource.sweep']);
    expectGolden(entries());
    return refused;
  });

  row('node-moved', async () => {
    const secrets = lab().secrets();
    await nuc.close();
    for (const part of ['host_key', 'host_key.pub']) rmSync(join(nuc.root, 'var/ssh', part), { force: true });
    const { port, hostKey } = nuc.ssh;
    nuc = await lab().startNode('nuc', { release: '9.1' });
    expect([nuc.ssh.port === port, nuc.ssh.hostKey === hostKey]).toEqual([false, false]);
    lab().write(entries(['generation = "3"'], { bootstrap: ['generation = "2"'] }));
    const moved = await lab().deploy();
    expect([started(moved), lab().connections(), lab().secrets()]).toEqual([[], 0, secrets]);
    const left = entries([], { bootstrap: ['generation = "2"'] }).slice(1);
    lab().write(left);
    const removed = await lab().deploy();
    expect([...lab().secrets().keys()]).toEqual([ROOT]);
    expectGolden(left);
    return moved + removed;
  });

  row('empty-environment', async () => {
    lab().write([]);
    const output = await lab().deploy();
    expect(lab().secrets()).toEqual(new Map());
    expect(file()).toMatch(/^proxmox = \{\s*\}$/m);
    return output;
  });
});
