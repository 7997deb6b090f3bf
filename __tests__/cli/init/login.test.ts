import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Server } from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import type { SimulatedNode } from '../../../simulator/node';
import { parseStart } from '../../../simulator/nodes-end/command';
import { serveNodesEnd } from '../../../simulator/nodes-end/serve';
import { runWords } from '../../../simulator/shell/run';
import { makeKey, makeLockedKey, type NodeOptions, startNode, type TestNode } from '../../bootstrap/ssh/support';
import { Desk } from '../support';
import { aNamedNode, aPerson, init, type Typed } from './support';

/** A server that takes a password, or other keys, before a simulated node. */
function before(node: SimulatedNode, options: NodeOptions): Promise<TestNode> {
  const { root } = node;
  const answer: NodeOptions['answer'] = (command, channel) => {
    const start = parseStart(command);
    if (start === undefined) return void channel.end();
    const gone = new AbortController();
    channel.once('close', () => gone.abort());
    const end = {
      ...{ root, user: 'root', start, input: channel.stdin, gone: gone.signal },
      write: (bytes: Buffer) => void channel.write(bytes),
      run: (words: readonly string[]) => runWords(words, { root, user: 'root' }),
      watch: <T>(_: string, act: () => Promise<T>) => act(),
    };
    serveNodesEnd(end).then(
      () => channel.end(),
      () => channel.end(),
    );
  };
  return startNode({ ...options, answer });
}

const options = (node: SimulatedNode, { port, hostKey }: TestNode): string[] => [
  ...['127.0.0.1', '--port', String(port), '--host-key', hostKey.fingerprint],
  ...['--endpoint', node.api.url, '--fetch-ca', '--yes'],
];

test('a node that takes a password is told one that is asked hidden, and nothing keeps it', async () => {
  const [desk, node] = [new Desk(), await aNamedNode()];
  const server = await before(node, { password: 'hunter2' });
  const person = aPerson([
    ['Password of root on the node, for this run alone:', 'wrong'],
    ['Password of root on the node, for this run alone:', 'hunter2'],
  ]);
  const { exit, stdout, stderr } = await init(desk, node, options(node, server), person);
  expect(exit).toBe(0);
  expect(stderr).toContain('That was not accepted.');
  expect(stderr).toContain('A deploy logs in as well: set PROXMOX_SSH_PASSWORD, or authorize a key');
  expect(person.hidden).toHaveLength(2);
  const everything = [stdout, stderr, ...person.progressed, readFileSync(desk.path('env/lab.tfvars'), 'utf8')].join();
  expect(everything).not.toContain('hunter2');
});

test('a password is asked for three times at most, and in a pipe not at all', async () => {
  const [desk, node] = [new Desk(), await aNamedNode()];
  const server = await before(node, { password: 'hunter2' });
  const typed: Typed = [1, 2, 3].map(() => ['Password of root', 'wrong']);
  const terminal = await init(desk, node, options(node, server), aPerson(typed));
  expect(terminal.exit).toBe(1);
  expect(terminal.stderr).toContain('rejected the login');
  const pipe = await init(desk, node, options(node, server));
  expect(pipe.exit).toBe(1);
  expect(pipe.stderr).toContain('PROXMOX_SSH_PASSWORD');
  expect(existsSync(desk.path('env'))).toBe(false);
});

test('an encrypted key opens with a passphrase that is asked hidden', async () => {
  const [desk, node, key] = [new Desk(), await aNamedNode(), makeLockedKey('correct horse')];
  const server = await before(node, { keys: [key] });
  mkdirSync(desk.path('.ssh'));
  writeFileSync(desk.path('.ssh/id_ed25519'), key.private, { mode: 0o600 });
  const person = aPerson([['Passphrase of your SSH key', 'correct horse']]);
  const { exit, stderr } = await init(desk, node, options(node, server), person);
  expect(exit).toBe(0);
  expect(stderr).toContain('set PROXMOX_SSH_PASSPHRASE');
  expect(stderr).not.toContain('correct horse');
});

test('whoever does without the passphrase is asked for a password', async () => {
  const [desk, node, key] = [new Desk(), await aNamedNode(), makeLockedKey('correct horse')];
  const server = await before(node, { keys: [key], password: 'hunter2' });
  mkdirSync(desk.path('.ssh'));
  writeFileSync(desk.path('.ssh/id_ed25519'), key.private, { mode: 0o600 });
  const typed: Typed = [
    ['Passphrase of your SSH key', ''],
    ['Password of root', 'hunter2'],
  ];
  expect((await init(desk, node, options(node, server), aPerson(typed))).exit).toBe(0);
});

test('a node that takes keys alone is asked no password', async () => {
  const [desk, node] = [new Desk(), await aNamedNode()];
  const server = await before(node, { keys: [makeKey()] });
  const { exit, stderr } = await init(desk, node, options(node, server), aPerson([]));
  expect(exit).toBe(1);
  expect(stderr).toContain('Here that is `--identity-file FILE`.');
});

test('somebody who takes the place of the node after its key was confirmed is sent no login', async () => {
  const [desk, node] = [new Desk(), await aNamedNode()];
  const asked: string[] = [];
  const other = new Server({ hostKeys: [makeKey().private] }, (peer) => {
    peer.on('error', () => {});
    peer.on('authentication', (context) => {
      asked.push(context.method);
      context.accept();
    });
  });
  let connections = 0;
  const front = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    if (connections > 1) return other.injectSocket(socket);
    const way = connect(node.ssh.port, '127.0.0.1').on('error', () => {});
    socket.pipe(way).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  onTestFinished(() => void front.close());
  const port = String((front.address() as AddressInfo).port);
  const argv = ['127.0.0.1', '--port', port, '--identity-file', node.privateKeyFile, '--endpoint', node.api.url];
  const { exit, stderr } = await init(desk, node, argv, aPerson([['Is it the same?', 'y']]));
  expect(exit).toBe(1);
  expect(stderr).toContain('does not have the host key in `ssh.host_key`');
  expect(connections).toBeGreaterThan(1);
  expect(asked).toEqual([]);
  expect(existsSync(desk.path('env'))).toBe(false);
});
