import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseHcl } from '../../../constructs/input/parse';
import { readEnvironment } from '../../../constructs/input/read';
import { aNode } from '../../support/node';
import { handMadeToken } from '../../support/on-node';
import { aTerminal, Desk, type Ran } from '../support';
import { aPerson, type Typed } from './support';

const SECRETS = [randomUUID(), randomUUID(), randomUUID()] as const;

/** Runs `init --from` on that text. Whatever it says or writes, no secret is in it. */
async function from(text: string, argv: readonly string[] = [], typed?: Typed, file = 'terraform.tfvars') {
  const desk = new Desk();
  desk.writeText(file, text);
  const terminal = typed ? aPerson(typed) : aTerminal();
  const ran: Ran = await desk.run(['init', '--from', file, ...argv], { terminal });
  const path = desk.path(`env/lab.tfvars${file.endsWith('.json') ? '.json' : ''}`);
  const written = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  for (const secret of SECRETS)
    expect([ran.stdout, ran.stderr, ...terminal.progressed, written].join('\n')).not.toContain(secret);
  expect(readFileSync(desk.path(file), 'utf8'), 'the file itself').toBe(text);
  return { ...ran, written, desk, path };
}

const MAP = `# our clusters
proxmox = {
  host3 = {
    name         = "host3"
    cluster_name = "host3"
    endpoint     = "https://host3.example.net:8006"
    insecure     = true
    username     = "root"
    api_token    = "root@pam!terraform2=${SECRETS[0]}" # made by hand
    vlan         = 12
  }
  # was opentofu@pve!old=${SECRETS[2]}
  nuc = {
    name         = "nuc"
    endpoint     = "https://nuc.example.net:8006"
    insecure     = false
    username     = "root"
    api_token    = "opentofu@pve!opentofu-token = ${SECRETS[1]}"
  }
}
`;

describe('the map of clusters', () => {
  test('keeps every byte but the secrets, and says what it does not know', async () => {
    const { exit, stdout, stderr, written } = await from(MAP);
    expect({ exit, stdout }).toMatchSnapshot();
    expect(stderr).toMatchSnapshot();
    const bare = SECRETS.reduce((text, secret) => text.replace(new RegExp(` ?= ?${secret}`), ''), MAP);
    expect(written).toBe(`${bare}\nbootstrap = {\n  manage_access = false\n}\n`);
  });

  test('at a terminal asks what the tokens may do', async () => {
    const typed: Typed = [
      ['Preset [none]', 'opentofu'],
      ['Role [opentofu-role]', ''],
      ['Write env/lab.tfvars?', ''],
    ];
    const { exit, stderr, written, path } = await from(MAP, [], typed);
    expect(exit).toBe(0);
    expect(stderr).toMatchSnapshot();
    expect(written).toContain('\nbootstrap = {\n  role   = "opentofu-role"\n  preset = "opentofu"\n}\n');
    const { clusters } = await readEnvironment(path);
    expect(clusters.map(({ identity, access }) => [identity, access.preset])).toEqual([
      ['root@pam!terraform2', undefined],
      ['opentofu@pve!opentofu-token', 'opentofu'],
    ]);
  });

  test('with tokens of root@pam alone needs to know nothing', async () => {
    const { exit, written } = await from(
      MAP.replace('opentofu@pve!opentofu-token', 'root@pam!ci'),
      [],
      [['Write', '']],
    );
    expect(exit).toBe(0);
    expect(written).not.toContain('bootstrap');
  });

  test('leaves other variables where they are, and names them', async () => {
    const others = `vms = {\n  a = "}"\n}\n\n# about the VMs\n// two lines\nssh_key = <<EOT\nssh-ed25519 x\nEOT\n`;
    const { written, stderr } = await from(`${others}${MAP}size = 3 # GB\nlist = [1,\n  2]\n`);
    expect(stderr).toContain('Not taken over, since it is not about clusters: list, size, ssh_key, vms.');
    const alone = (await from(MAP)).written;
    expect(written?.trimStart()).toBe(alone);
  });

  test('of JSON stays JSON', async () => {
    const { values } = (await parseHcl(MAP)) as { values: object };
    const { exit, written } = await from(JSON.stringify({ ...values, size: 3 }), [], undefined, 'x.tfvars.json');
    expect(exit).toBe(0);
    const { proxmox, ...rest } = JSON.parse(written ?? '') as { proxmox: Record<string, { api_token: string }> };
    expect(rest).toEqual({ bootstrap: { manage_access: false } });
    expect(Object.values(proxmox).map(({ api_token }) => api_token)).toEqual([
      'root@pam!terraform2',
      'opentofu@pve!opentofu-token',
    ]);
  });

  test('with a key that looks like a secret is taken over with a warning', async () => {
    const { exit, stderr } = await from(MAP.replace('vlan         = 12', 'password = "hunter2"'));
    expect(exit).toBe(0);
    expect(stderr).toContain('Looks like a secret, and an env file is committed: host3.password.');
    expect(stderr).not.toContain('hunter2');
  });

  test('that an env file may not hold is refused with its lines', async () => {
    const { exit, stderr, written } = await from(MAP.replace('vlan ', 'secret').replace('12', `"${SECRETS[2]}"`));
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^terraform.tfvars:10: proxmox.host3.secret: holds a secret$/m);
    expect(written).toBeUndefined();
  });
});

