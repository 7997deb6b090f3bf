import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ALL_CHECKS } from '../../../cli/doctor/checks';
import type { NodeOptions, SimulatedNode } from '../../../simulator/node';
import type { Entry } from '../../engine/support/entries';
import { aNode } from '../../support/node';
import { atConsole, handMadeToken } from '../../support/on-node';
import { anEntry } from '../support';
import { aProxy, aRootWithCertificate, Clinic } from './clinic';

const IDENTITY = 'opentofu@pve!opentofu-token';
const ROLE = ['role = "opentofu-role"', 'preset = "opentofu"'];
/** Every check that needs the connection, in the order of the table. */
const BEHIND = [
  ...['ssh-key', 'host-name', 'port', 'host-key', 'login', 'shell', 'lock', 'sudo', 'pveum', 'release', 'quorum'],
  ...['privileges', 'paths', 'token', 'role', 'others'],
];
const behind = (name: string) => BEHIND.slice(BEHIND.indexOf(name) + 1);

afterAll(() => {
  const { made } = Clinic;
  const count = [...made.values()].reduce((sum, texts) => sum + texts.size, 0);
  const rows = ALL_CHECKS.map(({ name }) => `${name} ${made.get(name)?.size ?? 0}`);
  console.log(`doctor: ${count} findings made, of ${made.size} of ${ALL_CHECKS.length} checks: ${rows.join(', ')}`);
  expect([...made.keys()].sort()).toEqual(ALL_CHECKS.map(({ name }) => name).sort());
});

async function aClinic(over: Partial<Entry> = {}, options: Partial<NodeOptions> = {}) {
  const desk = await new Clinic().open();
  const node = await aNode(options);
  standAlone(node);
  desk.write([anEntry(node, over)]);
  return { desk, node };
}

/** What the cluster file system says of a node without a cluster. */
function standAlone({ root }: SimulatedNode, cluster?: object): void {
  writeFileSync(join(root, 'etc/pve/.members'), JSON.stringify({ nodename: 'pve', version: 1, cluster }));
}

test('where all is well nothing is found, before the first deploy and after it', async () => {
  const { desk } = await aClinic();
  expect(await desk.look()).toEqual({ exit: 0, findings: [], unseen: [], told: [] });
  await desk.deploy();
  expect(await desk.look()).toEqual({ exit: 0, findings: [], unseen: [], told: [] });
});

test('node: there is none on PATH, it is too old, or no Node.js', async () => {
  const desk = await new Clinic().open();
  const only = ['--check', 'node'];
  desk.program('node', 'echo v18.20.0');
  expect((await desk.look(only)).findings[0]?.what).toBe(`/project/bin/node is too old, or no Node.js, got: v18.20.0`);
  desk.program('node', 'exit 1');
  expect(await desk.look(only)).toMatchObject({ exit: 3, told: ['error node'] });
  rmSync(desk.path('bin/node'));
  expect((await desk.look(only)).findings[0]?.what).toBe('There is no `node` on PATH.');
});

test('project: without cdktf.json, without `cdktf`', async () => {
  const desk = await new Clinic().open();
  rmSync(desk.path('cdktf.json'));
  rmSync(desk.path('bin/cdktf'));
  const { exit, findings } = await desk.look(['--check', 'project']);
  expect(findings.map(({ what, command }) => [what, command])).toEqual([
    ['There is no cdktf.json here.', null],
    ['There is no `cdktf`, neither in node_modules nor on PATH.', 'npm ci'],
  ]);
  expect(exit).toBe(3);
});

test('engine: none, not the named one, not one at all, too old; and OpenTofu alone, which cdktf would not find', async () => {
  const desk = await new Clinic().open();
  const only = ['--check', 'engine', '--check', 'providers'];
  const what = async () => {
    const { told, findings, unseen } = await desk.look(only);
    return [...told, findings[0]?.what, ...unseen.map(({ checks, because }) => `${checks} because ${because}`)];
  };
  desk.program('terraform', 'echo Terraform v1.4.6');
  const behindEngine = 'providers because of engine';
  expect(await what()).toEqual([
    'error engine',
    `Terraform 1.4.6 is too old, found at: /project/bin/terraform.`,
    behindEngine,
  ]);
  desk.program('terraform', 'echo hello');
  expect((await what())[1]).toContain('did not name Terraform or OpenTofu, got: hello.');
  rmSync(desk.path('bin/terraform'));
  expect((await what())[1]).toBe('Neither `terraform` nor `tofu` is on PATH.');
  desk.program('tofu', 'echo OpenTofu v1.12.6');
  const { exit, told, findings } = await desk.look(only);
  expect({ exit, told }).toEqual({ exit: 0, told: ['warning engine'] });
  expect(findings[0]?.command).toBe('export TERRAFORM_BINARY_NAME=/project/bin/tofu');
  desk.environment.TERRAFORM_BINARY_NAME = 'terraform-1.5';
  expect((await what())[1]).toContain('names a program that is not there, got: terraform-1.5');
  desk.environment.TERRAFORM_BINARY_NAME = 'tofu';
  expect((await desk.look(only)).told).toEqual([]);
});

