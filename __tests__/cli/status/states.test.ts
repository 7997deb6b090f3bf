import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { STATES, type StateName } from '../../../cli/status/row';
import type { SimulatedNode } from '../../../simulator/node';
import type { Entry } from '../../engine/support/entries';
import { secretsOn } from '../../engine/support/pve';
import { aNode } from '../../support/node';
import { atConsole } from '../../support/on-node';
import { anEntry, Desk } from '../support';

const made = new Map<StateName, number>();
const IDENTITY = 'opentofu@pve!opentofu-token';
const [USER, TOKENID] = ['opentofu@pve', 'opentofu-token'];
const DEPLOY = 'proxmox-tokens deploy lab';
const REPAIR = 'proxmox-tokens repair lab nuc';
const DAY = 86_400;

afterAll(() => {
  console.log(
    `status: ${made.size} of ${STATES.length} states made: ${STATES.map((name) => `${name} ${made.get(name) ?? 0}`).join(', ')}`,
  );
  expect([...made.keys()].sort()).toEqual([...STATES].sort());
});

interface Shown {
  readonly exit: number;
  /** `name: command`, of every remark. */
  readonly remarks: string[];
  readonly texts: string[];
  readonly token: { readonly [key: string]: unknown };
  readonly all: { readonly environments: readonly { readonly tokens: readonly Shown['token'][] }[] };
}

/** What `status --json` shows, and that `status` ends alike; counts the states, and looks for secrets. */
async function statusOf(desk: Desk, nodes: readonly SimulatedNode[], ...argv: string[]): Promise<Shown> {
  const json = await desk.run(['status', ...argv, '--json']);
  const text = await desk.run(['status', ...argv]);
  expect(text.exit).toBe(json.exit);
  const secrets = nodes.flatMap((node) => [...secretsOn(node).values()]);
  for (const secret of secrets) expect(JSON.stringify([json, text])).not.toContain(secret);
  const all = JSON.parse(json.stdout);
  const remarks = all.environments.flatMap(({ tokens, remarks }: never) => [
    ...(tokens as { remarks: object[] }[]).flatMap((token) => token.remarks),
    ...(remarks as object[]),
  ]) as { name: StateName; text: string; command?: string }[];
  for (const { name } of remarks) made.set(name, (made.get(name) ?? 0) + 1);
  return {
    exit: json.exit,
    remarks: remarks.map(({ name, command }) => (command === undefined ? name : `${name}: ${command}`)),
    texts: remarks.map((remark) => remark.text),
    token: all.environments[0].tokens[0],
    all,
  };
}

/** An operator with one cluster, deployed. */
async function deployed(over: Partial<Entry> = {}, more = '') {
  const desk = new Desk();
  const node = await aNode();
  desk.write([anEntry(node, over)], more);
  await desk.deploy();
  return { desk, node };
}

test('all is well after a deploy', async () => {
  const { desk, node } = await deployed();
  const { exit, remarks, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([]);
  expect(exit).toBe(0);
  expect(token).toEqual({
    ...{ cluster: 'nuc', node: '127.0.0.1', identity: IDENTITY, retained: false, release: '9' },
    ...{ there: true, accepted: true, missing: [], excess: [], days: null, expires: null },
    ...{ generation: { wanted: '1', found: '1' }, drift: [], remarks: [] },
  });
});

test('before the first deploy everything is due', async () => {
  const desk = new Desk();
  const node = await aNode();
  desk.write([anEntry(node)]);
  const { exit, remarks, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([
    `token-missing: ${DEPLOY}`,
    `node-drift: ${DEPLOY}`,
    `state-drift: ${DEPLOY}`,
    `output-drift: ${DEPLOY}`,
  ]);
  expect(token).toMatchObject({ there: false, accepted: null, drift: ['node', 'state', 'output'] });
  expect(exit).toBe(3);
});

test('a token that was removed on the node is missing', async () => {
  const { desk, node } = await deployed();
  await atConsole(node, 'pveum', 'user', 'token', 'remove', USER, TOKENID);
  const { exit, remarks } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`token-missing: ${REPAIR}`, `node-drift: ${REPAIR}`]);
  expect(exit).toBe(3);
});