describe('one token', () => {
  const TOKEN = `proxmox_api_token = "root@pam!tofu=${SECRETS[0]}"\n`;

  test('becomes a map of one cluster, and an output of the same variable', async () => {
    const { exit, stdout, stderr, written } = await from(TOKEN, ['--endpoint', 'https://pve.example.net:8006']);
    expect({ exit, stdout }).toMatchSnapshot();
    expect(stderr).toMatchSnapshot();
    expect(written).toMatchSnapshot();
  });

  test('without an address is refused in a pipe, and asked for at a terminal', async () => {
    const pipe = await from(TOKEN);
    expect(pipe.exit).toBe(1);
    expect(pipe.stderr).toContain('Add `--endpoint https://NAME:8006`.');
    expect(pipe.written).toBeUndefined();
    const typed: Typed = [
      ['Address of the API', 'nuc'],
      ['Address of the API', 'https://nuc.example.net:8006'],
      ['Name of the cluster in the env file [nuc]', ''],
      ['Write env/lab.tfvars?', ''],
    ];
    const terminal = await from(TOKEN, [], typed);
    expect(terminal.exit).toBe(0);
    expect(terminal.written).toContain('  nuc = {\n    endpoint  = "https://nuc.example.net:8006"');
  });

  test('takes the address, the user and the variable from its file', async () => {
    const file = [
      `pm_token = "opentofu@pve!ci=${SECRETS[0]}"`,
      'pm_api_url = "https://10.0.0.1:8006/api2/json"',
      'pm_insecure = true',
      'ssh_username = "admin"',
      'vm_count = 3',
    ];
    const { exit, stderr, written } = await from(file.join('\n'), ['--preset', 'csi']);
    expect(exit).toBe(0);
    expect(written).toMatchSnapshot();
    expect(stderr).toContain('Not taken over, since it is not about clusters: pm_api_url, pm_insecure');
  });
});

test.each([
  ['neither guide’s file', 'x = 1\n', 'holds neither a map of clusters `proxmox` nor a token'],
  [
    'two tokens',
    `a = "root@pam!ab=${SECRETS[0]}"\nb = "root@pam!cd=${SECRETS[1]}"\n`,
    'holds neither a map of clusters',
  ],
  [
    'one cluster that is no map of clusters',
    `proxmox = {\n  api_token = "root@pam!ab=${SECRETS[0]}"\n}\n`,
    '`proxmox` in terraform.tfvars is one cluster, not a map of clusters.',
  ],
  ['no HCL', `proxmox = {\n  a = "root@pam!ab=${SECRETS[0]}"\n`, 'terraform.tfvars:'],
])('%s is refused, and nothing is written', async (_, text, message) => {
  const { exit, stderr, written } = await from(text);
  expect(exit).toBe(1);
  expect(stderr).toContain(message);
  expect(written).toBeUndefined();
});

test('a file that is not there, and an env file that is, are refused', async () => {
  const desk = new Desk();
  const missing = await desk.run(['init', '--from', 'nowhere.tfvars']);
  expect(missing.exit).toBe(1);
  expect(missing.stderr).toContain('nowhere.tfvars cannot be read: ENOENT.');
  desk.writeText('terraform.tfvars', MAP);
  desk.writeText('env/lab.tfvars', 'proxmox = {}\n');
  const there = await desk.run(['init', '--from', 'terraform.tfvars']);
  expect(there.exit).toBe(1);
  expect(there.stderr).toContain('env/lab.tfvars is there already.');
  expect((await desk.run(['init', '--from', 'terraform.tfvars', '--env', 'prod'])).exit).toBe(0);
});

test('an option for a node is wrong use', async () => {
  const { exit, stderr } = await new Desk().run(['init', '--from', 'x', '--port', '22']);
  expect(exit).toBe(2);
  expect(stderr).toContain('`--port` is for a host, not for `--from`.');
});

test('a token that was taken over keeps its secret, and its consumer goes on', async () => {
  const [desk, node] = [new Desk(), await aNode()];
  const secret = await handMadeToken(node, 'root@pam', 'tofu', '--privsep', '0');
  desk.writeText(
    'terraform.tfvars',
    `proxmox = { nuc = { endpoint = "${node.api.url}", api_token = "root@pam!tofu=${secret}" } }`,
  );
  expect((await desk.run(['init', '--from', 'terraform.tfvars'])).exit).toBe(0);
  const text = readFileSync(desk.path('env/lab.tfvars'), 'utf8');
  const ssh = `port = ${node.ssh.port}, host_key = "${node.ssh.hostKey}", identity_file = "${node.privateKeyFile}", user = "root"`;
  const reach = `bootstrap = { ca_file = "${node.api.caFile}", ssh = { ${ssh} } }`;
  desk.writeText('env/lab.tfvars', `${text}\n${reach}\n`);
  await desk.deploy();
  expect(readFileSync(desk.path('env/lab/terraform.tfvars'), 'utf8')).toContain(`root@pam!tofu=${secret}`);
});
