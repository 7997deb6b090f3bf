import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { describe, expect, test } from 'vitest';
import { verifyToken } from '../../bootstrap/verify';
import type { SimulatedNode } from '../../simulator/node';
import { type Entry, goldenFile } from './support/entries';
import { readable, started } from './support/output';
import { configOn, readPve, secretsOn } from './support/pve';
import { useWorld } from './support/world';

const ROOT = 'root@pam!terraform2';
const TOFU = 'opentofu@pve!opentofu-token';
const PRESET = ['role = "opentofu-role"', 'preset = "opentofu"'];
const PRIVILEGES = ['role = "opentofu-role"', 'privileges = ["VM.Audit", "Datastore.Audit", "VM.PowerMgmt"]'];

/** One life in order: every test goes on from where the one before it left the nodes. */
describe.sequential('the life of two clusters on a real engine', () => {
  let host3: SimulatedNode;
  let nuc: SimulatedNode;
  let before: string[];
  const world = useWorld('life', {
    setUp: async (made) => {
      host3 = await made.startNode('host3', { release: '8.4' });
      nuc = await made.startNode('nuc', { release: '9.1' });
      before = [host3, nuc].map(configOn);
    },
  });

  const host3Entry = (bootstrap: readonly string[] = []): Entry => ({
    name: 'host3',
    node: host3,
    identity: ROOT,
    bootstrap,
  });
  const nucEntry = (bootstrap: readonly string[]): Entry => ({ name: 'nuc', node: nuc, identity: TOFU, bootstrap });
  const secrets = () => new Map([...secretsOn(host3), ...secretsOn(nuc)]);
  const file = () => readFileSync(world().file, 'utf8');
  const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8);

  test('a deploy makes a token on each node and writes the file, byte by byte', async () => {
    const entries = [host3Entry(), nucEntry(PRESET)];
    world().write(entries);
    await world().deploy();
    expect([...secrets().keys()]).toEqual([ROOT, TOFU]);
    expect(file()).toBe(goldenFile(entries));
  });

  test('file, folder and state are for their owner alone', () => {
    const holders = [world().file, dirname(world().file), world().path('terraform.life.tfstate')];
    expect(holders.map(mode)).toEqual(['600', '700', '600']);
  });

  test('HCL reads the file back as the entries with their tokens', async () => {
    const { proxmox } = (await parse('terraform.tfvars', file())) as { proxmox: { [name: string]: object }[] };
    expect(proxmox).toMatchObject({
      host3: { name: 'host3', endpoint: host3.api.url, insecure: false, api_token: `${ROOT}=${secrets().get(ROOT)}` },
      nuc: { name: 'nuc', endpoint: nuc.api.url, insecure: false, api_token: `${TOFU}=${secrets().get(TOFU)}` },
    });
  });

  test('each token is accepted by the API of its node, with the rights of its entry', async () => {
    const wanted = { paths: ['/'], privileges: ['VM.Allocate', 'VM.Config.Disk', 'Datastore.AllocateSpace'] };
    for (const [node, identity] of [[host3, ROOT] as const, [nuc, TOFU] as const]) {
      const secret = file().match(new RegExp(`${identity}=([0-9a-f-]{36})"`))?.[1] ?? '';
      const ca = readFileSync(node.api.caFile, 'utf8');
      await verifyToken({ endpoint: node.api.url, insecure: false }, ca, secret, { identity, ...wanted });
    }
  });

  test('no hand-off is left once the state holds the secrets', () => {
    expect(existsSync(world().path('.handoff', 'life'))).toBe(false);
  });

  test('a deploy without a change opens no connection', async () => {
    const written = statSync(world().file);
    const output = await world().deploy();
    expect(started(output)).toEqual([]);
    expect(readable(output)).toContain('No changes.');
    expect([host3.connections(), nuc.connections()]).toEqual([0, 0]);
    expect(statSync(world().file)).toMatchObject({ ino: written.ino, mtimeMs: written.mtimeMs });
  });

  test("changed privileges reach the role by that cluster's `access` alone", async () => {
    const [had, written] = [secrets(), file()];
    world().write([host3Entry(), nucEntry(PRIVILEGES)]);
    const output = await world().deploy();
    expect(started(output)).toEqual(['null_resource.nuc_access']);
    expect(readPve(nuc.root, 'user.cfg')).toMatch(/^role:opentofu-role:Datastore\.Audit,VM\.Audit,VM\.PowerMgmt:$/m);
    expect([host3.connections(), secrets(), file()]).toEqual([0, had, written]);
  });

  test('a changed generation gives that cluster alone a new secret', async () => {
    const had = secrets();
    const entries = [host3Entry(['generation = "2"']), nucEntry(PRIVILEGES)];
    world().write(entries);
    const output = await world().deploy();
    expect(started(output)).toEqual(['null_resource.host3_token', 'null_resource.sweep']);
    expect(secrets().get(ROOT)).not.toBe(had.get(ROOT));
    expect([nuc.connections(), secrets().get(TOFU)]).toEqual([0, had.get(TOFU)]);
    expect(file()).toBe(goldenFile(entries));
  });

  test('a removed entry takes its token, user, role and ACL entry away, and nothing else', async () => {
    const had = secrets();
    const entries = [host3Entry(['generation = "2"'])];
    world().write(entries);
    const output = await world().deploy();
    expect(started(output)).toEqual(['null_resource.sweep', 'terraform_data.revocation["nuc"]']);
    expect(configOn(nuc)).toBe(before[1]);
    expect([host3.connections(), secrets()]).toEqual([0, new Map([[ROOT, had.get(ROOT)]])]);
    expect(file()).toBe(goldenFile(entries));
  });

  test('a deleted file comes again from the state, with no connection', async () => {
    const written = file();
    rmSync(world().file);
    const output = await world().deploy();
    expect([started(output), host3.connections()]).toEqual([[], 0]);
    expect([file(), mode(world().file)]).toEqual([written, '600']);
  });

  test('the state is still for its owner alone, and so is its backup', () => {
    const states = ['terraform.life.tfstate', 'terraform.life.tfstate.backup'];
    expect(states.map((name) => mode(world().path(name)))).toEqual(['600', '600']);
  });

  test('a destroy leaves both nodes as they were before, and no file', async () => {
    await world().destroy();
    expect([host3, nuc].map(configOn)).toEqual(before);
    expect(existsSync(world().file)).toBe(false);
  });
});
