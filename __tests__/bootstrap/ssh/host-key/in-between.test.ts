/** Whoever answers in the place of a node or of a jump host gets to see that somebody connects, and nothing else. */
import { describe, expect, test } from 'vitest';

import type { Connection } from '../../../../bootstrap/ssh';
import {
  attempt,
  machineOf,
  makeHome,
  makeKey,
  type NodeOptions,
  parsed,
  put,
  putConfig,
  startAgent,
  startNode,
  type TestNode,
} from '../support';

const key = makeKey();
const honest = makeKey();
const rsa = makeKey('rsa');

/** Takes whatever it is given, and shows a key of its own. */
const attacker = (hostKeys = [makeKey()]): NodeOptions => ({
  hostKeys,
  keys: [key],
  password: 'hunter2',
  forwards: true,
});

/** A home that trusts `honest` under these names, with a key, an agent and a password to lose. */
async function home(config: string, ...names: readonly string[]) {
  const folder = makeHome();
  const agentSocket = await startAgent(folder, [put(folder, 'id_ed25519', key.private)]);
  put(folder, 'known_hosts', names.map((name) => `${name} ${honest.public}\n`).join(''));
  putConfig(folder, config);
  return machineOf(folder, { agentSocket, password: 'hunter2' });
}

function expectNothing(server: TestNode): void {
  expect([server.logins, server.commands, server.forwarded]).toEqual([[], [], []]);
}

const at = (port: number) => `[127.0.0.1]:${port}`;
const CODES = /^HOST_KEY_(CHANGED|UNKNOWN|REVOKED|NOT_PINNED|TOO_SHORT)$/;

/** What people write to be asked less. */
const CONFIGS = [
  '',
  'StrictHostKeyChecking no',
  'StrictHostKeyChecking accept-new',
  'StrictHostKeyChecking off\nUserKnownHostsFile /dev/null',
  'NoHostAuthenticationForLocalhost yes',
  'VerifyHostKeyDNS yes',
  'CheckHostIP no\nUpdateHostKeys yes\nBatchMode no',
  'PreferredAuthentications password,keyboard-interactive,publickey',
  'HostKeyAlgorithms rsa-sha2-512,ssh-ed25519',
  'UserKnownHostsFile none\nGlobalKnownHostsFile none',
];

describe.each(CONFIGS)('with the ssh config %j, nothing is sent', (config) => {
  test.each([
    ['another key', attacker()],
    ['another key of another type', attacker([rsa])],
    ['several keys', attacker([makeKey(), makeKey('ecdsa'), rsa])],
  ])('to a false node with %s', async (_title, options) => {
    const node = await startNode(options);
    const refusal = await attempt().refusal({ port: node.port }, await home(config, at(node.port)));
    expect(refusal.code).toMatch(CODES);
    expectNothing(node);
  });

  test('to a false node in spite of a pin', async () => {
    const node = await startNode(attacker());
    const settings = { port: node.port, host_key: honest.fingerprint };
    expect((await attempt().refusal(settings, await home(config, at(node.port)))).code).toBe('HOST_KEY_NOT_PINNED');
    expectNothing(node);
  });

  test('to a false jump host, nor through it', async () => {
    const [node, bastion] = [await startNode(attacker([honest])), await startNode(attacker())];
    const settings = { port: node.port, host_key: honest.fingerprint, jump: `root@127.0.0.1:${bastion.port}` };
    const refusal = await attempt().refusal(settings, await home(config, at(node.port), at(bastion.port)));
    expect([refusal.code, refusal.what]).toEqual([
      expect.stringMatching(CODES),
      expect.stringContaining('jump host 1'),
    ]);
    expectNothing(bastion);
    expect(node.connections()).toBe(0);
  });

  test('to a false node behind an honest jump host', async () => {
    const bastion = await startNode({ keys: [key], hostKeys: [honest], forwards: true });
    const node = await startNode(attacker());
    // What the config says of the node does not hold for the jump host.
    const jump = `HostName 127.0.0.1\nPort ${bastion.port}\nUser root\nHostKeyAlias bastion`;
    const machine = await home(`Host bastion\n${jump}\nHost * !bastion\n${config}`, at(node.port), 'bastion');
    const refusal = await attempt().refusal({ port: node.port, jump: 'bastion' }, machine);
    expect([refusal.code, refusal.what]).toEqual([expect.stringMatching(CODES), expect.stringContaining('(via ')]);
    expectNothing(node);
    expect(bastion.logins).toEqual([`root publickey ${key.fingerprint}`]);
  });

  test('to a false node behind a ProxyCommand', async () => {
    const node = await startNode(attacker());
    const relay = `const s = require('node:net').connect(${node.port}); process.stdin.pipe(s).pipe(process.stdout)`;
    const command = `ProxyCommand ${process.execPath} -e "${relay}"\n${config}`;
    const refusal = await attempt().refusal({ port: 22 }, await home(command, '127.0.0.1'));
    expect(refusal.code).toMatch(CODES);
    expectNothing(node);
  });
});

test('a false node that is trusted would get it all', async () => {
  const node = await startNode(attacker([honest]));
  const machine = await home('PreferredAuthentications password', at(node.port));
  const connection = await attempt().connect({ port: node.port }, machine);
  await connection.start('pveum');
  expect([node.logins, node.commands]).toEqual([['root password'], ['pveum']]);
});

test('an honest jump host never gets the password, whatever it asks for', async () => {
  const node = await startNode({ keys: [key], hostKeys: [honest] });
  for (const dialogue of [false, true]) {
    const bastion = await startNode({ hostKeys: [honest], password: 'hunter2', dialogue, forwards: true });
    const settings = { port: node.port, jump: `root@127.0.0.1:${bastion.port}` };
    const refusal = await attempt().refusal(settings, await home('', at(node.port), at(bastion.port)));
    expect(refusal.code).toBe('AUTH_FAILED');
    expectNothing(bastion);
  }
  expect(node.connections()).toBe(0);
});

test.each(['PasswordAuthentication no', 'BatchMode yes', 'PreferredAuthentications publickey'])(
  'the node itself gets no password where the ssh config says %s',
  async (config) => {
    for (const dialogue of [false, true]) {
      const node = await startNode({ hostKeys: [honest], password: 'hunter2', dialogue });
      expect((await attempt().refusal({ port: node.port }, await home(config, at(node.port)))).code).toBe(
        'AUTH_FAILED',
      );
      expectNothing(node);
    }
  },
);

test('a node that shows another key when keys are exchanged anew is left, and that is told', async () => {
  let change: (() => void) | undefined;
  const node = await startNode({
    hostKeys: [honest],
    keys: [key],
    answer: (_command, _channel, peer) => {
      change = () => {
        const { _protocol: protocol } = peer as unknown as { _protocol: { _hostKeys: Record<string, unknown> } };
        protocol._hostKeys['ssh-ed25519'] = parsed(makeKey().private);
        peer.rekey();
      };
    },
  });
  const tries = attempt();
  const connection: Connection = await tries.connect({ port: node.port }, await home('', at(node.port)));
  const process = await connection.start('perl');
  change?.();
  expect(await process.ended).toBeUndefined();
  expect(tries.lines.at(-1)).toMatch(/^ssh: `root@127\.0\.0\.1:\d+` presented a different host key than the one in /);
});