test('providers: no registry and no mirror, a mirror alone, stand-ins, a configuration that is not there', async () => {
  const desk = await new Clinic().open();
  const only = ['--check', 'providers'];
  desk.environment.HTTPS_PROXY = await aProxy(502);
  const { exit, findings } = await desk.look(only);
  expect(findings[0]?.what).toBe('registry.terraform.io does not answer: the proxy answered 502.');
  expect(exit).toBe(3);
  desk.writeText('.terraformrc', 'provider_installation {\n  filesystem_mirror { path = "/mirror" }\n}\n');
  expect(await desk.look(only)).toMatchObject({ exit: 0, told: ['warning providers'] });
  desk.environment.HTTPS_PROXY = await aProxy(200);
  expect((await desk.look(only)).told).toEqual([]);
  desk.writeText('standins-1-linux/cli.tfrc', 'provider_installation {}\n');
  desk.environment.TF_CLI_CONFIG_FILE = desk.path('standins-1-linux/cli.tfrc');
  expect((await desk.look(only)).findings[0]?.what).toBe('The providers are stand-ins that were built here.');
  desk.environment.TF_CLI_CONFIG_FILE = '/nowhere/cli.tfrc';
  expect((await desk.look(only)).findings[0]?.what).toContain('got: /nowhere/cli.tfrc');
});

test('terminal: nobody can be asked', async () => {
  const desk = await new Clinic().open();
  const { ask: _, ...terminal } = (await desk.doctor(['--list'])).terminal;
  terminal.printed.length = 0;
  expect(await desk.look(['--check', 'terminal'], { terminal })).toMatchObject({ exit: 0, told: ['warning terminal'] });
});

