import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  type AddressInfo,
  connect as connectSocket,
  createServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type AuthContext,
  type ParsedKey,
  type Connection as Peer,
  type PublicKeyAuthContext,
  Server,
  type ServerChannel,
  utils,
} from 'ssh2';
import { onTestFinished } from 'vitest';

import { type Connection, connect, type Machine } from '../../../bootstrap/ssh';
import { fingerprint } from '../../../bootstrap/ssh/public-key';
import { Refusal } from '../../../contract/refusal';
import type { SshSettings } from '../../../contract/settings';

export interface Pair {
  /** Text of the private key file. */
  readonly private: string;
  /** `type base64` */
  readonly public: string;
  readonly blob: Buffer;
  readonly fingerprint: string;
}

const KINDS = {
  ed25519: () => utils.generateKeyPairSync('ed25519'),
  ecdsa: () => utils.generateKeyPairSync('ecdsa', { bits: 256 }),
  rsa: () => utils.generateKeyPairSync('rsa', { bits: 2048 }),
};

export function makeKey(kind: keyof typeof KINDS = 'ed25519'): Pair {
  return toPair(KINDS[kind]());
}

/** A key whose file only `passphrase` opens. */
export function makeLockedKey(passphrase: string): Pair {
  return toPair(utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-ctr', rounds: 4 }), passphrase);
}

function toPair(pair: { private: string; public: string }, passphrase?: string): Pair {
  const blob = parsed(pair.private, passphrase).getPublicSSH();
  return { private: pair.private, public: pair.public.trim(), blob, fingerprint: fingerprint(blob) };
}

export function parsed(text: string, passphrase?: string): ParsedKey {
  const key = utils.parseKey(text, passphrase);
  if (key instanceof Error) throw key;
  return key;
}

/** A home folder of its own for one test. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'ssh-room-'));
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  putConfig(home);
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** Writes a file below `~/.ssh` and returns its path. */
export function put(home: string, name: string, text: string): string {
  const path = join(home, '.ssh', name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** The ssh config. OpenSSH takes the folder of `known_hosts` from passwd, so what the text leaves open names it. */
export function putConfig(home: string, text = ''): string {
  const known = join(home, '.ssh', 'known_hosts');
  return put(home, 'config', `${text}\nMatch all\nUserKnownHostsFile ${known}\nGlobalKnownHostsFile none\n`);
}

export const machineOf = (home: string, more: Partial<Machine> = {}): Machine => ({
  home,
  project: home,
  localUser: 'me',
  systemFolder: join(home, 'etc'),
  ssh: { home, environment: process.env, configFile: join(home, '.ssh', 'config') },
  ...more,
});

export interface NodeOptions {
  readonly hostKeys?: readonly Pair[];
  /** Keys that may log in. */
  readonly keys?: readonly Pair[];
  readonly password?: string;
  /** Takes the password in a dialogue alone. */
  readonly dialogue?: boolean;
  /** Runs no command at all. */
  readonly refuses?: boolean;
  /** What each command gets; by default its own text on stdout and exit 0. */
  readonly answer?: (command: string, channel: ServerChannel, peer: Peer) => void;
  /** Whether it forwards connections, as a jump host does; without this it forbids to. */
  readonly forwards?: boolean;
  /** Connections that are dropped before the real ones. */
  readonly drops?: number;
}

/** One SSH server on a free port of this process, and what happened to it. */
export interface TestNode {
  readonly port: number;
  readonly hostKey: Pair;
  /** `user method` of every try to log in, `none` left out. */
  readonly logins: string[];
  readonly commands: string[];
  readonly forwarded: string[];
  /** Resolves once no connection is open. */
  readonly idle: () => Promise<void>;
  readonly connections: () => number;
  /** Drops every connection at once. */
  readonly cut: () => void;
  readonly known: (name?: string) => string;
}

/** The host key of a node that is not given another. */
export const HOST_KEY = makeKey();

export async function startNode(options: NodeOptions = {}): Promise<TestNode> {
  const hostKeys = options.hostKeys ?? [HOST_KEY];
  const sockets = new Set<Socket>();
  const logins: string[] = [];
  const commands: string[] = [];
  const forwarded: string[] = [];
  let [connections, drops] = [0, options.drops ?? 0];
  const server = new Server({ hostKeys: hostKeys.map((key) => key.private) }, (peer) => {
    peer.on('error', () => {});
    peer.on('authentication', (context) => authenticate(context, options, logins));
    peer.on('session', (accept) => {
      accept().on('exec', (acceptExec, reject, { command }) => {
        if (options.refuses === true) return reject();
        commands.push(command);
        (options.answer ?? echo)(command, acceptExec(), peer);
      });
    });
    // Without a listener the server says that it is forbidden to forward, with one that refuses that it failed to.
    const { forwards } = options;
    if (forwards === undefined) return;
    peer.on('tcpip', (accept, reject, { destIP, destPort }) => {
      forwarded.push(`${destIP}:${destPort}`);
      if (forwards) forward(accept, reject, destIP, destPort);
      else reject();
    });
  });
  // The server in front sees every connection, those that are dropped too.
  const front = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      front.emit('gone');
    });
    socket.on('error', () => {});
    if (drops-- > 0) socket.destroy();
    else server.injectSocket(socket);
  });
  const port = await listen(front);
  const [hostKey] = hostKeys;
  if (hostKey === undefined) throw new RangeError('a node has a host key');
  const idle = async () => {
    while (sockets.size > 0) await once(front, 'gone');
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const known = (name = `[127.0.0.1]:${port}`) => `${name} ${hostKey.public}\n`;
  return {
    port,
    hostKey,
    logins,
    commands,
    forwarded,
    known,
    cut,
    idle,
    connections: () => connections,
  };
}

