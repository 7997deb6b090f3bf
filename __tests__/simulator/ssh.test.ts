import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { NOISES, type SimulatedNode, startNode } from '../../simulator/node';
import { aClient, aNode, exec, ok } from './support/nodes';
import { sshEnd } from './support/nodes-end';

describe('commands', () => {
  test('run, and are kept in order', async () => {
    const node = await aNode();
    const client = await aClient(node);
    expect(await exec(client, "pveum user add a@pve --comment 'x y'")).toEqual(ok());
    expect(await exec(client, 'pveum user add a@pve')).toMatchObject({ exit: 2 });
    expect(await exec(client, 'cat /etc/pve/user.cfg | grep -c a@pve')).toEqual(ok('1\n'));
    expect(node.connections()).toBe(1);
    expect(node.commands()).toHaveLength(3);
    expect(node.pveumRuns()).toEqual([
      { argv: ['user', 'add', 'a@pve', '--comment', 'x y'], writes: true, exit: 0 },
      { argv: ['user', 'add', 'a@pve'], writes: false, exit: 2 },
    ]);
    node.resetLog();
    expect([node.connections(), node.commands(), node.pveumRuns()]).toEqual([0, [], []]);
  });

  test('take the client’s locale and nothing else of its variables', async () => {
    const client = await aClient(await aNode());
    expect(await exec(client, 'echo "$LANG $SECRET"', { LANG: 'C', SECRET: 'x' })).toEqual(ok('C \n'));
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
    expect(await exec(await aClient(node, { username: 'admin' }), 'pveum user list')).toMatchObject({ exit: 255 });
    expect(statSync(node.privateKeyFile).mode & 0o777).toBe(0o600);
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
    expect(await exec(await aClient(second), 'grep -F -e a@pve /etc/pve/user.cfg')).toEqual(
      ok('user:a@pve:1:0::::::\n'),
    );
  } finally {
    await second.close();
  }
});

describe('the node’s end', () => {
  const usersOn = (node: SimulatedNode) => readFileSync(`${node.root}/etc/pve/user.cfg`, 'utf8').match(/\w+(?=@pve)/g);
  const ADD_A = ['pveum', 'user', 'add', 'a@pve'];
  const ADD_B = ['pveum', 'user', 'add', 'b@pve'];

  test('answers over SSH, and its start and its requests are commands of the node', async () => {
    const node = await aNode();
    const end = await sshEnd(await aClient(node, { username: 'admin' }), { sudo: true });
    end.send('pveum', 'user', 'add', 'a@pve', '--comment', 'x y');
    expect(await end.finish()).toEqual([
      ['ready', '1000'],
      ['0', '', ''],
    ]);
    expect(node.commands()).toEqual(['nodes-end', 'sudo -n pveum user add a@pve --comment "x y"']);
  });

  test('lets go of the lock when its connection ends, however it ends', async () => {
    const node = await aNode();
    const [first, second] = [await aClient(node), await aClient(node)];
    expect(await (await sshEnd(first)).next()).toEqual(['ready', '0']);
    const waiting = await sshEnd(second);
    expect(await waiting.next()).toEqual(['waiting']);
    first.destroy();
    expect(await waiting.next()).toEqual(['ready', '0']);
  });

  test('waits for a run lock that is held, and gives it up in time', async () => {
    const node = await aNode();
    const release = await node.faults.holdRunLock();
    const client = await aClient(node);
    const lockFile = '/run/lock/cdktf-proxmox-tokens.lock';
    expect(await (await sshEnd(client, { lockFile, seconds: 0 })).finish()).toEqual([['waiting'], ['locked']]);
    const end = await sshEnd(client, { lockFile });
    expect(await end.next()).toEqual(['waiting']);
    release();
    expect(await end.finish()).toEqual([['ready', '0']]);
  });

  test.each([
    ['before', 1, [], null],
    ['after', 1, [], null],
    ['before', 2, [['ready', '0']], null],
    ['after', 2, [['ready', '0']], ['a']],
    [
      'before',
      3,
      [
        ['ready', '0'],
        ['0', '', ''],
      ],
      ['a'],
    ],
    [
      'after',
      3,
      [
        ['ready', '0'],
        ['0', '', ''],
      ],
      ['a', 'b'],
    ],
  ] as const)('is cut %s its command number %i', async (moment, n, told, users) => {
    const node = await aNode();
    if (moment === 'before') node.faults.cutBefore(n);
    else node.faults.cutAfter(n);
    const end = await sshEnd(await aClient(node));
    end.send(...ADD_A);
    end.send(...ADD_B);
    expect(await end.finish()).toEqual(told);
    expect(usersOn(node)).toEqual(users);
    // The lock went with the connection.
    expect(await (await sshEnd(await aClient(node))).next()).toEqual(['ready', '0']);
  });

  test('waits for the watcher before each command and before its answer, and is cut where that says so', async () => {
    const node = await aNode();
    const seen: string[] = [];
    node.faults.onCommand = async (moment, line) => {
      seen.push(`${moment} ${line}: ${node.pveumRuns().length}`);
      return moment === 'after' && line !== 'nodes-end' ? 'cut' : undefined;
    };
    const end = await sshEnd(await aClient(node));
    end.send(...ADD_A);
    expect(await end.finish()).toEqual([['ready', '0']]);
    const line = 'pveum user add a@pve';
    expect(seen).toEqual(['before nodes-end: 0', 'after nodes-end: 0', `before ${line}: 0`, `after ${line}: 1`]);
  });
});

describe('faults', () => {
  test.each(NOISES)('a login shell with the noise "%s" is heard beside the answer', async (noise) => {
    const node = await aNode({ faults: { noise } });
    const { exit, stdout, stderr } = await exec(await aClient(node), 'pveum acl list --output-format json');
    expect({ exit, isHeard: stdout + stderr !== '[]\n' }).toEqual({ exit: 0, isHeard: true });
    expect(stdout.endsWith('[]\n')).toBe(noise !== 'exit');
    const frames = await (await sshEnd(await aClient(node))).finish();
    expect(frames).toEqual(noise === 'exit' ? [] : [['ready', '0']]);
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
  const listed = await Promise.all(clients.map((client) => exec(client, 'cat /etc/pve/user.cfg')));
  expect(listed.map(({ stdout }) => stdout.match(/user.@pve/g))).toEqual([0, 1, 2, 3].map((n) => [`user${n}@pve`]));
  const [first] = nodes;
  if (!first) throw new Error('no node');
  await first.close();
  for (const port of [first.ssh.port, first.api.port]) {
    const refused = new Promise((resolve) => connect(port, '127.0.0.1').on('error', (error) => resolve(error.message)));
    expect(await refused).toContain('ECONNREFUSED');
  }
});
