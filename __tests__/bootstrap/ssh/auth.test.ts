import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Machine } from '../../../bootstrap/ssh';
import { attempt, machineOf, makeHome, makeKey, makeLockedKey, put, startAgent, startNode } from './support';

const key = makeKey();
const other = makeKey();
const locked = makeLockedKey('open sesame');
const rsa = makeKey('rsa');

describe('a key file', () => {
  test.each([
    ['id_ed25519', key],
    ['id_ecdsa', makeKey('ecdsa')],
    ['id_rsa', rsa],
  ])('%s of the home folder logs in', async (name, pair) => {
    const node = await startNode({ keys: [pair] });
    const home = makeHome();
    put(home, name, pair.private);
    put(home, 'known_hosts', node.known());
    await attempt().connect({ port: node.port }, machineOf(home));
    expect(node.logins).toEqual([`root publickey ${pair.fingerprint}`]);
  });

  test('of the settings is the only one tried, from the project’s folder', async () => {
    const node = await startNode({ keys: [key] });
    const home = makeHome();
    put(home, 'id_ed25519', other.private);
    put(home, 'node-key', key.private);
    const settings = { port: node.port, host_key: node.hostKey.fingerprint, identity_file: '.ssh/node-key' };
    await attempt().connect(settings, machineOf(home));
    expect(node.logins).toEqual([`root publickey ${key.fingerprint}`]);
  });

  test('of the ssh config is found through its tokens', async () => {
    const node = await startNode({ keys: [key] });
    const home = makeHome();
    put(home, 'root.key', key.private);
    put(home, 'config', 'IdentityFile ~/.ssh/missing\nIdentityFile ~/.ssh/%r.key\n');
    await attempt().connect({ port: node.port, host_key: node.hostKey.fingerprint }, machineOf(home));
    expect(node.logins).toEqual([`root publickey ${key.fingerprint}`]);
  });

  test('that is encrypted opens with the passphrase', async () => {
    const node = await startNode({ keys: [locked] });
    const home = makeHome();
    put(home, 'id_ed25519', locked.private);
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    await attempt().connect(settings, machineOf(home, { passphrase: 'open sesame' }));
    expect(node.logins).toEqual([`root publickey ${locked.fingerprint}`]);
  });

  test('that is encrypted is passed over without a passphrase, and the refusal names the variable', async () => {
    const node = await startNode({ keys: [locked, rsa] });
    const home = makeHome();
    const path = put(home, 'id_ed25519', locked.private);
    const tries = attempt();
    const refusal = await tries.refusal({ port: node.port, host_key: node.hostKey.fingerprint }, machineOf(home));
    expect(refusal.message).toBe(`\`root@127.0.0.1:${node.port}\` did not let us in.
  why: there was nothing to try. skipped: ${path} is encrypted, and PROXMOX_SSH_PASSPHRASE is not set. it takes: publickey.
  fix: Put your public key there (ssh-copy-id -p ${node.port} root@127.0.0.1), load the key into the SSH agent, or set PROXMOX_SSH_PASSPHRASE or PROXMOX_SSH_PASSWORD.`);
    expect(tries.lines).toEqual([
      `ssh: ${path} is encrypted, and PROXMOX_SSH_PASSPHRASE is not set`,
      `ssh: connecting to \`root@127.0.0.1:${node.port}\``,
    ]);
  });
});