test('a token whose user was disabled is refused, and the way out is the refusal’s own', async () => {
  const { desk, node } = await deployed();
  await atConsole(node, 'pveum', 'user', 'modify', USER, '--enable', '0');
  const { exit, remarks, texts, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual(['token-refused']);
  expect(texts[0]).toContain(`The API does not accept token \`${IDENTITY}\`: 401`);
  expect(token.accepted).toBe(false);
  expect(exit).toBe(3);
});

test('a token that somebody gave another secret is refused in the consumers’ files alone', async () => {
  const { desk, node } = await deployed();
  await atConsole(node, 'pveum', 'user', 'token', 'modify', USER, TOKENID, '--regenerate', '1');
  const { exit, remarks, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`state-drift: ${REPAIR}`, `output-drift: ${REPAIR}`]);
  expect(token).toMatchObject({ accepted: true, drift: ['state', 'output'] });
  expect(exit).toBe(3);
});

test('a token that has ended says so once, and one that will end soon is told from --warn days on', async () => {
  const { desk, node } = await deployed();
  const expireIn = (days: number) => {
    const expire = Math.floor(Date.now() / 1000) + days * DAY + DAY / 2;
    return atConsole(node, 'pveum', 'user', 'token', 'modify', USER, TOKENID, '--expire', `${expire}`);
  };
  await expireIn(20);
  const soon = await statusOf(desk, [node]);
  expect(soon.remarks).toEqual([`expires-soon: ${DEPLOY}`, `node-drift: ${REPAIR}`]);
  expect(soon.token.days).toBe(20);
  expect((await statusOf(desk, [node], '--warn', '20d')).remarks).toEqual([`node-drift: ${REPAIR}`]);
  await expireIn(-3);
  const ended = await statusOf(desk, [node]);
  expect(ended.remarks).toEqual([`expired: ${DEPLOY}`, `node-drift: ${REPAIR}`]);
  expect(ended.token).toMatchObject({ days: -3, accepted: false });
});

test('a role that somebody changed shows what the token lacks and has too much', async () => {
  const { desk, node } = await deployed({ bootstrap: ['role = "ci"', 'privileges = ["VM.Audit", "VM.Clone"]'] });
  await atConsole(node, 'pveum', 'role', 'modify', 'ci', '--privs', 'VM.Audit,Sys.Console');
  const { exit, remarks, texts, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`privileges-missing: ${REPAIR}`, 'privileges-excess', `node-drift: ${REPAIR}`]);
  expect(texts[2]).toBe('The node is 1 step from the env file: pveum role modify ci (+1 -1).');
  expect(token).toMatchObject({
    missing: [{ path: '/', privileges: ['VM.Clone'] }],
    excess: [{ path: '/', privileges: ['Sys.Console'] }],
  });
  expect(exit).toBe(3);
});

test('rights from elsewhere are told, and are for others to decide', async () => {
  const { desk, node } = await deployed({ bootstrap: ['role = "ci"', 'privileges = ["VM.Audit"]'] });
  await atConsole(node, 'pveum', 'acl', 'modify', '/', '--users', USER, '--roles', 'PVEVMUser');
  const { exit, remarks } = await statusOf(desk, [node]);
  expect(remarks).toEqual(['privileges-excess']);
  expect(exit).toBe(0);
});

test('rights that an ACL entry of others takes away are missing, and a repair is not offered', async () => {
  const { desk, node } = await deployed({ bootstrap: ['role = "ci"', 'privileges = ["VM.Audit"]'] });
  await atConsole(node, 'pveum', 'acl', 'modify', '/', '--users', USER, '--roles', 'NoAccess');
  const { exit, remarks, texts } = await statusOf(desk, [node]);
  expect(remarks).toEqual(['privileges-missing']);
  expect(texts[0]).toContain('see `pveum acl list`');
  expect(exit).toBe(3);
});

test('a deploy that would be refused is told with its way out', async () => {
  const { desk, node } = await deployed();
  desk.write([anEntry(node, { bootstrap: ['role = "ci"', 'privileges = ["VM.Nonsense"]'] })]);
  const { exit, remarks, texts } = await statusOf(desk, [node]);
  expect(remarks).toEqual(['deploy-refused', `state-drift: ${DEPLOY}`]);
  expect(texts[0]).toContain('The node does not know the privilege VM.Nonsense. Correct `privileges`');
  expect(exit).toBe(3);
});

