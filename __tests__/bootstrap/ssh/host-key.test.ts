import { createHmac } from 'node:crypto';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { attempt, machineOf, makeHome, makeKey, put, startNode } from './support';

const key = makeKey();
const ecdsa = makeKey('ecdsa');
const rsa = makeKey('rsa');
const other = makeKey();

function home(knownHosts = ''): string {
  const folder = makeHome();
  put(folder, 'id_ed25519', key.private);
  put(folder, 'known_hosts', knownHosts);
  return folder;
}

function hashed(name: string, publicKey: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')} ${publicKey}\n`;
}

describe('a host key that is known', () => {
  test('by its line with the port lets the session begin', async () => {
    const node = await startNode({ keys: [key] });
    const connection = await attempt().connect({ port: node.port }, machineOf(home(node.known())));
    expect(await connection.run('hostname')).toEqual({ exit: 0, stdout: 'hostname', stderr: '' });
  });

  test('by a hashed name lets the session begin', async () => {
    const node = await startNode({ keys: [key] });
    const machine = machineOf(home(hashed(`[127.0.0.1]:${node.port}`, node.hostKey.public)));
    expect((await attempt().connect({ port: node.port }, machine)).user).toBe('root');
  });

  test('by its alias lets the session begin', async () => {
    const node = await startNode({ keys: [key] });
    const folder = home(node.known('lab-nuc'));
    put(folder, 'config', 'HostKeyAlias lab-nuc\n');
    expect((await attempt().connect({ port: node.port }, machineOf(folder))).user).toBe('root');
  });

  test.each([
    ['RSA', rsa],
    ['ECDSA', ecdsa],
  ])('is asked for by its type: of a node with several keys only the %s key is known', async (_type, known) => {
    const node = await startNode({ keys: [key], hostKeys: [other, ecdsa, rsa] });
    const machine = machineOf(home(`[127.0.0.1]:${node.port} ${known.public}\n`));
    expect((await attempt().connect({ port: node.port }, machine)).user).toBe('root');
    expect(node.connections()).toBe(1);
  });
});

describe('a pinned host key', () => {
  test('is enough without known_hosts', async () => {
    const node = await startNode({ keys: [key] });
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    expect((await attempt().connect(settings, machineOf(home()))).user).toBe('root');
  });

  test('wins over another key in known_hosts', async () => {
    const node = await startNode({ keys: [key] });
    const machine = machineOf(home(`[127.0.0.1]:${node.port} ${other.public}\n`));
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    expect((await attempt().connect(settings, machine)).user).toBe('root');
  });

  test('may be of a type that the node does not show first', async () => {
    const node = await startNode({ keys: [key], hostKeys: [other, ecdsa, rsa] });
    const connection = await attempt().connect({ port: node.port, host_key: rsa.fingerprint }, machineOf(home()));
    expect([connection.user, node.connections()]).toEqual(['root', 3]);
  });

  test('that the node does not have is refused with all that it showed, and nothing was sent', async () => {
    const node = await startNode({ keys: [key], hostKeys: [other, rsa] });
    const tries = attempt();
    const refusal = await tries.refusal({ port: node.port, host_key: ecdsa.fingerprint }, machineOf(home()));
    expect(
      refusal.message,
    ).toBe(`\`root@127.0.0.1:${node.port}\` does not have the pinned host key, got: ${other.fingerprint} (ssh-ed25519), ${rsa.fingerprint} (ssh-rsa).
  why: \`ssh.host_key\` pins ${ecdsa.fingerprint}. Either the machine was installed anew or somebody poses as it; nothing was sent.
  fix: Compare on the machine's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). Only if it is the same, correct \`ssh.host_key\`.`);
    expect([refusal.code, node.logins, tries.pauses]).toEqual(['HOST_KEY_NOT_PINNED', [], []]);
  });
});

describe('a host key that cannot be trusted', () => {
  test('because it is unknown is refused with both ways out, and nothing was sent', async () => {
    const node = await startNode({ keys: [key] });
    const folder = home();
    const refusal = await attempt().refusal({ port: node.port }, machineOf(folder));
    expect(
      refusal.message,
    ).toBe(`\`root@127.0.0.1:${node.port}\` showed a host key that is not known, got: ${node.hostKey.fingerprint} (ssh-ed25519).
  why: Nothing was sent: whoever holds that key would have been given the login.
  fix: Compare it on the machine's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). If it is the same, set ssh.host_key = "${node.hostKey.fingerprint}" in the entry, or add this line to ${join(folder, '.ssh', 'known_hosts')}:
  ${node.known().trim()}`);
    expect([refusal.code, node.logins]).toEqual(['HOST_KEY_UNKNOWN', []]);
  });

  test('because only another type is known says so', async () => {
    const node = await startNode({ keys: [key] });
    const machine = machineOf(home(`[127.0.0.1]:${node.port} ${rsa.public}\n`));
    const refusal = await attempt().refusal({ port: node.port }, machine);
    expect(refusal.what).toMatch(/\(ssh-ed25519\)\. Known for it: ssh-rsa, which it did not show\.$/);
  });

  test('because it changed is refused with the line that knows another', async () => {
    const node = await startNode({ keys: [key] });
    const folder = home(`# lab\n[127.0.0.1]:${node.port} ${other.public}\n`);
    const refusal = await attempt().refusal({ port: node.port }, machineOf(folder));
    expect(
      refusal.message,
    ).toBe(`\`root@127.0.0.1:${node.port}\` showed another host key than the known one, got: ${node.hostKey.fingerprint} (ssh-ed25519).
  why: Known is the key in ${join(folder, '.ssh', 'known_hosts')}:2. Either the machine was installed anew or somebody poses as it; nothing was sent.
  fix: Compare it on the machine's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). Only if it is the same, replace the known one.`);
    expect([refusal.code, node.logins]).toEqual(['HOST_KEY_CHANGED', []]);
  });

  test('because it is revoked is refused, pinned or not', async () => {
    const node = await startNode({ keys: [key] });
    const folder = home(`${node.known()}@revoked * ${node.hostKey.public}\n`);
    const refusal = await attempt().refusal({ port: node.port, host_key: node.hostKey.fingerprint }, machineOf(folder));
    expect(
      refusal.message,
    ).toBe(`\`root@127.0.0.1:${node.port}\` showed a host key that is revoked, got: ${node.hostKey.fingerprint} (ssh-ed25519).
  why: It is revoked in ${join(folder, '.ssh', 'known_hosts')}:2: others may hold it too. A pin does not change that; nothing was sent.
  fix: Give the machine a new host key, or remove the @revoked line if it is wrong.`);
    expect([refusal.code, node.logins]).toEqual(['HOST_KEY_REVOKED', []]);
  });
});
