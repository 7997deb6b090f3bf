/** Debian's own OpenSSH server, a process a connection, so that what it logged is complete when it has ended. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export const SSHD = '/usr/sbin/sshd';

const NOBODY = 'nobody';

export interface RealServer {
  readonly name: string;
  readonly port: number;
  /** `type base64` of each host key. */
  readonly hostKeys: readonly string[];
  /** Who came in, a line a connection, since it was last asked: `bastion: me key1 to 127.0.0.1:22`, `node: alice not let in`. */
  readonly visits: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export interface ServerOptions {
  readonly hostKeys?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** Further lines of its sshd_config; they win over ours. */
  readonly config?: string;
  readonly address?: string;
}

/** Makes a key pair without a passphrase, and returns the private file. */
export function generate(file: string, ...words: readonly string[]): string {
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', '', '-f', file, ...words]);
  return file;
}

export const publicLine = (file: string): string => readFileSync(`${file}.pub`, 'utf8').trim();

/** A server on a free port that lets all the keys in, as whoever runs the tests. */
export async function startServer(
  folder: string,
  name: string,
  keys: Readonly<Record<string, string>>,
  { hostKeys = ['ed25519'], config = '', address = '127.0.0.1' }: ServerOptions = {},
): Promise<RealServer> {
  const own = join(folder, `sshd-${name}`);
  mkdirSync(own);
  // Where a server that root runs locks its network part in.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const files = hostKeys.map((type) => generate(join(own, type), '-t', type));
  const authorized = join(own, 'authorized_keys');
  writeFileSync(
    authorized,
    Object.values(keys)
      .map((file) => `${publicLine(file)}\n`)
      .join(''),
  );
  const lines = [
    ...config.split('\n'),
    ...files.map((file) => `HostKey ${file}`),
    `AuthorizedKeysFile ${authorized}`,
    // It tells where a connection is forwarded to.
    'LogLevel DEBUG1',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxAuthTries 20',
  ];
  const sshdConfig = join(own, 'sshd_config');
  writeFileSync(sshdConfig, lines.join('\n'));

  const names = new Map(Object.entries(keys).map(([key, file]) => [fingerprintOf(file), key]));
  let visits: Promise<string>[] = [];
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    visits.push(serve(socket, sshdConfig).then((log) => `${name}: ${visitor(log, names)}`));
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    name,
    port: (server.address() as AddressInfo).port,
    hostKeys: files.map(publicLine),
    visits: async () => {
      const done = await Promise.all(visits);
      visits = [];
      // Some find out before they connect that they must not, some after.
      return done.filter((visit) => !visit.endsWith(NOBODY));
    },
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(visits);
    },
  };
}

async function serve(socket: Socket, sshdConfig: string): Promise<string> {
  const child = spawn(SSHD, ['-i', '-e', '-f', sshdConfig], { stdio: [socket, socket, 'pipe'] });
  socket.destroy();
  const [log] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return log;
}

function visitor(log: string, names: ReadonlyMap<string, string>): string {
  const [, user, fingerprint = ''] = /^Accepted publickey for (.*) from .* (SHA256:\S+)/m.exec(log) ?? [];
  const onward = [...log.matchAll(/target (\S+) port (\d+)/g)].map(([, host, port]) => ` to ${host}:${port}`);
  if (user !== undefined) return `${user} ${names.get(fingerprint) ?? 'unknown key'}${[...new Set(onward)].join('')}`;
  const [, refused] = /(?:[Ii]nvalid|authenticating) user (.*?) (?:from|127\.|::1)/.exec(log) ?? [];
  return refused === undefined ? NOBODY : `${refused} not let in`;
}

function fingerprintOf(file: string): string {
  return execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

/** A real agent that holds one key. */
export async function startAgent(folder: string, keyFile: string) {
  const socket = join(folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(agent.stdout, 'data');
  execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return { socket, close: () => agent.kill() };
}