test('an entry that was changed after the last deploy needs a deploy', async () => {
  const { desk, node } = await deployed();
  desk.write([anEntry(node, { bootstrap: ['role = "opentofu-role"', 'preset = "opentofu"', 'generation = "2"'] })]);
  const { remarks, texts, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`node-drift: ${DEPLOY}`, `state-drift: ${DEPLOY}`]);
  expect(texts[0]).toContain(`pveum user token modify ${USER} ${TOKENID} (new secret)`);
  expect(token.generation).toEqual({ wanted: '2', found: '1' });
});

test('a deploy that was cut off needs another one', async () => {
  const { desk, node } = await deployed();
  const state = JSON.parse(readFileSync(desk.path('terraform.lab.tfstate'), 'utf8'));
  state.resources[1].instances[0].status = 'tainted';
  desk.writeText('terraform.lab.tfstate', JSON.stringify(state));
  const { remarks, texts } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`state-drift: ${DEPLOY}`]);
  expect(texts[0]).toBe('Its last deploy was not completed.');
});

test('a cluster that has left the env file is told as long as the state has it', async () => {
  const { desk, node } = await deployed();
  desk.write([]);
  const { exit, remarks, all } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`removal-due: ${DEPLOY}`]);
  expect(all.environments[0]?.tokens).toEqual([]);
  expect(exit).toBe(3);
});

test('a state in a backend is not looked at, and that is no failure', async () => {
  const { desk, node } = await deployed();
  desk.writeText('cdktf.out/stacks/lab/cdk.tf.json', JSON.stringify({ terraform: { backend: { s3: {} } } }));
  const { exit, remarks, texts } = await statusOf(desk, [node]);
  expect(remarks).toEqual(['state-elsewhere']);
  expect(texts).toEqual(['The state is in backend s3 and was not looked at.']);
  expect(exit).toBe(0);
});

test('a local state at another path is found by the synthesized stack', async () => {
  const { desk, node } = await deployed();
  const backend = { local: { path: '../../../states/lab.json' } };
  desk.writeText('cdktf.out/stacks/lab/cdk.tf.json', JSON.stringify({ terraform: { backend } }));
  expect((await statusOf(desk, [node])).texts).toContain('It was not deployed yet: there is no states/lab.json.');
  desk.writeText('states/lab.json', readFileSync(desk.path('terraform.lab.tfstate'), 'utf8'));
  expect((await statusOf(desk, [node])).remarks).toEqual([]);
});

test('an encrypted state is not looked at, and one that was cut off could not be', async () => {
  const { desk, node } = await deployed();
  const text = readFileSync(desk.path('terraform.lab.tfstate'), 'utf8');
  desk.writeText('terraform.lab.tfstate', JSON.stringify({ encrypted_data: 'x' }));
  expect(await statusOf(desk, [node])).toMatchObject({ exit: 0, remarks: ['state-encrypted'] });
  desk.writeText('terraform.lab.tfstate', text.slice(0, text.length / 2));
  expect(await statusOf(desk, [node])).toMatchObject({ exit: 1, remarks: ['state-unseen'] });
});

test('an output file that is gone, cut, or of another time is told with what writes it', async () => {
  const outputs = [
    'output = [{ file = "a.tfvars.json" }, { file = "b.env", format = "env" }',
    ', { file = "c.tfvars", format = "token", cluster = "nuc", own_stack = true }]\n',
  ].join('');
  const { desk, node } = await deployed({}, outputs);
  expect((await statusOf(desk, [node])).remarks).toEqual([]);
  desk.writeText('a.tfvars.json', '{}');
  desk.writeText('b.env', `export TF_VAR_proxmox_api_token='${IDENTITY}=00000000-0000-0000-0000-000000000000'\n`);
  desk.writeText('c.tfvars', 'proxmox_api_token = "');
  const { exit, remarks, texts } = await statusOf(desk, [node]);
  expect(remarks).toEqual([`output-drift: ${DEPLOY}`, `output-drift: ${DEPLOY}`, `output-drift: ${DEPLOY} lab-tfvars`]);
  expect(texts).toEqual([
    `a.tfvars.json does not hold token ${IDENTITY}.`,
    'b.env holds another secret.',
    `c.tfvars does not hold token ${IDENTITY}.`,
  ]);
  expect(exit).toBe(3);
});

