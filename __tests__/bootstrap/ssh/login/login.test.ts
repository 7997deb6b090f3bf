import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Machine } from '../../../../bootstrap/ssh';
import type { Refusal } from '../../../../contract/refusal';
import {
  attempt,
  machineOf,
  makeHome,
  makeKey,
  makeLockedKey,
  named,
  put,
  putConfig,
  startAgent,
  startNode,
} from '../support';

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
    putConfig(home, `IdentityFile ~/.ssh/missing\nIdentityFile ${home}/.ssh/%r.key`);
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

  test('that is encrypted is skipped without its passphrase, and the refusal names the variable alone', async () => {
    const node = await startNode({ keys: [locked, rsa], password: 'x' });
    const home = makeHome();
    put(home, 'id_ed25519', locked.private);
    const tries = attempt();
    const refusal = await tries.refusal({ port: node.port, host_key: node.hostKey.fingerprint }, machineOf(home));
    expect(named(refusal.message, { HOME: home, PORT: node.port })).toMatchInlineSnapshot(`
      "\`root@127.0.0.1:PORT\` rejected the login.
        why: There was nothing to try. Skipped: HOME/.ssh/id_ed25519 is encrypted, and PROXMOX_SSH_PASSPHRASE is not set. The server accepts: publickey, password.
        fix: Set PROXMOX_SSH_PASSPHRASE to the passphrase of the key."
    `);
    expect(named(tries.lines[0] ?? '', { HOME: home })).toMatchInlineSnapshot(
      `"ssh: HOME/.ssh/id_ed25519 is encrypted, and PROXMOX_SSH_PASSPHRASE is not set"`,
    );
  });

  test.each([
    ['keys alone', undefined],
    ['a password, too', 'hunter2'],
  ])('that is not there is asked for, of a server that takes %s', async (_title, password) => {
    const node = await startNode({ keys: [key], password });
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    const refusal = await attempt().refusal(settings, machineOf(makeHome()));
    const ways = 'Set `ssh.identity_file` in the entry, or add the key to the SSH agent with ssh-add';
    expect(refusal.fix).toBe(password === undefined ? `${ways}.` : `${ways}, or set PROXMOX_SSH_PASSWORD.`);
    expect(refusal.why).toMatch(/^There was nothing to try\./);
  });

  test('that the server does not take is authorized there, and no password is named that it does not take', async () => {
    const node = await startNode({ keys: [other] });
    const home = makeHome();
    put(home, 'id_ed25519', key.private);
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    const refusal = await attempt().refusal(settings, machineOf(home));
    const names = { HOME: home, PORT: node.port, 'SHA256:KEY': key.fingerprint };
    expect(named(refusal.message, names)).toMatchInlineSnapshot(`
      "\`root@127.0.0.1:PORT\` rejected the login.
        why: Tried: key HOME/.ssh/id_ed25519 (SHA256:KEY). The server accepts: publickey.
        fix: Authorize your key there (\`ssh-copy-id -p PORT root@127.0.0.1\`)."
    `);
  });
});

describe('what the ssh config leaves of the keys', () => {
  async function login(config: string, keys = [key, rsa]) {
    const node = await startNode({ keys });
    const home = makeHome();
    put(home, 'id_ed25519', key.private);
    put(home, 'id_rsa', rsa.private);
    putConfig(home, config);
    const tries = attempt();
    const outcome = tries.connect({ port: node.port, host_key: node.hostKey.fingerprint }, machineOf(home));
    const fix = await outcome.then(() => undefined).catch((error: Refusal) => error.fix);
    const used = node.logins.map((line) => line.replace(key.fingerprint, 'ed25519').replace(rsa.fingerprint, 'rsa'));
    return { used, fix, lines: tries.lines.map((line) => line.replace(home, 'HOME')) };
  }

  test.each<[string, string[]]>([
    ['', ['root publickey rsa']],
    ['PubkeyAcceptedAlgorithms ssh-ed25519', ['root publickey ed25519']],
    ['PubkeyAcceptedAlgorithms rsa-sha2-256', ['root publickey rsa']],
    ['RequiredRSASize 3072', ['root publickey ed25519']],
    ['PubkeyAcceptedAlgorithms ecdsa-sha2-nistp256', []],
    ['PreferredAuthentications password', []],
  ])('is tried: %j', async (config, expected) => {
    expect((await login(config)).used).toEqual(expected);
  });

  test('is nothing, and the way out is named', async () => {
    expect(await login('PubkeyAuthentication no')).toMatchObject({
      used: [],
      fix: 'Allow `PubkeyAuthentication` for this host in the ssh config.',
    });
  });

  test('is told where a certificate or a token is left out', async () => {
    const { used, lines } = await login('CertificateFile ~/.ssh/my-cert.pub\nPKCS11Provider /usr/lib/p11.so');
    expect(used).toEqual(['root publickey rsa']);
    expect(lines.slice(0, 2)).toEqual([
      'ssh: HOME/.ssh/my-cert.pub is not used: user certificates are not supported',
      'ssh: PKCS11Provider /usr/lib/p11.so is not used: add its keys to the SSH agent',
    ]);
  });
});

