import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { handMadeToken } from '../../support/on-node';
import { nodeFiles } from '../../support/verbs';
import { aTerminal, Desk } from '../support';
import { aNamedNode, aPerson, at, BY_DEFAULT, envOf, init, inWords, type Typed } from './support';

const caIn = (desk: Desk, name: string) => readFileSync(desk.path(`env/ca/${name}.pem`), 'utf8').trim();

test('at a terminal, from a host name to an entry with one confirmation and six times Enter', async () => {
  const [desk, node] = [new Desk(), await aNamedNode('homelab')];
  const before = nodeFiles(node);
  const { exit, stdout, stderr } = await init(desk, node, at(node), aPerson(BY_DEFAULT));
  expect(exit).toBe(0);
  expect(stderr).toMatchSnapshot();
  expect(stdout).toMatchSnapshot();
  expect(inWords(envOf(desk), desk, node)).toMatchSnapshot();
  expect(caIn(desk, 'homelab')).toBe(readFileSync(node.api.caFile, 'utf8').trim());
  // Nothing was changed on the node, and what was made can be deployed.
  expect(nodeFiles(node)).toEqual(before);
  expect(node.pveumRuns().filter(({ writes }) => writes)).toEqual([]);
  expect((await desk.run(['plan', 'lab'])).exit).toBe(3);
});

test('in a pipe it asks nothing, and does what the options say', async () => {
  const [desk, node] = [new Desk(), await aNamedNode('homelab')];
  const { exit, stdout, stderr } = await init(desk, node, [...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca']);
  expect({ exit, stdout }).toMatchSnapshot();
  expect(stderr).toMatchSnapshot();
  expect(inWords(envOf(desk), desk, node)).toContain('ca_file = "env/ca/homelab.pem"');
});

describe('the host key', () => {
  test('that nobody confirmed is refused in a pipe, with the option to give, before any login', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    const { exit, stdout, stderr } = await init(desk, node, [...at(node), '--yes', '--fetch-ca']);
    expect({ exit, stdout, stderr }).toMatchSnapshot();
    expect(node.commands()).toEqual([]);
    expect(existsSync(desk.path('env'))).toBe(false);
  });

  test.each(['n', '', 'yess'])('that a person answers with %j is refused before any login', async (answer) => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    const { exit, stderr } = await init(desk, node, at(node), aPerson([['Is it the same?', answer]]));
    expect(exit).toBe(1);
    expect(stderr).toContain('No login was attempted.');
    expect(node.commands()).toEqual([]);
    expect(existsSync(desk.path('env'))).toBe(false);
  });

  test('is asked for under `--yes` too, and nothing else is', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    const { exit } = await init(desk, node, [...at(node), '--yes'], aPerson([['Is it the same?', 'yes']]));
    expect(exit).toBe(0);
    expect(envOf(desk)).toContain('preset  = "opentofu"');
  });

  test('that known_hosts has needs no confirmation, and is pinned all the same', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    mkdirSync(desk.path('.ssh'));
    writeFileSync(desk.path('.ssh/known_hosts'), `${node.ssh.knownHostsLine}\n`);
    const { exit, stderr } = await init(desk, node, [...at(node), '--fetch-ca']);
    expect(exit).toBe(0);
    expect(stderr).toContain('pve1.example.net:22 shows the host key that known_hosts has: SHA256:abc');
    expect(envOf(desk)).toContain(node.ssh.hostKey);
  });

  test('other than the one given is refused before any login', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    const other = `SHA256:${'a'.repeat(43)}`;
    const { exit, stderr } = await init(desk, node, [...at(node), '--host-key', other, '--fetch-ca']);
    expect(exit).toBe(1);
    expect(stderr).toContain('does not have the host key in `ssh.host_key`');
    expect(node.commands()).toEqual([]);
  });
});

