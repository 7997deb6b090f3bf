import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Server } from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { scanHostKey } from '../../../bootstrap/ssh';
import type { SshSettings } from '../../../contract/settings';
import { machineOf, makeHome, makeKey, put, startNode } from './support';

const settingsFor = (port: number, more: Partial<SshSettings> = {}): SshSettings => ({
  host: '127.0.0.1',
  port,
  user: 'root',
  timeouts: { connect: 20, command: 60, lock: 60 },
  ...more,
});
const scan = (settings: SshSettings, home: string) =>
  scanHostKey(settings, machineOf(home, { password: 'hunter2' }), () => {}, { sleep: async () => {} });

/** Somebody who answers in a node's place, and keeps every byte that comes. */
async function aManInTheMiddle() {
  const key = makeKey();
  const received: Buffer[] = [];
  const asked: string[] = [];
  const ssh = new Server({ hostKeys: [key.private] }, (peer) => {
    peer.on('error', () => {});
    peer.on('authentication', (context) => {
      asked.push(context.method);
      context.accept();
    });
  });
  let open = 0;
  const server = createServer((socket) => {
    open += 1;
    socket.on('data', (bytes) => received.push(bytes)).on('error', () => {});
    socket.on('close', () => {
      open -= 1;
    });
    ssh.injectSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { key, asked, received, port: (server.address() as AddressInfo).port, open: () => open };
}

/** The numbers of the messages that stand in clear text behind the greeting. */
function messagesIn(bytes: Buffer): number[] {
  const types: number[] = [];
  let at = bytes.indexOf('\n') + 1;
  while (at < bytes.length) {
    types.push(bytes[at + 5] ?? -1);
    at += 4 + bytes.readUInt32BE(at);
  }
  expect(at, 'whole packets alone').toBe(bytes.length);
  return types;
}

test('whoever answers in the place of the node gets a key exchange, and nothing else', async () => {
  const home = makeHome();
  put(home, 'id_ed25519', makeKey().private);
  const middle = await aManInTheMiddle();
  const shown = await scan(settingsFor(middle.port), home);
  expect(shown).toMatchObject({ fingerprint: middle.key.fingerprint, type: 'ssh-ed25519', host: '127.0.0.1' });
  expect(shown.reason?.code).toBe('HOST_KEY_UNKNOWN');
  expect(middle.asked).toEqual([]);
  const [KEXINIT, KEX_ECDH_INIT] = [20, 30];
  expect(messagesIn(Buffer.concat(middle.received))).toEqual([KEXINIT, KEX_ECDH_INIT]);
  await expect.poll(middle.open).toBe(0);
});

test('a key that known_hosts has is shown without a reason to turn it away', async () => {
  const home = makeHome();
  const node = await startNode();
  put(home, 'known_hosts', node.known());
  const shown = await scan(settingsFor(node.port), home);
  expect(shown).toEqual({ ...shown, fingerprint: node.hostKey.fingerprint, reason: undefined });
  expect(node.logins).toEqual([]);
});

test('another key than the one in known_hosts is shown with the reason', async () => {
  const home = makeHome();
  const node = await startNode({ hostKeys: [makeKey()] });
  const { known } = await startNode({ hostKeys: [makeKey()] });
  put(home, 'known_hosts', known(`[127.0.0.1]:${node.port}`));
  expect((await scan(settingsFor(node.port), home)).reason?.code).toBe('HOST_KEY_CHANGED');
});

test('the key of a node behind a jump host is the node’s', async () => {
  const home = makeHome();
  const login = makeKey();
  put(home, 'id_ed25519', login.private);
  const jump = await startNode({ keys: [login], forwards: true });
  const node = await startNode({ hostKeys: [makeKey('ecdsa')] });
  put(home, 'known_hosts', jump.known());
  const shown = await scan(settingsFor(node.port, { jump: `me@127.0.0.1:${jump.port}` }), home);
  expect(shown).toMatchObject({ type: 'ecdsa-sha2-nistp256', fingerprint: node.hostKey.fingerprint });
  expect(node.logins).toEqual([]);
  await jump.idle();
});

test('a node that is not there is refused as a login would be', async () => {
  const node = await startNode();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(node.port).not.toBe(port);
  await expect(scan(settingsFor(port), makeHome())).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
});
