import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startNode } from '../../simulator/node';
import { aClient, aNode, exec, ok } from './support/nodes';

describe('commands', () => {
  test('run, and are kept in order', async () => {
    const node = await aNode();
    const client = await aClient(node);
    expect(await exec(client, 'pveversion')).toEqual(ok('pve-manager/9.1.1/abcdef (running kernel: 6.17.2-1-pve)\n'));
    expect(await exec(client, "pveum user add a@pve --comment 'x y'")).toEqual(ok());
    expect(await exec(client, 'pveum user add a@pve')).toMatchObject({ exit: 2 });
    expect(await exec(client, 'cat /etc/pve/user.cfg | grep -c a@pve')).toEqual(ok('1\n'));
    expect(node.connections()).toBe(1);
    expect(node.commands()).toHaveLength(4);
    expect(node.pveumRuns()).toEqual([
      { argv: ['user', 'add', 'a@pve', '--comment', 'x y'], writes: true, exit: 0 },
      { argv: ['user', 'add', 'a@pve'], writes: false, exit: 2 },
    ]);
    node.resetLog();
    expect([node.connections(), node.commands(), node.pveumRuns()]).toEqual([0, [], []]);
  });

  test('take the client’s locale and nothing else of its variables', async () => {
    const client = await aClient(await aNode());
    expect((await exec(client, 'pveum user list', { LANG: 'C' })).stdout).toContain('+======');
    expect(await exec(client, 'echo "$SECRET"', { SECRET: 'x' })).toEqual(ok('\n'));
  });

  test('get no terminal', async () => {
    const client = await aClient(await aNode());
    const shell = new Promise((resolve, reject) =>
      client.shell((error) => (error ? reject(error) : resolve('a shell'))),
    );
    await expect(shell).rejects.toThrow();
  });
});

describe('logins', () => {
  test('need the key, and a known name', async () => {
    const [node, other] = [await aNode(), await aNode()];
    const privateKey = readFileSync(other.privateKeyFile);
    await expect(aClient(node, { privateKey })).rejects.toThrow('authentication');
    await expect(aClient(node, { username: 'nobody' })).rejects.toThrow('authentication');
    expect(await exec(await aClient(node, { username: 'admin' }), 'id -u')).toEqual(ok('1000\n'));
    expect(statSync(node.privateKeyFile).mode & 0o777).toBe(0o600);
  });

  test('take a password where one is set', async () => {
    const node = await aNode({ password: 'opensesame' });
    const by = (password: string) => aClient(node, { privateKey: undefined, password });
    await expect(by('wrong')).rejects.toThrow('authentication');
    expect(await exec(await by('opensesame'), 'id -u')).toEqual(ok('0\n'));
    await expect(aClient(await aNode(), { privateKey: undefined, password: 'x' })).rejects.toThrow('authentication');
  });
});

