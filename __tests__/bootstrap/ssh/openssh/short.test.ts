import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

import { isProgram } from '../../../../simulator/shell/login-shell';
import { refusalOf } from '../../support';
import { attempt } from '../support';
import { generate, publicLine, type RealServer, type ServerOptions, SSHD, startServer } from './servers';

const there = isProgram(SSHD) || process.env.CI !== undefined;

describe.runIf(there)('where `ssh` would get in and we do not, it is said why:', () => {
  let folder: string;
  let key: string;
  let servers: RealServer[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'short-'));
    key = generate(join(folder, 'key'), '-t', 'ed25519');
    servers = [];
    return async () => {
      await Promise.all(servers.map((server) => server.close()));
      rmSync(folder, { recursive: true, force: true });
    };
  });

  /** Both clients with one config file; ours is refused, and what it says besides is in the lines. */
  async function both(
    server: RealServer,
    config: string,
    known = `[127.0.0.1]:${server.port} ${server.hostKeys[0]}\n`,
  ) {
    servers.push(server);
    const [knownHosts, file] = [join(folder, 'known_hosts'), join(folder, 'config')];
    writeFileSync(knownHosts, known);
    const rest = ['Match all', `IdentityFile ${key}`, `UserKnownHostsFile ${knownHosts}`, 'GlobalKnownHostsFile none'];
    const fallback = ['StrictHostKeyChecking yes', 'BatchMode yes', `Port ${server.port}`, 'IdentityAgent none', ''];
    writeFileSync(file, [config, ...rest, ...fallback].join('\n'));
    // Not synchronously: the server's door is in this process.
    const [status] = await once(spawn('ssh', ['-F', file, '127.0.0.1', 'exit'], { stdio: 'ignore' }), 'exit');
    expect(status).toBe(0);
    const { username } = userInfo();
    const machine = {
      home: folder,
      project: folder,
      localUser: username,
      ssh: { home: folder, environment: process.env, configFile: file },
    };
    const tries = attempt();
    const refusal = await refusalOf(tries.connect({ user: username, port: server.port }, machine));
    const say = (text: string) =>
      [folder, username, `${server.port}`].reduce(
        (rest, value, index) => {
          return rest.replaceAll(value, ['DIR', 'ME', 'PORT'][index] ?? '');
        },
        text.replace(/SHA256:[\w+/]+/g, 'SHA256:KEY').replace(/AAAA[\w+/=]+/g, 'KEY'),
      );
    return { lines: tries.lines.map(say), message: say(`${refusal.code}: ${refusal.message}`) };
  }

  const start = (name: string, options: ServerOptions = {}) => startServer(folder, name, { key }, options);

  test('a server that exchanges keys by post-quantum means alone', async () => {
    const server = await start('pq', { config: 'KexAlgorithms sntrup761x25519-sha512@openssh.com' });
    expect((await both(server, '')).message).toMatchInlineSnapshot(`
      "HANDSHAKE_FAILED: The SSH handshake with \`ME@127.0.0.1:PORT\` failed, got: Handshake failed: no matching key exchange algorithm
        why: The port does not belong to an SSH server, or it shares no algorithm with this program, which has no post-quantum key exchange.
        fix: Check host and port, and \`KexAlgorithms\`, \`Ciphers\` and \`MACs\` on both sides. Update an SSH server from before 2016."
    `);
  });

  test('algorithms of the ssh config that we do not have', async () => {
    const { message } = await both(await start('macs'), 'Ciphers aes256-ctr\nMACs umac-128-etm@openssh.com');
    expect(message).toMatchInlineSnapshot(`
      "HANDSHAKE_FAILED: The SSH handshake with \`ME@127.0.0.1:PORT\` failed, got: Handshake failed: no matching C->S MAC
        why: The port does not belong to an SSH server, or it shares no algorithm with this program, which has no post-quantum key exchange.
        fix: Check host and port, and \`KexAlgorithms\`, \`Ciphers\` and \`MACs\` on both sides. Update an SSH server from before 2016."
    `);
  });

  test('a host certificate', async () => {
    const authority = generate(join(folder, 'host-ca'), '-t', 'ed25519');
    const server = await start('host-ca', { config: `HostCertificate ${folder}/sshd-host-ca/ed25519-cert.pub` });
    const own = join(folder, 'sshd-host-ca', 'ed25519');
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'node', '-h', `${own}.pub`]);
    const { message } = await both(server, '', `@cert-authority * ${publicLine(authority)}\n`);
    expect(message).toMatchInlineSnapshot(`
      "HOST_KEY_UNKNOWN: \`ME@127.0.0.1:PORT\` presented an unknown host key, got: SHA256:KEY (ssh-ed25519).
        why: Without a known key, another machine could answer in its place, whatever \`StrictHostKeyChecking\` says. Host certificates are not supported, so DIR/known_hosts:1 (SHA256:KEY) does not vouch for it. No login was attempted.
        fix: Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. If it matches, set \`ssh.host_key = "SHA256:KEY"\` in the entry, or add this line to DIR/known_hosts:
        [127.0.0.1]:PORT ssh-ed25519 KEY"
    `);
  });

  test('a user certificate', async () => {
    const authority = generate(join(folder, 'user-ca'), '-t', 'ed25519');
    const server = await start('user-ca', {
      config: `TrustedUserCAKeys ${authority}.pub\nAuthorizedKeysFile none`,
    });
    const certified = generate(join(folder, 'certified'), '-t', 'ed25519');
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'me', '-n', userInfo().username, `${certified}.pub`]);
    const { lines, message } = await both(server, `IdentitiesOnly yes\nIdentityFile ${certified}`);
    expect(lines[0]).toBe('ssh: DIR/certified-cert.pub is not used: user certificates are not supported');
    expect(message).toMatchInlineSnapshot(`
      "AUTH_FAILED: \`ME@127.0.0.1:PORT\` rejected the login.
        why: Tried: key DIR/certified (SHA256:KEY); key DIR/key (SHA256:KEY). Skipped: DIR/certified-cert.pub is not used: user certificates are not supported. The server accepts: publickey.
        fix: Authorize your key there (\`ssh-copy-id -p PORT ME@127.0.0.1\`)."
    `);
  });

  test('keys that a command knows', async () => {
    const server = await start('command');
    const { message } = await both(
      server,
      `KnownHostsCommand /bin/echo [127.0.0.1]:${server.port} ${server.hostKeys[0]}`,
      '',
    );
    expect(message).toMatchInlineSnapshot(`
      "SSH_OPTION_UNSUPPORTED: The ssh config sets \`KnownHostsCommand\` for \`127.0.0.1\`, which is not supported, got: /bin/echo [127.0.0.1]:PORT ssh-ed25519 KEY
        why: Without it another machine could be reached, or another host key trusted.
        fix: Change \`KnownHostsCommand\` for this host in the ssh config. With PROXMOX_SSH_CONFIG=none no config is read, and the entry says it all."
    `);
  });

  test('a key that nobody knows', async () => {
    const { message } = await both(
      await start('unknown'),
      'StrictHostKeyChecking no\nUserKnownHostsFile /dev/null',
      '',
    );
    expect(message).toMatchInlineSnapshot(`
      "HOST_KEY_UNKNOWN: \`ME@127.0.0.1:PORT\` presented an unknown host key, got: SHA256:KEY (ssh-ed25519).
        why: Without a known key, another machine could answer in its place, whatever \`StrictHostKeyChecking\` says. No login was attempted.
        fix: Compare the fingerprint on the machine's console: \`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. If it matches, set \`ssh.host_key = "SHA256:KEY"\` in the entry, or add this line to known_hosts:
        [127.0.0.1]:PORT ssh-ed25519 KEY"
    `);
  });
});
