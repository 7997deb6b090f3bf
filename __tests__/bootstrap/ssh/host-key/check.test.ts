import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { checkHostKey } from '../../../../bootstrap/ssh/host-key/check';
import type { Stop } from '../../../../bootstrap/ssh/stop';
import { isProgram } from '../../../../simulator/shell/login-shell';
import {
  attempt,
  HOST_KEY,
  machineOf,
  makeHome,
  makeKey,
  named,
  type Pair,
  put,
  putConfig,
  startNode,
  type TestNode,
} from '../support';

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
    expect((await attempt().connect({ port: node.port }, machineOf(home(node.known())))).user).toBe('root');
  });

  test('by a hashed name lets the session begin', async () => {
    const node = await startNode({ keys: [key] });
    const machine = machineOf(home(hashed(`[127.0.0.1]:${node.port}`, node.hostKey.public)));
    expect((await attempt().connect({ port: node.port }, machine)).user).toBe('root');
  });

  test('by its alias lets the session begin', async () => {
    const node = await startNode({ keys: [key] });
    const folder = home(node.known('lab-nuc'));
    putConfig(folder, 'HostKeyAlias lab-nuc\n');
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
    const keys = { ED25519: other.fingerprint, RSA: rsa.fingerprint, PIN: ecdsa.fingerprint };
    expect(named(refusal.message, { PORT: node.port, ...keys })).toMatchInlineSnapshot(`
      "\`root@127.0.0.1:PORT\` does not have the host key in \`ssh.host_key\` (PIN), got: ED25519 (ssh-ed25519), RSA (ssh-rsa).
        why: The machine was reinstalled, or another one answers in its place. No login was attempted.
        fix: Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. Change \`ssh.host_key\` only if it matches."
    `);
    expect([refusal.code, node.logins, tries.pauses]).toEqual(['HOST_KEY_NOT_PINNED', [], []]);
  });
});

describe('several pins', () => {
  const pins: readonly string[] = [rsa.fingerprint, other.fingerprint];
  const stop = { pins, rsaBits: 1024, hostKeyName: 'pve' } as Stop;
  const known = { entries: [], revocation: () => undefined };

  test('let either key in, for the time of a change', () => {
    expect([other, rsa].map(({ blob }) => checkHostKey(stop, known, blob))).toEqual([undefined, undefined]);
  });

  test('let no third key in', () => {
    expect(checkHostKey(stop, known, ecdsa.blob)).toMatchObject({ seen: { fingerprint: ecdsa.fingerprint } });
  });
});