test('a node that starts again in its folder shows the same key and knows its users', async () => {
  const first = await aNode();
  await exec(await aClient(first), 'pveum user add a@pve');
  await first.close();
  const second = await startNode({ release: '9.1', root: first.root });
  try {
    expect(second.ssh.hostKey).toBe(first.ssh.hostKey);
    expect(second.ssh.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(await exec(await aClient(second), 'grep -c a@pve /etc/pve/user.cfg')).toEqual(ok('1\n'));
  } finally {
    await second.close();
  }
});

test('one node is the way to another', async () => {
  const [jump, target] = [await aNode(), await aNode({ release: '7.4' })];
  const client = await aClient(jump);
  const sock = await new Promise<NonNullable<Parameters<typeof aClient>[1]>['sock']>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, target.ssh.host, target.ssh.port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
  expect((await exec(await aClient(target, { sock }), 'pveversion')).stdout).toContain('pve-manager/7.4-17');
  expect(jump.commands()).toEqual([]);
});

describe('faults', () => {
  const added = async (client: Awaited<ReturnType<typeof aClient>>) =>
    (await exec(client, 'grep -c @pve /etc/pve/user.cfg')).stdout;

  test('a connection is cut before the n-th command, which then has no effect', async () => {
    const node = await aNode();
    node.faults.cutBefore(2);
    const client = await aClient(node);
    await exec(client, 'pveum user add a@pve');
    await expect(exec(client, 'pveum user add b@pve')).rejects.toThrow();
    expect(await added(await aClient(node))).toBe('1\n');
  });

  test('a connection is cut after the n-th command, which then took effect', async () => {
    const node = await aNode();
    node.faults.cutAfter(1);
    await expect(exec(await aClient(node), 'pveum user add a@pve')).rejects.toThrow();
    expect(await added(await aClient(node))).toBe('1\n');
  });

  test('every command waits for the watcher before it runs and before its answer, and is cut where that says so', async () => {
    const node = await aNode();
    const seen: string[] = [];
    node.faults.onCommand = async (moment, line) => {
      seen.push(`${moment} ${line}: ${node.pveumRuns().length}`);
      return moment === 'after' ? 'cut' : undefined;
    };
    await expect(exec(await aClient(node), 'pveum user add a@pve')).rejects.toThrow();
    expect(seen).toEqual(['before pveum user add a@pve: 0', 'after pveum user add a@pve: 1']);
  });

  test('a disk that fills up half-way leaves the first file of a call written', async () => {
    const node = await aNode();
    const client = await aClient(node);
    node.faults.diskFull = 'halfway';
    expect(await exec(client, 'pveum user add a@pve')).toEqual(ok());
    expect(await exec(client, 'pveum user token add a@pve ci')).toMatchObject({ exit: 28, stdout: '' });
    expect(readFileSync(`${node.root}/etc/pve/priv/token.cfg`, 'utf8')).toMatch(/^a@pve!ci \S{36}\n$/);
    expect(readFileSync(`${node.root}/etc/pve/user.cfg`, 'utf8')).not.toContain('token:');
  });

  test('a full disk, slow programs, locale warnings and a held lock reach every program', async () => {
    const node = await aNode({ lock: { noticeMs: 10, timeoutMs: 30 } });
    const client = await aClient(node);
    node.faults.diskFull = true;
    for (const line of ['pveum user add a@pve', 'true; pveum user add a@pve']) {
      const { exit, stderr } = await exec(client, line);
      expect(exit).toBe(28);
      expect(stderr).toMatch(
        /^create user failed: unable to write '\/etc\/pve\/user.cfg.tmp.\d+' - No space left on device\n$/,
      );
    }
    node.faults.diskFull = false;
    node.faults.localeWarnings = true;
    const { exit, stdout, stderr } = await exec(client, 'pveum acl list --output-format json');
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '[]\n' });
    expect(stderr).toMatch(/^perl: warning: Setting locale failed\./);
    node.faults.localeWarnings = false;
    const release = node.faults.holdLock();
    expect(await exec(client, 'pveum user add a@pve')).toMatchObject({ exit: 17 });
    release();
    expect(await exec(client, 'pveum user add a@pve')).toEqual(ok());
  });

  test('refused connections are dropped, later ones are welcome again', async () => {
    const node = await aNode();
    node.faults.refuseConnections = true;
    await expect(aClient(node)).rejects.toThrow();
    node.faults.refuseConnections = false;
    expect(await exec(await aClient(node), 'true')).toEqual(ok());
  });
});

test('many nodes live side by side, and a closed one leaves no socket', async () => {
  const nodes = await Promise.all(Array.from({ length: 4 }, () => aNode()));
  const clients = await Promise.all(nodes.map((node) => aClient(node)));
  await Promise.all(clients.map((client, n) => exec(client, `pveum user add user${n}@pve`)));
  const listed = await Promise.all(clients.map((client) => exec(client, 'grep -o user..pve /etc/pve/user.cfg')));
  expect(listed.map(({ stdout }) => stdout)).toEqual([0, 1, 2, 3].map((n) => `user${n}@pve\n`));
  const [first] = nodes;
  if (!first) throw new Error('no node');
  await first.close();
  for (const port of [first.ssh.port, first.api.port]) {
    const refused = new Promise((resolve) => connect(port, '127.0.0.1').on('error', (error) => resolve(error.message)));
    expect(await refused).toContain('ECONNREFUSED');
  }
});