describe('the key file of the settings is refused', () => {
  const cases: [string, (home: string) => void, Partial<Machine>, string][] = [
    [
      'when it is missing',
      () => {},
      {},
      'KEY_FILE_MISSING: `ssh.identity_file` is not there, got: PATH\n  why: The entry names this key for the node, and no other is tried.\n  fix: Correct the path (absolute, ~/…, or relative to the folder of cdktf.json), or leave the setting out.',
    ],
    [
      'when it cannot be read',
      (home) => mkdirSync(join(home, '.ssh', 'k')),
      {},
      'KEY_FILE_UNREADABLE: `ssh.identity_file` cannot be read, got: PATH (EISDIR)\n  why: The entry names this key for the node, and no other is tried.\n  fix: Make the file readable for the user that runs the deploy.',
    ],
    [
      'when it is no key, of which nothing is shown',
      (home) => void put(home, 'k', 'hunter2'),
      {},
      'KEY_FILE_NOT_PRIVATE: `ssh.identity_file` is not a private key, got: PATH\n  why: It holds neither a private nor a public key.\n  fix: Name the private key (usually the path without .pub), or load it into the SSH agent with ssh-add.',
    ],
    [
      'when it is the public half',
      (home) => void put(home, 'k', key.public),
      {},
      'KEY_FILE_NOT_PRIVATE: `ssh.identity_file` is not a private key, got: PATH\n  why: It holds the public half of a key, and the SSH agent lacks the other.\n  fix: Name the private key (usually the path without .pub), or load it into the SSH agent with ssh-add.',
    ],
    [
      'when it is of a kind that is not supported',
      (home) => void put(home, 'k', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
      {},
      'KEY_FILE_UNSUPPORTED: `ssh.identity_file` is a private key of a kind that is not supported, got: PATH\n  why: Supported are Ed25519, ECDSA and RSA keys as ssh-keygen writes them.\n  fix: Let `ssh-keygen -p -f PATH` write it anew, or load it into the SSH agent with ssh-add.',
    ],
    [
      'when the passphrase does not open it',
      (home) => void put(home, 'k', locked.private),
      { passphrase: 'wrong' },
      'PASSPHRASE_WRONG: The passphrase in PROXMOX_SSH_PASSPHRASE does not open `ssh.identity_file`, got: PATH\n  why: The key is encrypted with another passphrase or in a way that is not supported, and the SSH agent does not hold it.\n  fix: Correct PROXMOX_SSH_PASSPHRASE, or load the key into the SSH agent with ssh-add.',
    ],
  ];

  test.each(cases)('%s, before anything is connected', async (_title, prepare, more, expected) => {
    const node = await startNode({ keys: [key] });
    const home = makeHome();
    prepare(home);
    const settings = { port: node.port, host_key: node.hostKey.fingerprint, identity_file: '~/.ssh/k' };
    const { code, message } = await attempt().refusal(settings, machineOf(home, more));
    expect(`${code}: ${message}`.replaceAll(join(home, '.ssh', 'k'), 'PATH')).toBe(expected);
    expect(node.connections()).toBe(0);
  });
});

describe('the agent', () => {
  const withAgent = async (...keys: { private: string }[]) => {
    const home = makeHome();
    const files = keys.map((pair, index) => put(home, `agent-${index}`, pair.private));
    const agentSocket = await startAgent(home, files);
    return { home, machine: machineOf(home, { agentSocket }), there: agentSocket !== undefined };
  };

  test('logs in with the key that fits', async (context) => {
    const { machine, there } = await withAgent(other, rsa);
    if (!there) return context.skip('there is no ssh-agent');
    const node = await startNode({ keys: [rsa] });
    await attempt().connect({ port: node.port, host_key: node.hostKey.fingerprint }, machine);
    expect(node.logins).toEqual([`root publickey ${other.fingerprint}`, `root publickey ${rsa.fingerprint}`]);
  });

  test('stands in for the settings’ encrypted key, and is asked for no other', async (context) => {
    const { home, machine, there } = await withAgent(other, key);
    if (!there) return context.skip('there is no ssh-agent');
    const path = put(home, 'mine', key.private);
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'open sesame', '-f', path]);
    const node = await startNode({ keys: [key, other] });
    const settings = { port: node.port, host_key: node.hostKey.fingerprint, identity_file: path };
    const tries = attempt();
    await tries.connect(settings, machine);
    expect(node.logins).toEqual([`root publickey ${key.fingerprint}`]);
    expect(tries.lines).toEqual([`ssh: connecting to \`root@127.0.0.1:${node.port}\``]);
  });

  test('is used for the named key alone under IdentitiesOnly, which may be its public half', async (context) => {
    const { home, machine, there } = await withAgent(other, key);
    if (!there) return context.skip('there is no ssh-agent');
    put(home, 'mine.pub', key.public);
    put(home, 'config', 'IdentitiesOnly yes\nIdentityFile ~/.ssh/mine.pub\n');
    const node = await startNode({ keys: [key, other] });
    await attempt().connect({ port: node.port, host_key: node.hostKey.fingerprint }, machine);
    expect(node.logins).toEqual([`root publickey ${key.fingerprint}`]);
  });

  test('that does not answer is passed over with a line', async () => {
    const node = await startNode({ keys: [key] });
    const home = makeHome();
    put(home, 'id_ed25519', key.private);
    const tries = attempt();
    const machine = machineOf(home, { agentSocket: join(home, 'nobody') });
    await tries.connect({ port: node.port, host_key: node.hostKey.fingerprint }, machine);
    expect(tries.lines[0]).toBe(`ssh: the SSH agent at ${join(home, 'nobody')} does not answer`);
  });
});

describe('the password', () => {
  test.each([
    ['password', false],
    ['keyboard-interactive', true],
  ])('logs in by %s, after the keys', async (method, dialogue) => {
    const node = await startNode({ keys: [], password: 'hunter2', dialogue });
    const home = makeHome();
    put(home, 'id_ed25519', key.private);
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    await attempt().connect(settings, machineOf(home, { password: 'hunter2' }));
    expect(node.logins).toEqual([`root publickey ${key.fingerprint}`, `root ${method}`]);
  });

  test('that is wrong is refused with all that was tried, once, and stands nowhere', async () => {
    const node = await startNode({ keys: [], password: 'hunter2' });
    const home = makeHome();
    const path = put(home, 'id_ed25519', key.private);
    const tries = attempt();
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    const refusal = await tries.refusal(settings, machineOf(home, { password: 'swordfish' }));
    expect(refusal.message).toBe(`\`root@127.0.0.1:${node.port}\` did not let us in.
  why: tried: key ${path} (${key.fingerprint}); password. it takes: publickey, password.
  fix: Put your public key there (ssh-copy-id -p ${node.port} root@127.0.0.1), load the key into the SSH agent, or set PROXMOX_SSH_PASSPHRASE or PROXMOX_SSH_PASSWORD.`);
    expect([refusal.code, tries.pauses, node.connections()]).toEqual(['AUTH_FAILED', [], 1]);
    expect([JSON.stringify(refusal), ...tries.lines].join()).not.toContain('swordfish');
  });
});

test('a failed login leaves no socket behind', async () => {
  const node = await startNode({ keys: [] });
  const settings = { port: node.port, host_key: node.hostKey.fingerprint };
  await attempt().refusal(settings, machineOf(makeHome()));
  await node.idle();
  expect(node.connections()).toBe(1);
});