/** Listens on a free port until the test is over; a socket that is still open then fails the test. */
export async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    // Waits for the last connection: one that was left open runs into the time limit of the hook.
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function authenticate(context: AuthContext, options: NodeOptions, logins: string[]): void {
  const password = options.dialogue === true ? 'keyboard-interactive' : 'password';
  const methods = [
    ...(options.keys ? ['publickey' as const] : []),
    ...(options.password === undefined ? [] : [password as 'password']),
  ];
  const decide = (fits: boolean) => (fits ? context.accept() : context.reject(methods));
  if (context.method === 'publickey' && context.signature === undefined) {
    logins.push(`${context.username} publickey ${fingerprint(context.key.data)}`);
  } else if (context.method !== 'publickey' && context.method !== 'none') {
    logins.push(`${context.username} ${context.method}`);
  }
  if (context.method === 'publickey') decide(keyFits(context, options.keys ?? []));
  else if (context.method === 'password') decide(password === 'password' && context.password === options.password);
  else if (context.method === 'keyboard-interactive' && options.dialogue === true) {
    context.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) => decide(answer === options.password));
  } else decide(false);
}

/** First a key is only offered; then it has to sign. */
function keyFits({ key: { data }, signature, blob, hashAlgo }: PublicKeyAuthContext, keys: readonly Pair[]): boolean {
  const key = keys.find((candidate) => candidate.blob.equals(data));
  if (key === undefined || signature === undefined) return key !== undefined;
  return parsed(key.public).verify(blob ?? '', signature, hashAlgo) === true;
}

function echo(command: string, channel: ServerChannel): void {
  channel.write(command);
  channel.exit(0);
  channel.end();
}

function forward(accept: () => ServerChannel, reject: () => void, host: string, port: number): void {
  const socket = connectSocket(port, host);
  socket.on('error', () => reject());
  socket.on('connect', () => {
    const channel = accept();
    channel.pipe(socket).pipe(channel);
    channel.on('close', () => socket.destroy()).on('error', () => socket.destroy());
  });
}

/** A message in which what differs from run to run has a name. */
export const named = (text: string, names: Readonly<Record<string, string | number>>): string =>
  Object.entries(names).reduce((rest, [name, value]) => rest.replaceAll(String(value), name), text);

export interface Attempt {
  readonly lines: string[];
  readonly pauses: number[];
  readonly connect: (settings: Partial<SshSettings>, machine: Machine) => Promise<Connection>;
  readonly refusal: (settings: Partial<SshSettings>, machine: Machine) => Promise<Refusal>;
}

/** The program's side: it notes what is reported and how long it would have waited. */
export function attempt(): Attempt {
  const lines: string[] = [];
  const pauses: number[] = [];
  const clock = {
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
    },
  };
  const dial: Attempt['connect'] = async (settings, machine) => {
    const timeouts = { connect: 20, command: 20, lock: 1 };
    const whole = { host: '127.0.0.1', user: 'root', timeouts, ...settings };
    const connection = await connect(whole, machine, (line) => lines.push(line), clock);
    onTestFinished(() => connection.close());
    return connection;
  };
  const refusal: Attempt['refusal'] = async (settings, machine) => {
    const outcome = await dial(settings, machine).catch((error: unknown) => error);
    if (outcome instanceof Refusal) return outcome;
    throw outcome instanceof Error ? outcome : new Error('it was not refused');
  };
  return { lines, pauses, connect: dial, refusal };
}

/** A real ssh-agent that holds these keys, or undefined where there is none. */
export async function startAgent(home: string, keyFiles: readonly string[]): Promise<string | undefined> {
  const socket = join(home, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  const started = await Promise.race([
    once(agent.stdout, 'data').then(() => true),
    once(agent, 'error').then(() => false),
  ]);
  if (!started) return undefined;
  onTestFinished(async () => {
    const exited = once(agent, 'exit');
    agent.kill();
    await exited;
  });
  for (const file of keyFiles) {
    const add = spawn('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    const [code] = await once(add, 'exit');
    if (code !== 0) throw new Error(`ssh-add failed for ${file}`);
  }
  return socket;
}