describe('the key file of the settings is refused, before anything is connected,', () => {
  async function refused(prepare: (home: string) => void, more: Partial<Machine> = {}): Promise<string> {
    const node = await startNode({ keys: [key] });
    const home = makeHome();
    prepare(home);
    const settings = { port: node.port, host_key: node.hostKey.fingerprint, identity_file: '~/.ssh/k' };
    const { code, message } = await attempt().refusal(settings, machineOf(home, more));
    expect(node.connections()).toBe(0);
    return named(`${code}: ${message}`, { PATH: join(home, '.ssh', 'k') });
  }

  test('when it is missing', async () => {
    expect(await refused(() => {})).toMatchInlineSnapshot(`
      "KEY_FILE_MISSING: \`ssh.identity_file\` does not exist, got: PATH
        why: The entry names this key, so no other key is tried.
        fix: Correct the path (absolute, ~/..., or relative to the folder of cdktf.json), or remove the setting."
    `);
  });

  test('when it cannot be read', async () => {
    expect(await refused((home) => mkdirSync(join(home, '.ssh', 'k')))).toMatchInlineSnapshot(`
      "KEY_FILE_UNREADABLE: \`ssh.identity_file\` cannot be read (EISDIR), got: PATH
        why: The entry names this key, so no other key is tried.
        fix: Make the file readable for the user that runs the deploy."
    `);
  });

  test('when it is no key, of which nothing is shown', async () => {
    expect(await refused((home) => put(home, 'k', 'hunter2'))).toMatchInlineSnapshot(`
      "KEY_FILE_NOT_PRIVATE: \`ssh.identity_file\` is not a private key, got: PATH
        why: It holds neither a private nor a public key.
        fix: Set the path of the private key (usually the path without .pub), or add the key to the SSH agent with ssh-add."
    `);
  });

  test('when it is the public half', async () => {
    expect(await refused((home) => put(home, 'k', key.public))).toMatch('why: It is a public key, and the SSH agent');
  });

  test('when it is of a type that is not supported', async () => {
    const text = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    expect(await refused((home) => put(home, 'k', text))).toMatchInlineSnapshot(`
      "KEY_FILE_UNSUPPORTED: \`ssh.identity_file\` is a private key of an unsupported type, got: PATH
        why: Ed25519, ECDSA and RSA keys are supported, as ssh-keygen writes them.
        fix: Convert it with \`ssh-keygen -p -f PATH\`, or add it to the SSH agent with ssh-add."
    `);
  });

  test('when the passphrase does not decrypt it', async () => {
    expect(await refused((home) => put(home, 'k', locked.private), { passphrase: 'wrong' })).toMatchInlineSnapshot(`
      "PASSPHRASE_WRONG: PROXMOX_SSH_PASSPHRASE does not decrypt \`ssh.identity_file\`, got: PATH
        why: The passphrase is wrong, or the cipher is not supported. The SSH agent does not hold the key.
        fix: Correct PROXMOX_SSH_PASSPHRASE, or add the key to the SSH agent with ssh-add."
    `);
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
    putConfig(home, 'IdentitiesOnly true\nIdentityFile ~/.ssh/mine.pub');
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
    put(home, 'id_ed25519', key.private);
    const tries = attempt();
    const settings = { port: node.port, host_key: node.hostKey.fingerprint };
    const refusal = await tries.refusal(settings, machineOf(home, { password: 'swordfish' }));
    const names = { HOME: home, PORT: node.port, 'SHA256:KEY': key.fingerprint };
    expect(named(refusal.message, names)).toMatchInlineSnapshot(`
      "\`root@127.0.0.1:PORT\` rejected the login.
        why: Tried: key HOME/.ssh/id_ed25519 (SHA256:KEY); password. The server accepts: publickey, password.
        fix: Authorize your key there (\`ssh-copy-id -p PORT root@127.0.0.1\`), or correct PROXMOX_SSH_PASSWORD."
    `);
    expect([refusal.code, tries.pauses, node.connections()]).toEqual(['AUTH_FAILED', [], 1]);
    expect([JSON.stringify(refusal), ...tries.lines].join()).not.toContain('swordfish');
  });
});

test('a server that takes a password alone is asked for nothing else', async () => {
  const node = await startNode({ password: 'hunter2' });
  const home = makeHome();
  putConfig(home, 'PasswordAuthentication no\n');
  const settings = { port: node.port, host_key: node.hostKey.fingerprint };
  const [without, forbidden] = [machineOf(makeHome()), machineOf(home, { password: 'hunter2' })];
  expect((await attempt().refusal(settings, without)).fix).toBe('Set PROXMOX_SSH_PASSWORD.');
  expect((await attempt().refusal(settings, forbidden)).fix).toBe(
    "Allow `PubkeyAuthentication` for this user in the server's sshd_config.",
  );
  expect(node.logins).toEqual([]);
});

test('a failed login leaves no socket behind', async () => {
  const node = await startNode({ keys: [] });
  const settings = { port: node.port, host_key: node.hostKey.fingerprint };
  await attempt().refusal(settings, machineOf(makeHome()));
  await node.idle();
  expect(node.connections()).toBe(1);
});
