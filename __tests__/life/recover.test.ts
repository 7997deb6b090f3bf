import { copyFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { SimulatedNode } from '../../simulator/node';
import { accepts } from '../bootstrap/support';
import { type Entry, goldenFile } from '../engine/support/entries';
import { useLab } from '../engine/support/lab';
import { readable, started } from '../engine/support/output';
import { nodeFiles } from '../support/verbs';
import { readBlock } from './support/document';
import { row } from './support/row';
import { TOKEN } from './support/story';

const ROOT = 'root@pam!terraform2';
const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];
const NARROWER = ['role = "opentofu-role"', 'privileges = ["VM.Audit", "VM.Allocate"]'];
const STATE = 'terraform.lab.tfstate';

/** Each row goes on from where the one before it left the lab. */
describe.sequential('make, change and recover, on a real engine', () => {
  let nuc: SimulatedNode;
  let host3: SimulatedNode;
  const lab = useLab(async (made) => {
    nuc = await made.startNode('nuc', { release: '9.1' });
    host3 = await made.startNode('host3', { release: '8.4' });
  });

  const entries = (lines: readonly string[] = PRESET, host3Line: Partial<Entry> = {}): Entry[] => [
    { name: 'nuc', node: nuc, identity: TOKEN, bootstrap: lines },
    { name: 'host3', node: host3, identity: ROOT, ...host3Line },
  ];
  const file = () => readFileSync(lab().file, 'utf8');
  const works = (...privileges: string[]) => accepts(nuc, TOKEN, lab().secrets().get(TOKEN) ?? '', '/', privileges);
  const mode = (path: string) => (statSync(lab().path(path)).mode & 0o777).toString(8);

  row('first-deploy', async () => {
    lab().write(entries());
    const output = await lab().deploy();
    expect(file()).toBe(goldenFile(entries()));
    expect(['env/lab/terraform.tfvars', 'env/lab', STATE, 'cdktf.out'].map(mode)).toEqual(['600', '700', '600', '700']);
    expect([await works('VM.Allocate'), existsSync(lab().path('.handoff/lab'))]).toEqual([true, false]);
    return output;
  });

  row('deploy-again', async () => {
    const before = statSync(lab().file);
    const output = await lab().deploy();
    expect([started(output), lab().connections()]).toEqual([[], 0]);
    expect(statSync(lab().file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    return output;
  });

  row('change-privileges', async () => {
    const before = [lab().secrets(), file()];
    lab().write(entries(NARROWER));
    const output = await lab().deploy();
    const blocks = ['null_resource.nuc_access', 'null_resource.nuc_access_done'];
    expect([started(output), nuc.connections(), host3.connections()]).toEqual([blocks, 1, 0]);
    expect([lab().secrets(), file()]).toEqual(before);
    expect([await works('VM.Audit', 'VM.Allocate'), await works('VM.Clone')]).toEqual([true, false]);
    return output;
  });

  row('remove-role', async () => {
    const before = [lab().secrets(), file()];
    lab().write(entries(['generatoin = "2"']));
    const output = await lab().refused('deploy');
    expect([lab().connections(), lab().secrets(), file()]).toEqual([0, ...before]);
    expect(readable(output)).toMatch(/env\/lab\.tfvars:\d+: proxmox\.nuc\.bootstrap\.generatoin: is not a known key/);
    lab().write(entries());
    await lab().deploy();
    return output;
  });

  row('change-endpoint', async () => {
    const secrets = lab().secrets();
    lab().write(entries(PRESET, { endpoint: 'https://localhost:1' }));
    const refused = await lab().refused('deploy');
    expect([host3.connections(), lab().secrets()]).toEqual([0, secrets]);
    const moved = { endpoint: host3.api.url.replace('127.0.0.1', 'localhost') };
    lab().write(entries(PRESET, moved));
    const output = await lab().deploy();
    expect([started(output), lab().secrets()]).toEqual([['null_resource.host3_token', 'null_resource.sweep'], secrets]);
    expect(file()).toBe(goldenFile(entries(PRESET, moved)));
    lab().write(entries());
    await lab().deploy();
    return refused + output;
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
    for (const end of ['', '.backup']) rmSync(lab().path(STATE + end));
    const output = await lab().deploy();
    expect([file(), lab().secrets()]).toEqual([before, secrets]);
    return output;
  });

  row('state-cut', async () => {
    // As Terraform leaves them on a full disk (seen).
    const errored = lab().path('cdktf.out/stacks/lab/errored.tfstate');
    copyFileSync(lab().path(STATE), errored);
    truncateSync(lab().path(STATE), 2000);
    const [before, refused] = [file(), await lab().refused('deploy')];
    await lab().shell(readBlock('state-cut'));
    const output = await lab().deploy();
    expect([lab().connections(), file(), mode(STATE)]).toEqual([0, before, '600']);
    return refused + output;
  });

  row('hand-off-lost', async () => {
    lab().write(entries([...PRESET, 'generation = "2"']));
    // Cut off after the node was asked, before the state has the secret.
    await lab().deploy({ environment: { TF_CLI_ARGS_apply: '-target=null_resource.nuc_token' } });
    const secrets = lab().secrets();
    expect(existsSync(lab().path('.handoff/lab'))).toBe(true);
    rmSync(lab().path('.handoff'), { recursive: true });
    const refused = await lab().refused('deploy');
    const [command] = readable(refused).match(/TF_CLI_ARGS_apply=.+? cdktf deploy \w+/) ?? [];
    if (command === undefined) throw new Error(`no command in:\n${refused}`);
    const output = await lab().shell(command);
    expect(lab().secrets()).toEqual(secrets);
    expect(file()).toBe(goldenFile(entries()));
    return refused + output;
  });

  row('cluster-fails', async () => {
    const lines = [...PRESET, 'generation = "3"'];
    const next = { bootstrap: ['generation = "2"'] };
    lab().write(entries(lines, { ...next, hostKey: nuc.ssh.hostKey }));
    const refused = await lab().refused('deploy');
    expect(existsSync(lab().file)).toBe(false);
    lab().write(entries(lines, next));
    const output = await lab().deploy();
    expect(started(output)).toEqual(['null_resource.host3_token', 'null_resource.sweep']);
    expect(file()).toBe(goldenFile(entries()));
    return refused;
  });

  row('node-moved', async () => {
    const [secrets, lines] = [lab().secrets(), [...PRESET, 'generation = "3"']];
    const { ssh, api } = nuc;
    await nuc.close();
    for (const part of ['host_key', 'host_key.pub']) rmSync(join(nuc.root, 'var/ssh', part), { force: true });
    nuc = await lab().startNode('nuc', { release: '9.1', apiPort: api.port });
    expect([nuc.ssh.port === ssh.port, nuc.ssh.hostKey === ssh.hostKey]).toEqual([false, false]);
    const [, rest] = entries(lines, { bootstrap: ['generation = "2"'] });
    lab().write(entries(lines, { bootstrap: ['generation = "2"'] }));
    const moved = await lab().deploy();
    expect([started(moved), lab().connections(), lab().secrets()]).toEqual([[], 0, secrets]);
    lab().write(rest === undefined ? [] : [rest]);
    const removed = await lab().deploy();
    expect([nodeFiles(nuc).token, [...lab().secrets().keys()]]).toEqual(['', [ROOT]]);
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