describe('what the node tells', () => {
  test('to a user who may run pveum alone is enough, and the rest comes from the host', async () => {
    const [desk, node] = [new Desk(), await aNamedNode('homelab', { sudo: 'documented' })];
    const options = ['--user', 'admin', '--host-key', node.ssh.hostKey, '--insecure'];
    const { exit, stderr } = await init(desk, node, [...at(node), ...options]);
    expect(exit).toBe(0);
    expect(stderr).toContain('logged in as admin on 127.0.0.1: Proxmox VE 9, in no cluster');
    expect(envOf(desk)).toContain('  pve-127-0-0-1 = {');
    expect(envOf(desk)).toContain('username     = "admin"');
  });

  test('to a user who may not is refused as a deploy would be', async () => {
    const [desk, node] = [new Desk(), await aNamedNode(undefined, { sudo: 'none' })];
    const { exit, stderr } = await init(desk, node, [...at(node), '--user', 'admin', '--host-key', node.ssh.hostKey]);
    expect(exit).toBe(1);
    expect(stderr).toContain("The node's users and roles cannot be read");
    expect(existsSync(desk.path('env'))).toBe(false);
  });

  test('of a node in no cluster makes its own name that of the cluster', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    await init(desk, node, [...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca']);
    expect(envOf(desk)).toContain('name         = "pve1"\n    cluster_name = "pve1"');
  });

  test('is no name where it is no plain name', async () => {
    const [desk, node] = [new Desk(), await aNamedNode('"; rm')];
    writeFileSync(`${node.root}/bin/hostname`, "#!/bin/sh\necho '$(x) \"'\n", { mode: 0o755 });
    await init(desk, node, [...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca']);
    expect(envOf(desk)).toContain('name         = "pve-127-0-0-1"\n    cluster_name = "pve-127-0-0-1"');
  });

  test('of a token that is there says what becomes of it', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    await handMadeToken(node, 'root@pam', 'tofu', '--privsep', '0');
    await handMadeToken(node, 'root@pam', 'taken', '--comment', '[cdktf-proxmox-tokens prod/nuc generation=1]');
    const run = (identity: string, name: string) =>
      init(desk, node, [
        ...at(node),
        ...['--host-key', node.ssh.hostKey, '--fetch-ca', '--identity', identity, '--name', name],
      ]);
    expect((await run('root@pam!tofu', 'nuc')).stderr).toContain(
      'root@pam!tofu is there: it is adopted, and keeps its secret.',
    );
    expect((await run('root@pam!taken', 'two')).stderr).toContain('says that it belongs to prod/nuc');
    expect(envOf(desk)).not.toContain('preset');
  });
});

describe('a preset that is a role of Proxmox VE', () => {
  test('needs no role, and has a token of its own name', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    const options = ['--host-key', node.ssh.hostKey, '--fetch-ca', '--preset', 'exporter'];
    expect((await init(desk, node, [...at(node), ...options])).exit).toBe(0);
    expect(envOf(desk)).toContain('api_token    = "exporter@pve!exporter-token"');
    expect(envOf(desk)).not.toContain('role');
  });
});

describe('an env file that is there', () => {
  const THERE = [
    '# ours',
    'proxmox = {',
    '  old = { endpoint = "https://old.example.net:8006", api_token = "root@pam!old" } # kept }',
    '}',
    '',
    'output = { own_stack = true }   # as it is',
    '',
  ].join('\n');
  const options = (node: Parameters<typeof at>[0], ...more: string[]) => [
    ...[...at(node), '--host-key', node.ssh.hostKey, '--fetch-ca'],
    ...more,
  ];

  test('gets one more entry, and all else in it stays as it was', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    desk.writeText('env/lab.tfvars', THERE);
    expect((await init(desk, node, options(node))).exit).toBe(0);
    const text = envOf(desk);
    const [start, end] = [THERE.indexOf('\n}\n') + 1, THERE.length - THERE.indexOf('\n}\n') - 1];
    expect(text.slice(0, start)).toBe(THERE.slice(0, start));
    expect(text.slice(-end)).toBe(THERE.slice(-end));
    expect(text.slice(start, -end)).toMatch(/^\n {2}pve1 = \{\n.*\n {2}\}\n$/s);
  });

  test('with a cluster of that name is refused, and another name is suggested', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    desk.writeText('env/lab.tfvars', THERE.replace('  old', '  pve1'));
    const { exit, stderr } = await init(desk, node, options(node, '--name', 'pve1'));
    expect(exit).toBe(1);
    expect(stderr).toContain('env/lab.tfvars has a cluster `pve1` already.');
    expect((await init(desk, node, options(node))).stdout).toContain('cluster pve1-2 added');
  });

  test('that would be refused is told before anybody is connected to', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    desk.writeText('env/lab.tfvars', THERE.replace('endpoint', 'endpont'));
    const { exit, stderr } = await init(desk, node, options(node));
    expect(exit).toBe(1);
    expect(stderr).toContain('is not a known key, but nearly endpoint');
    expect(node.connections()).toBe(0);
  });

  test('of JSON stays JSON', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    desk.writeText('env/lab.tfvars.json', '{ "proxmox": {} }\n');
    expect((await init(desk, node, options(node))).exit).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(desk.path('env/lab.tfvars.json'), 'utf8')).proxmox)).toEqual(['pve1']);
    expect(existsSync(desk.path('env/lab.tfvars'))).toBe(false);
  });

  test('of another name with the same token on the same node refuses the entry', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    await init(desk, node, options(node, '--env', 'prod'));
    const { exit, stderr } = await init(desk, node, options(node));
    expect(exit).toBe(1);
    expect(stderr).toContain('is also the token of "pve1"');
    expect(existsSync(desk.path('env/lab.tfvars'))).toBe(false);
  });

  test('a CA file of the same name with other certificates is never replaced unasked', async () => {
    const [desk, node] = [new Desk(), await aNamedNode()];
    desk.writeText('env/ca/pve1.pem', 'other\n');
    const { exit, stderr } = await init(desk, node, options(node));
    expect(exit).toBe(1);
    expect(stderr).toContain('env/ca/pve1.pem holds other certificates');
    const typed: Typed = [...BY_DEFAULT.slice(2, 6), ['Replace it?', 'y'], ['Add this', '']];
    expect((await init(desk, node, options(node), aPerson(typed))).exit).toBe(0);
    expect(caIn(desk, 'pve1')).toBe(readFileSync(node.api.caFile, 'utf8').trim());
  });
});

