/** A real OpenSSH server in front of a simulated node: the same files, the same programs by way of the shims. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { prepareRoot } from './machine/node-files';
import { DEFAULT_SETTINGS, readSettings, type Settings, saveSettings } from './machine/settings';
import { endpoint, type SshEndpoint } from './node';
import type { Release } from './pveum/releases';
import { isProgram, makeLoginShell, type Shell } from './shell/login-shell';
import { installShims, quote } from './shell/shims';
import { keyPair } from './ssh/keys';
import type { Noise } from './ssh/noise';

export { hasShell, SHELLS, type Shell } from './shell/login-shell';

export interface OpenSshOptions {
  readonly release: Release;
  /** May be the folder of a running simulated node: both then serve the same files, and share the run lock. */
  readonly root: string;
  /** The login shell. @default 'bash' */
  readonly shell?: Shell;
  /** What its startup file does. */
  readonly noise?: Noise;
  /** Who the login is on the node; another than root needs sudo. @default 'root' */
  readonly as?: string;
  /** What `sudo -n` allows there. @default - as the node in the folder has it, else 'all' */
  readonly sudo?: Settings['sudo'];
  /** @default '/usr/sbin/sshd' */
  readonly sshd?: string;
}

export interface OpenSshServer {
  readonly ssh: SshEndpoint;
  readonly privateKeyFile: string;
  readonly root: string;
  close(): Promise<void>;
}

export class SshdMissing extends Error {
  override readonly name = 'SshdMissing';
  constructor(readonly program: string) {
    super(`No OpenSSH server at ${program}. Install the package openssh-server.`);
  }
}

export const hasSshd = (program = '/usr/sbin/sshd'): boolean => isProgram(program);

function configure(port: number, { root, shell = 'bash', noise, as = 'root' }: OpenSshOptions): string {
  const folder = join(root, 'var', 'sshd', String(port));
  const command = makeLoginShell(folder, { root, shell, noise, as });
  const keys = join(folder, 'authorized_keys');
  writeFileSync(keys, `${keyPair(root, 'authorized_key').publicLine}\n`);
  const file = join(folder, 'sshd_config');
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey "${keyPair(root, 'host_key').privateFile}"`,
    'PidFile none',
    `AuthorizedKeysFile "${keys.replaceAll('%', '%%')}"`,
    // The folder may well belong to somebody else, as temporary folders do.
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'AcceptEnv LANG LC_*',
    'MaxStartups 200',
    'MaxSessions 200',
    `ForceCommand ${quote(command)}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Waits for the line that tells of the open port, or for the end of the program. */
async function untilListening(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  const { stderr } = child;
  if (!stderr) throw new Error('sshd was started without a pipe for its messages.');
  for await (const line of createInterface({ input: stderr })) {
    said.push(line);
    if (line.includes('Server listening')) {
      // Nobody reads on, and a full pipe would stop the server.
      stderr.on('error', () => undefined).resume();
      return;
    }
  }
  throw new Error(`sshd did not start:\n${said.join('\n')}`);
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sessions outlive their server, so they are ended by name. */
async function stop(child: ChildProcess): Promise<void> {
  const sessions = child.pid === undefined ? [] : childrenOf(child.pid);
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
  child.kill('SIGTERM');
  await ended;
  for (const pid of sessions) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // Ended by itself in the meantime.
    }
  }
}

function prepare({ root, release, sudo }: OpenSshOptions): void {
  prepareRoot(root);
  const settings = { ...DEFAULT_SETTINGS, ...readSettings(root), release };
  saveSettings(root, sudo === undefined ? settings : { ...settings, sudo });
  installShims(root);
  // The place where a server that root runs locks its network part in.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
}

export async function startOpenSsh(options: OpenSshOptions): Promise<OpenSshServer> {
  const { root, sshd = '/usr/sbin/sshd' } = options;
  if (!hasSshd(sshd)) throw new SshdMissing(sshd);
  prepare(options);
  const port = await freePort();
  const child = spawn(sshd, ['-D', '-e', '-f', configure(port, options)], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilListening(child);
  return {
    ssh: { ...endpoint(port, keyPair(root, 'host_key')), user: userInfo().username },
    privateKeyFile: keyPair(root, 'authorized_key').privateFile,
    root,
    close: () => stop(child),
  };
}