test('one bad cluster hides no other, and its token is still tried with the secret that consumers have', async () => {
  const desk = new Desk();
  const [bad, good] = [await aNode(), await aNode({ release: '8.4' })];
  desk.write([anEntry(bad), anEntry(good, { name: 'two' })]);
  await desk.deploy();
  bad.faults.refuseConnections = true;
  const { exit, remarks, texts, all } = await statusOf(desk, [bad, good]);
  expect(remarks).toEqual(['node-unseen']);
  expect(texts[0]).toContain('Cannot connect to');
  const [first, second] = all.environments[0]?.tokens ?? [];
  expect(first).toMatchObject({ cluster: 'nuc', there: null, accepted: true, release: null });
  expect(second).toMatchObject({ cluster: 'two', there: true, accepted: true, release: '8', remarks: [] });
  expect(exit).toBe(1);
});

test('a secret goes to no endpoint that does not answer as the API does', async () => {
  const { desk, node } = await deployed();
  const seen: string[] = [];
  const read = (name: string) => readFileSync(join(node.root, 'var/tls', name));
  const server = createServer({ cert: read('cert.pem'), key: read('key.pem') }, ({ headers }, response) => {
    seen.push(headers.authorization ?? 'none');
    response.end('{"data":{}}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  while (!server.listening) await delay(1);
  desk.write([anEntry(node, { endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}` })]);
  const { exit, remarks } = await statusOf(desk, [node]);
  expect(remarks).toEqual(['api-unseen', `state-drift: ${DEPLOY}`]);
  expect(new Set(seen)).toEqual(new Set(['none']));
  expect(exit).toBe(1);
});

test('with `verify = false` the endpoint is left alone', async () => {
  const { desk, node } = await deployed({
    bootstrap: ['role = "ci"', 'preset = "opentofu"', 'verify = false'],
    trusted: false,
  });
  const { exit, remarks, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([]);
  expect(token).toMatchObject({ there: true, accepted: null, missing: null });
  expect(exit).toBe(0);
});

test('root@pam has no list of privileges to be held against', async () => {
  const { desk, node } = await deployed({ identity: 'root@pam!terraform', bootstrap: [] });
  const { remarks, token } = await statusOf(desk, [node]);
  expect(remarks).toEqual([]);
  expect(token).toMatchObject({ accepted: true, missing: null, excess: null });
});

test('a built-in role is held against what the node says of it', async () => {
  const { desk, node } = await deployed({ bootstrap: ['preset = "exporter"', 'acl = [{ path = "/vms" }]'] });
  expect(await statusOf(desk, [node])).toMatchObject({ remarks: [], token: { missing: [], excess: [] } });
});

test('older tokens that are kept alive have a line of their own', async () => {
  const { desk, node } = await deployed();
  const lines = ['role = "opentofu-role"', 'preset = "opentofu"', `retain = ["${IDENTITY}"]`];
  desk.write([anEntry(node, { identity: `${USER}!second`, bootstrap: lines })]);
  await desk.deploy();
  const { exit, all } = await statusOf(desk, [node]);
  const [, older] = all.environments[0]?.tokens ?? [];
  expect(older).toMatchObject({
    identity: IDENTITY,
    retained: true,
    there: true,
    generation: { wanted: null, found: '1' },
  });
  expect(exit).toBe(0);
});

test('root is told the release by pveversion; another user runs what sudoers has for a deploy, and nothing else', async () => {
  const desk = new Desk();
  const node = await aNode({ sudo: 'documented' });
  desk.write([anEntry(node)]);
  await desk.deploy();
  const program = '#!/bin/sh\necho pve-manager/9.1.4/5ac30304265fbd8e\n';
  writeFileSync(join(node.root, 'bin', 'pveversion'), program, { mode: 0o755 });
  expect((await statusOf(desk, [node])).token.release).toBe('9.1.4');
  const file = desk.path('env/lab.tfvars');
  writeFileSync(file, readFileSync(file, 'utf8').replace('username  = "root"', 'username  = "admin"'));
  node.resetLog();
  const { exit, token } = await statusOf(desk, [node]);
  expect({ exit, release: token.release, accepted: token.accepted }).toEqual({ exit: 0, release: '9', accepted: true });
  const programs = new Set(node.commands().map((line) => line.split(' ').slice(0, 3).join(' ')));
  expect([...programs].sort()).toEqual(['nodes-end', 'sudo -n cat', 'sudo -n grep', 'sudo -n pveum']);
  expect(node.pveumRuns().filter(({ writes }) => writes)).toEqual([]);
});
