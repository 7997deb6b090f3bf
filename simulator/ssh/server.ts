/** An SSH server that runs commands on a simulated node, no more. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Connection, Server, type ServerChannel, type Session } from 'ssh2';
import { parseStart } from '../nodes-end/command';
import { serveNodesEnd } from '../nodes-end/serve';
import { runLine, runWords } from '../shell/run';
import { authenticate, type Logins } from './auth';
import type { Cut, CutPlan } from './cuts';
import { type Noise, said } from './noise';

export interface SshOptions {
  readonly root: string;
  readonly port: number;
  readonly hostKey: string;
  readonly logins: Logins;
  readonly cuts: CutPlan;
  readonly refuses: () => boolean;
  readonly noise: () => Noise | undefined;
  readonly onConnection: () => void;
  readonly onCommand: (line: string) => void;
  readonly watch: (moment: Cut, line: string) => undefined | 'cut' | Promise<undefined | 'cut'>;
}

export interface RunningSsh {
  readonly port: number;
  close(): Promise<void>;
}

interface Client {
  readonly user: string;
  readonly socket: Socket;
  readonly options: SshOptions;
}

/** One command with its two moments. Undefined where the connection was cut at one of them. */
async function watched<T>({ options, socket }: Client, line: string, act: () => Promise<T>): Promise<T | undefined> {
  options.onCommand(line);
  const planned = options.cuts.next();
  const isCut = async (moment: Cut) => {
    if ((await options.watch(moment, line)) !== 'cut' && planned !== moment) return false;
    socket.destroy();
    return true;
  };
  if (await isCut('before')) return undefined;
  const done = await act();
  return (await isCut('after')) ? undefined : done;
}

function end(channel: ServerChannel, exit: number): void {
  channel.exit(exit);
  channel.end();
}

async function execute(channel: ServerChannel, line: string, env: Record<string, string>, client: Client) {
  const { options, user, socket } = client;
  const { root } = options;
  const noise = said(options.noise(), line);
  channel.on('error', () => undefined);
  channel.stderr.write(noise.stderr);
  channel.write(noise.stdout);
  if (noise.ends) return end(channel, 0);
  const stop = new AbortController();
  for (const stream of [channel, socket]) stream.once('close', () => stop.abort());
  const start = parseStart(line);
  if (start) {
    await serveNodesEnd({
      ...{ root, user, start, input: channel.stdin, gone: stop.signal },
      write: (bytes) => channel.write(bytes),
      // It runs to its end even where nobody waits for its answer any more.
      run: (words) => runWords(words, { root, user, env: { ...env, LC_ALL: 'C.UTF-8' } }),
      watch: (request, act) => watched(client, request, act),
    });
    if (!socket.destroyed) end(channel, 0);
    return;
  }
  const login = { root, user, env, signal: stop.signal, input: channel.stdin };
  const result = await watched(client, line, () => runLine(line, login));
  if (result === undefined) return;
  channel.stderr.write(result.stderr);
  channel.write(result.stdout);
  end(channel, result.exit);
}

function serveSession(session: Session, client: Client): void {
  const env: Record<string, string> = {};
  session.on('env', (accept, _, { key, val }) => {
    // The usual configuration of a node lets the locale through and nothing else.
    if (/^(?:LANG|LC_\w+)$/.test(key)) env[key] = val;
    accept?.();
  });
  session.on('pty', (_, reject) => reject?.());
  session.on('shell', (_, reject) => reject?.());
  session.on('exec', (accept, _, { command }) => {
    const channel = accept();
    execute(channel, command, env, client).catch((error: unknown) => {
      channel.stderr.write(`simulator: ${error instanceof Error ? error.stack : String(error)}\n`);
      channel.exit(254);
      channel.end();
    });
  });
}

function serveConnection(connection: Connection, socket: Socket, options: SshOptions): void {
  let user = '';
  connection.on('authentication', (context) => {
    user = context.username;
    authenticate(context, options.logins);
  });
  // Broken connections are this server's daily bread.
  connection.on('error', () => undefined);
  connection.on('session', (accept) => serveSession(accept(), { user, socket, options }));
}

export async function startSsh(options: SshOptions): Promise<RunningSsh> {
  const sockets = new Set<Socket>();
  const server = new Server({ hostKeys: [options.hostKey] });
  // The library tells of a connection after its greeting, and not of its socket: the client's port tells that.
  server.on('connection', (connection, { port }) => {
    const socket = [...sockets].find(({ remotePort }) => remotePort === port);
    if (socket) serveConnection(connection, socket, options);
    else connection.end();
  });
  // As sshd does it: the second small packet of an answer would wait 40 ms for the other side's acknowledgement.
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (options.refuses()) {
      socket.resetAndDestroy();
      return;
    }
    options.onConnection();
    server.injectSocket(socket);
  });
  listener.listen(options.port, '127.0.0.1');
  await once(listener, 'listening');
  const close = async () => {
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: (listener.address() as AddressInfo).port, close };
}