describe('a host key that cannot be trusted', () => {
  interface Case {
    readonly config?: (folder: string) => string;
    readonly pinned?: boolean;
    readonly hostKeys?: readonly Pair[];
  }

  async function refused(knownHosts: (node: TestNode) => string, { config, pinned, hostKeys }: Case = {}) {
    const node = await startNode({ keys: [key], hostKeys });
    const folder = home(knownHosts(node));
    if (config) putConfig(folder, config(folder));
    const { code, message } = await attempt().refusal(
      { port: node.port, ...(pinned ? { host_key: node.hostKey.fingerprint } : {}) },
      machineOf(folder),
    );
    expect(node.logins).toEqual([]);
    const { fingerprint, public: line } = node.hostKey;
    const names = { 'SHA256:KEY': fingerprint, 'SHA256:OTHER': other.fingerprint, 'KEY-LINE': line };
    return `${code}: ${named(message, { HOME: folder, PORT: node.port, ...names })}`;
  }

  test('because it is unknown is refused with both ways out', async () => {
    expect(await refused(() => '')).toMatchInlineSnapshot(`
      "HOST_KEY_UNKNOWN: \`root@127.0.0.1:PORT\` presented an unknown host key, got: SHA256:KEY (ssh-ed25519).
        why: Without a known key, another machine could answer in its place, whatever \`StrictHostKeyChecking\` says. No login was attempted.
        fix: Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. If it matches, set \`ssh.host_key = "SHA256:KEY"\` in the entry, or add this line to HOME/.ssh/known_hosts:
        [127.0.0.1]:PORT KEY-LINE"
    `);
  });

  test('because only another type is known is refused with that type', async () => {
    expect(await refused((node) => `[127.0.0.1]:${node.port} ${rsa.public}\n`)).toMatch(
      'why: known_hosts has only other key types for it: ssh-rsa. No login was attempted.',
    );
  });

  test('because it changed is refused with the line that knows another', async () => {
    expect(await refused((node) => `# lab\n[127.0.0.1]:${node.port} ${other.public}\n`)).toMatchInlineSnapshot(`
      "HOST_KEY_CHANGED: \`root@127.0.0.1:PORT\` presented a different host key than the one in HOME/.ssh/known_hosts:2 (SHA256:OTHER), got: SHA256:KEY (ssh-ed25519).
        why: The machine was reinstalled, or another one answers in its place. No login was attempted.
        fix: Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. Replace the known key only if it matches."
    `);
  });

  test('because it is revoked is refused, pinned or not', async () => {
    const revoked = (node: TestNode) => `${node.known()}@revoked * ${node.hostKey.public}\n`;
    expect(await refused(revoked)).toMatchInlineSnapshot(`
      "HOST_KEY_REVOKED: \`root@127.0.0.1:PORT\` presented a revoked host key, got: SHA256:KEY (ssh-ed25519).
        why: It is revoked in HOME/.ssh/known_hosts:2 (SHA256:KEY). \`ssh.host_key\` does not override that. No login was attempted.
        fix: Create a new host key on the machine. Remove it there only if that is wrong."
    `);
    expect(await refused(revoked, { pinned: true })).toMatch(/^HOST_KEY_REVOKED: /);
  });

  test('because a list revokes it is refused, pinned or not', async () => {
    const config = (folder: string) => {
      put(folder, 'revoked', `# lab\n\n${other.public}\n${HOST_KEY.public} old\n`);
      return `RevokedHostKeys ${folder}/.ssh/revoked`;
    };
    expect(await refused((node) => node.known(), { config })).toMatchInlineSnapshot(`
      "HOST_KEY_REVOKED: \`root@127.0.0.1:PORT\` presented a revoked host key, got: SHA256:KEY (ssh-ed25519).
        why: It is revoked in HOME/.ssh/revoked. \`ssh.host_key\` does not override that. No login was attempted.
        fix: Create a new host key on the machine. Remove it there only if that is wrong."
    `);
    expect(await refused(() => '', { config, pinned: true })).toMatch(/^HOST_KEY_REVOKED: /);
  });

  test.runIf(isProgram('/usr/bin/ssh-keygen'))(
    'because a list of OpenSSH’s own form revokes it is refused',
    async () => {
      const config = (folder: string) => {
        const list = join(folder, '.ssh', 'krl');
        execFileSync('ssh-keygen', ['-q', '-k', '-f', list, put(folder, 'key.pub', `${HOST_KEY.public}\n`)]);
        return `RevokedHostKeys ${list}`;
      };
      expect(await refused((node) => node.known(), { config })).toMatch(
        /^HOST_KEY_REVOKED: .*\n.* revoked in HOME\/.ssh\/krl\./,
      );
      const node = await startNode({ keys: [key], hostKeys: [other] });
      const folder = home(node.known());
      putConfig(folder, config(folder));
      expect((await attempt().connect({ port: node.port }, machineOf(folder))).user).toBe('root');
    },
  );

  test.each([
    [
      'is not there',
      'absent',
      'REVOKED_KEYS_UNREADABLE: `RevokedHostKeys` of the ssh config names a file that cannot be read (ENOENT), got: HOME/.ssh/absent\n',
    ],
    [
      'makes no sense',
      'nonsense',
      'REVOKED_KEYS_BROKEN: HOME/.ssh/nonsense:2: this line of `RevokedHostKeys` is no public key.\n',
    ],
  ])(
    'because a list that might revoke it %s is refused before anything is connected',
    async (_title, name, message) => {
      const config = (folder: string) => {
        put(folder, 'nonsense', `${other.public}\nSHA256:${'a'.repeat(43)}\n`);
        return `RevokedHostKeys ${folder}/.ssh/${name}`;
      };
      expect(await refused((node) => node.known(), { config, pinned: true })).toContain(message);
    },
  );

  test('because it is too short is refused, pinned or not', async () => {
    const config = () => 'RequiredRSASize 3072';
    const about = { config, hostKeys: [rsa], pinned: true };
    expect(await refused(() => '', about)).toMatchInlineSnapshot(`
      "HOST_KEY_TOO_SHORT: \`root@127.0.0.1:PORT\` presented a host key of 2048 bits, got: SHA256:KEY (ssh-rsa).
        why: Fewer than 3072 are not trusted (\`RequiredRSASize\`). No login was attempted.
        fix: Create an Ed25519 host key on the machine: \`ssh-keygen -A\`."
    `);
  });

  test('because only an authority vouches for it is refused with that', async () => {
    const authority = () => `@cert-authority *,!x ${other.public}\n`;
    expect(await refused(authority)).toMatch(
      'why: Without a known key, another machine could answer in its place, whatever',
    );
    expect(await refused(authority)).toMatch(
      'Host certificates are not supported, so HOME/.ssh/known_hosts:1 (SHA256:OTHER) does not vouch for it. No login',
    );
  });

  test('because the ssh config leaves no kind that we know is refused', async () => {
    const config = () => 'HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com';
    expect(await refused((node) => node.known(), { config })).toMatchInlineSnapshot(`
      "HOST_KEY_ALGORITHMS_UNSUPPORTED: \`HostKeyAlgorithms\` of the ssh config leaves nothing to ask \`root@127.0.0.1:PORT\` for, got: ssh-ed25519-cert-v01@openssh.com
        why: Host certificates, hardware keys and SHA-1 are not supported.
        fix: Add ssh-ed25519, ecdsa-sha2-nistp256 or rsa-sha2-512 for this host."
    `);
  });
});