test('Ctrl-C at any question ends with a line, and nothing is written', async () => {
  const node = await aNamedNode();
  for (let question = 0; question < BY_DEFAULT.length; question += 1) {
    const [desk, ended] = [new Desk(), new AbortController()];
    const person = aPerson(BY_DEFAULT);
    let asked = 0;
    const ask = async (text: string, hidden?: boolean) => {
      if (asked++ !== question) return (await person.ask?.(text, hidden)) ?? '';
      ended.abort();
      return new Promise<string>(() => {});
    };
    const terminal = { ...person, ask };
    const { exit, stderr } = await desk.run(['init', ...at(node)], { terminal, signal: ended.signal });
    expect({ exit, last: stderr.split('\n').at(-1) }).toEqual({
      exit: 130,
      last: 'Interrupted. Nothing was written: run it again.',
    });
    expect(existsSync(desk.path('env'))).toBe(false);
  }
});

test('a secret that stands behind a token by mistake is not shown', async () => {
  const secret = '3b0bd9d6-5a6d-4cf4-a9f4-0d5a3d9ab6fb';
  const { exit, stderr } = await new Desk().run(['init', 'nuc', '--identity', `root@pam!tofu=${secret}`]);
  expect(exit).toBe(2);
  expect(stderr).toContain('got: root@pam!tofu=(hidden)');
});

test.each([
  [[], 'It takes a host, or a file with `--from`, or a folder with `--app`.'],
  [['nuc', '--from', 'x'], 'It takes a host, or a file with `--from`, or a folder with `--app`.'],
  [['nuc', '--app', 'x'], 'It takes a host, or a file with `--from`, or a folder with `--app`.'],
  [['root@nuc'], 'root@nuc is not a host name or address: user and port have options of their own.'],
  [['nuc', '--port', '0'], '`--port` is not a port, 1 to 65535, got: 0'],
  [['nuc', '--host-key', 'MD5:x'], '`--host-key` is not a fingerprint as ssh-keygen prints it, SHA256:..., got: MD5:x'],
  [['nuc', '--identity', 'me'], '`--identity` is not a token identity of the form user@realm!tokenid, got: me'],
  [['nuc', '--preset', 'x'], '`--preset` is not a preset: opentofu, '],
  [['nuc', '--role', 'PVEAdmin'], '`--role` belongs to Proxmox VE, and a preset would change it, got: PVEAdmin'],
  [['nuc', '--endpoint', 'nuc:8006'], '`--endpoint` is not of the form https://NAME:8006, got: nuc:8006'],
  [['nuc', '--env', 'a b'], '`--env` is not a plain name'],
  [['nuc', '--insecure', '--ca', 'x'], '`--insecure` checks no certificate'],
])('%j is wrong use, told before anything is done', async (argv, message) => {
  const { exit, stderr } = await new Desk().run(['init', ...argv], { terminal: aTerminal() });
  expect(exit).toBe(2);
  expect(stderr).toContain(message);
});