test('env-file: one bad file is told problem by problem, and the good ones are looked at all the same', async () => {
  const { desk } = await aClinic({ hostKey: `SHA256:${'A'.repeat(43)}` });
  desk.writeText('env/prod.tfvars', 'proxmox = {\n  a = { endpoint = "http://a:8006", api_token = "x" }\n}\n');
  const { exit, findings, told } = await desk.look();
  expect(told).toEqual(['error env-file', 'error env-file', 'error host-key']);
  expect(findings.slice(0, 2).map(({ what }) => what.replace(/^.*env\//, ''))).toEqual([
    expect.stringContaining('prod.tfvars:2: proxmox.a.endpoint: is not https'),
    expect.stringContaining('prod.tfvars:2: proxmox.a.api_token: '),
  ]);
  expect(exit).toBe(3);
});

test('env-file: no such file, and none at all', async () => {
  const { desk } = await aClinic();
  expect((await desk.look(['prod'])).findings[0]?.what).toBe('There is no env file `env/prod.tfvars`.');
  rmSync(desk.path('env'), { recursive: true });
  expect((await desk.look([])).findings[0]?.why).toBe('The folder `env` has none.');
  expect((await desk.look(['--check', 'engine'])).told).toEqual([]);
});

test('state-file: readable to others, and a link', async () => {
  const { desk } = await aClinic();
  await desk.deploy();
  chmodSync(desk.path('terraform.lab.tfstate'), 0o644);
  const open = await desk.look(['--check', 'state-file']);
  expect(open).toMatchObject({ exit: 0, told: ['warning state-file'] });
  expect(open.findings[0]).toMatchObject({
    what: 'Others on this machine can read terraform.lab.tfstate, mode 0644.',
    command: 'chmod 600 terraform.lab.tfstate',
  });
  rmSync(desk.path('terraform.lab.tfstate'));
  symlinkSync('/dev/null', desk.path('terraform.lab.tfstate'));
  expect(await desk.look(['--check', 'state-file'])).toMatchObject({ exit: 3, told: ['error state-file'] });
});

test('outputs: git would take a file that holds secrets', async () => {
  const { desk } = await aClinic();
  spawnSync('git', ['init', '-q', desk.folder]);
  const { findings } = await desk.look(['--check', 'outputs']);
  expect(findings.map(({ what, command }) => [what, command])).toEqual([
    ['git does not ignore env/lab/terraform.tfvars.', "echo '/env/lab/terraform.tfvars' >> .gitignore"],
    ['git does not ignore terraform.lab.tfstate.', "echo '/terraform.lab.tfstate' >> .gitignore"],
  ]);
  for (const { command } of findings) spawnSync('sh', ['-c', command ?? ''], { cwd: desk.folder });
  expect((await desk.look(['--check', 'outputs'])).told).toEqual([]);
});

test('ssh-config: OpenSSH refuses its config', async () => {
  const { desk } = await aClinic();
  desk.program('ssh', 'echo "/etc/ssh/ssh_config line 3: Bad option" >&2; exit 255');
  const ssh = { home: desk.folder, environment: desk.environment };
  const machine = { home: desk.folder, localUser: 'operator', systemFolder: desk.folder, ssh };
  const { told, unseen } = await desk.look([], { machine });
  expect(told).toEqual(['error ssh-config']);
  expect(unseen).toEqual([{ environment: 'lab', cluster: 'nuc', checks: BEHIND, because: 'of ssh-config' }]);
});

test.each<[check: string, what: string, over: Partial<Entry>, break_: (desk: Clinic, node: SimulatedNode) => unknown]>([
  ['ssh-key', 'does not exist', { identityFile: '/nowhere/key' }, () => undefined],
  ['ssh-key', 'is not a private key', {}, (_, node) => writeFileSync(node.privateKeyFile, 'hello')],
  ['host-name', 'does not exist (ENOTFOUND)', {}, (desk) => desk.change('host = "127.0.0.1"', 'host = "no.invalid"')],
  ['port', 'Cannot connect to', {}, (_, node) => Object.assign(node.faults, { refuseConnections: true })],
  ['port', 'closed during the SSH handshake', {}, (desk, node) => desk.change(/port = \d+/, `port = ${node.api.port}`)],
  ['host-key', 'does not have the host key in', { hostKey: `SHA256:${'A'.repeat(43)}` }, () => undefined],
  ['host-key', 'presented an unknown host key', {}, (desk) => desk.change(/, host_key = "[^"]*"/, '')],
  ['login', 'rejected the login', {}, (desk) => desk.change('username  = "root"', 'username  = "stranger"')],
  ['shell', 'ended the session (exit 0)', {}, (_, node) => Object.assign(node.faults, { noise: 'exit' })],
  ['shell', 'was lost before `pveum role` answered', {}, (_, node) => node.faults.cutBefore(3)],
  ['lock', 'Another run has been working', {}, (desk, node) => busy(desk, node)],
  [
    'lock',
    'cannot be opened: it is no plain file',
    {},
    (_, { root }) => mkdirSync(join(root, LOCK), { recursive: true }),
  ],
])('%s: %s, and nothing behind it is looked at', async (check, what, over, break_) => {
  const { desk, node } = await aClinic(over);
  await break_(desk, node);
  const { exit, told, findings, unseen } = await desk.look();
  expect(told).toEqual([`error ${check}`]);
  expect(findings[0]).toMatchObject({ environment: 'lab', cluster: 'nuc', what: expect.stringContaining(what) });
  expect(unseen).toEqual([{ environment: 'lab', cluster: 'nuc', checks: behind(check), because: `of ${check}` }]);
  expect(exit).toBe(3);
});

const LOCK = 'run/lock/cdktf-proxmox-tokens.lock';

async function busy(desk: Clinic, node: SimulatedNode) {
  desk.change('ssh = { ', 'ssh = { timeouts = { lock = 0 }, ');
  await node.faults.holdRunLock();
}

test('sudo: nothing is allowed, and secrets are not', async () => {
  const none = await aClinic({}, { sudo: 'none' });
  none.desk.change('username  = "root"', 'username  = "admin"');
  const { told, unseen } = await none.desk.look();
  expect(told).toEqual(['error sudo']);
  expect(unseen).toEqual([
    {
      environment: 'lab',
      cluster: 'nuc',
      checks: behind('sudo').filter((name) => name !== 'quorum'),
      because: 'of sudo',
    },
    { environment: 'lab', cluster: 'nuc', checks: ['quorum'], because: 'only root may read it on the node' },
  ]);
  const some = await aClinic({}, { sudo: 'pveum' });
  some.desk.change('username  = "root"', 'username  = "admin"');
  const { exit, findings } = await some.desk.look();
  expect(findings.map(({ what, command }) => [what, command])).toEqual([
    [
      'admin may not read secrets on the node: sudo: a password is required.',
      'visudo -f /etc/sudoers.d/proxmox-tokens',
    ],
  ]);
  expect(exit).toBe(0);
});

test('pveum: it wants root', async () => {
  const { desk } = await aClinic();
  desk.change('username  = "root"', 'username  = "admin"');
  desk.change('ssh = { ', 'ssh = { sudo = false, ');
  const { told, findings } = await desk.look();
  expect(told).toEqual(['error pveum']);
  expect(findings[0]?.what).toContain('please run as root');
});

test('release: one that nothing was tested with', async () => {
  const { desk, node } = await aClinic();
  writeFileSync(join(node.root, 'bin/pveversion'), '#!/bin/sh\necho pve-manager/10.0.1/abc\n', { mode: 0o755 });
  const { exit, told, findings } = await desk.look();
  expect({ exit, told, what: findings[0]?.what }).toEqual({
    ...{ exit: 0, told: ['warning release'] },
    what: 'The node runs Proxmox VE 10.0.1.',
  });
});

test('quorum: lost, kept, and not to be told', async () => {
  const { desk, node } = await aClinic();
  const cluster = { name: 'lab', version: 3, nodes: 3 };
  standAlone(node, { ...cluster, quorate: 0 });
  expect(await desk.look(['--check', 'quorum'])).toMatchObject({ exit: 3, told: ['error quorum'] });
  standAlone(node, { ...cluster, quorate: 1 });
  expect((await desk.look(['--check', 'quorum'])).told).toEqual([]);
  rmSync(join(node.root, 'etc/pve/.members'));
  const { exit, unseen } = await desk.look(['--check', 'quorum']);
  expect(unseen[0]?.because).toBe('the node has no readable /etc/pve/.members');
  expect(exit).toBe(0);
});

test('privileges and paths: both at once, and the plan is not looked at', async () => {
  const bootstrap = ['role = "ci"', 'privileges = ["VM.Nonsense"]', 'acl = [{ path = "/mapping" }]'];
  const { desk } = await aClinic({ bootstrap }, { release: '7.4' });
  const { told, unseen } = await desk.look();
  expect(told).toEqual(['error privileges', 'error paths']);
  expect(unseen.map(({ checks, because }) => [because, checks])).toEqual([['of paths', ['role', 'others']]]);
});

test('privileges: a built-in role that the release lacks', async () => {
  const { desk } = await aClinic({ bootstrap: ['role = "PVEMappingUser"'] }, { release: '7.4' });
  expect((await desk.look()).findings[0]).toMatchObject({
    check: 'privileges',
    what: 'The node has no built-in role `PVEMappingUser`.',
  });
});

test.each<[what: string, tier: string, bootstrap: string[], release: '8.4' | '9.1', byHand: string[] | undefined]>([
  ['is there, made by others. A deploy adopts it.', 'warning', [], '9.1', []],
  ['is there already, made by others, and `on_existing` is "fail".', 'error', ['on_existing = "fail"'], '9.1', []],
  ['a new secret.', 'warning', ['on_existing = "rotate"'], '9.1', []],
  ['cannot get a new secret as the entry stands.', 'error', ['on_existing = "rotate"'], '8.4', ['--privsep', '1']],
  ['would expire before it is made', 'error', ['expire = 1'], '9.1', undefined],
  ['has no user `opentofu@pve`', 'error', ['manage_access = false'], '9.1', undefined],
])('token: it %s (%s)', async (what, tier, more, release, byHand) => {
  const isAlone = more.includes('manage_access = false');
  const { desk, node } = await aClinic({ bootstrap: [...(isAlone ? [] : ROLE), ...more] }, { release });
  if (byHand) {
    await atConsole(node, 'pveum', 'user', 'add', 'opentofu@pve');
    await handMadeToken(node, 'opentofu@pve', 'opentofu-token', ...byHand);
  }
  const { told, findings } = await desk.look(['--check', 'token', '--check', 'role']);
  expect(told).toEqual([`${tier} token`]);
  expect(findings[0]?.what).toContain(what);
});

test('token: it belongs to another entry, or its secret cannot be read', async () => {
  const { desk, node } = await aClinic();
  await desk.deploy();
  desk.write([anEntry(node, { name: 'other' })]);
  expect((await desk.look()).findings[0]).toMatchObject({
    check: 'token',
    what: expect.stringContaining('belongs to entry `nuc`'),
  });
  const some = await aClinic({}, { sudo: 'pveum' });
  await some.desk.deploy();
  some.desk.change('username  = "root"', 'username  = "admin"');
  expect((await some.desk.look()).findings.map(({ check, what }) => [check, what])).toEqual([
    [
      'token',
      `The secret of token \`${IDENTITY}\`, which is to be kept, cannot be read on the node: sudo: a password is required.`,
    ],
  ]);
});

test('role: it is not as the entry says, or another entry says otherwise', async () => {
  const { desk, node } = await aClinic({ bootstrap: ['role = "ci"', 'privileges = ["VM.Audit", "VM.Clone"]'] });
  await atConsole(node, 'pveum', 'role', 'add', 'ci', '--privs', 'VM.Audit,Sys.Console');
  const { told, findings } = await desk.look();
  expect(told).toEqual(['warning role']);
  expect(findings[0]?.what).toBe('A deploy changes role ci: +VM.Clone -Sys.Console.');
  await desk.deploy();
  const other = await new Clinic().open();
  const bootstrap = ['role = "ci"', 'privileges = ["VM.Audit"]'];
  other.write([anEntry(node, { identity: 'second@pve!token', bootstrap })], '', 'prod');
  expect((await other.look(['prod'])).told).toEqual(['error role']);
});

test('others: a deploy would change what they may do', async () => {
  const { desk, node } = await aClinic({ identity: 'jo@pve!ci' });
  await atConsole(node, 'pveum', 'group', 'add', 'ops');
  await atConsole(node, 'pveum', 'user', 'add', 'jo@pve', '--groups', 'ops');
  await handMadeToken(node, 'jo@pve', 'backup', '--privsep', '0');
  await atConsole(node, 'pveum', 'acl', 'modify', '/', '--groups', 'ops', '--roles', 'PVEVMUser');
  const { exit, told, findings } = await desk.look();
  expect(told).toEqual(['error others']);
  expect(findings[0]?.what).toContain('jo@pve!backup loses');
  expect(exit).toBe(3);
});

test('endpoint: nobody answers there, and a CA that is not there', async () => {
  const { desk, node } = await aClinic({ endpoint: 'https://127.0.0.1:1' });
  const { told, unseen } = await desk.look();
  expect(told).toEqual(['error endpoint']);
  expect(unseen).toEqual([
    { environment: 'lab', cluster: 'nuc', checks: ['certificate', 'clock'], because: 'of endpoint' },
  ]);
  desk.write([anEntry(node, { trusted: false, bootstrap: [...ROLE, 'ca_file = "nowhere.pem"'] })]);
  expect((await desk.look()).findings[0]).toMatchObject({
    check: 'endpoint',
    what: '`ca_file` nowhere.pem cannot be read: ENOENT.',
  });
});

test('certificate: not trusted, at its end, and soon there', async () => {
  const untrusted = await aClinic({ trusted: false });
  const { told, unseen } = await untrusted.desk.look();
  expect(told).toEqual(['error certificate']);
  expect(unseen[0]).toMatchObject({ checks: ['clock'], because: 'of certificate' });
  const inDays = async (days: number) => {
    const root = await aRootWithCertificate(new Date(Date.now() + (days + 0.5) * 86_400_000));
    return (await aClinic({}, { root })).desk.look();
  };
  expect((await inDays(-2)).findings[0]).toMatchObject({
    check: 'certificate',
    what: expect.stringContaining('CERT_HAS_EXPIRED'),
  });
  const soon = await inDays(12);
  expect(soon.findings[0]?.what).toMatch(/^The certificate of https:\S+ ends in 12 days, on \d{4}-\d\d-\d\d\.$/);
  expect(soon).toMatchObject({ exit: 0, told: ['warning certificate'] });
  expect((await inDays(31)).told).toEqual([]);
});

test('clock: the node and this machine do not agree', async () => {
  const { desk } = await aClinic();
  const ahead = { ...desk.clock, now: () => Date.now() - 600_000 };
  const { exit, told, findings } = await desk.look([], { clock: ahead });
  expect({ exit, told }).toEqual({ exit: 0, told: ['warning clock'] });
  expect(findings[0]?.what).toMatch(/^The clock of the node is (599|600|601) s ahead of the one of this machine\.$/);
});

test('with `verify = false` and `insecure` less is looked at, and that is said', async () => {
  const blind = await aClinic({ trusted: false, bootstrap: [...ROLE, 'verify = false'] });
  expect((await blind.desk.look()).unseen).toEqual([
    {
      environment: 'lab',
      cluster: 'nuc',
      checks: ['endpoint', 'certificate', 'clock'],
      because: 'the entry says verify = false',
    },
  ]);
  const trusting = await aClinic({ trusted: false });
  trusting.desk.change('insecure  = false', 'insecure  = true');
  expect((await trusting.desk.look()).unseen).toEqual([
    { environment: 'lab', cluster: 'nuc', checks: ['certificate'], because: 'the entry says insecure = true' },
  ]);
});
