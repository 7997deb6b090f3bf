/** An SSH server that runs commands on a simulated node and forwards connections, no more. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Connection, Server, type ServerChannel, type Session } from 'ssh2';
import type { Result } from '../machine/program';
import { runLine } from '../shell/run';
import { authenticate, type Logins } from './auth';
import type { Cut, CutPlan, Faults } from './faults';

export interface SshOptions {
  readonly root: string;
  readonly port: number;
  readonly hostKey: string;
  readonly logins: Logins;
  readonly cuts: CutPlan;
  readonly refuses: () => boolean;
  readonly onConnection: () => void;
  readonly onCommand: (line: string) => void;
  readonly watch: NonNullable<Faults['onCommand']>;
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

function answer(channel: ServerChannel, { stdout, stderr, exit }: Result): void {
  if (stderr.length > 0) channel.stderr.write(stderr);
  if (stdout.length > 0) channel.write(stdout);
  channel.exit(exit);
  channel.end();
}

async function execute(channel: ServerChannel, line: string, env: Record<string, string>, client: Client) {
  const { options, socket, user } = client;
  options.onCommand(line);
  const planned = options.cuts.next();
  const isCut = async (moment: Cut) => (await options.watch(moment, line)) === 'cut' || planned === moment;
  if (await isCut('before')) {
    socket.destroy();
    return;
  }
  const stop = new AbortController();
  const abort = () => stop.abort();
  socket.once('close', abort);
  channel.on('error', () => undefined);
  const result = await runLine(line, { root: options.root, user, env, input: channel.stdin, signal: stop.signal });
  socket.off('close', abort);
  if (await isCut('after')) socket.destroy();
  else if (!socket.destroyed) answer(channel, result);
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

/** Lets the node be used as a jump host. */
function serveForwarding(connection: Connection): void {
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    const target = connect(destPort, destIP);
    target.once('error', () => reject());
    target.once('connect', () => {
      const channel = accept();
      target.removeAllListeners('error').on('error', () => channel.destroy());
      channel.on('error', () => target.destroy()).on('close', () => target.destroy());
      channel.pipe(target).pipe(channel);
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
  serveForwarding(connection);
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
