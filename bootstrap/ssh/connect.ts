import type { SshSettings } from '../../contract/settings';
import type { Clock } from '../clock';
import { printable } from '../foreign-text';
import { askSsh } from './config/ask';
import { planRoute } from './config/route';
import { within } from './limits';
import type { Machine } from './machine';
import type { Stop } from './stop';
import type { Session } from './wire/client';
import { type Context, dial } from './wire/dial';
import { type RemoteProcess, startProcess } from './wire/process';

export interface Connection {
  /** The user that is logged in. */
  readonly user: string;
  /** The node's address, quoted, for messages. */
  readonly place: string;
  /** Starts the one program on the node. Rejects with a Refusal if that does not run. */
  start(command: string): Promise<RemoteProcess>;
  /** Waits until the sockets are closed. Idempotent, never throws. */
  close(): Promise<void>;
}

/** Time that `ssh -G` has in any case: it may run commands and ask name servers. */
const ASK_SECONDS = 10;

/** How long a peer may take to say goodbye. */
const GOODBYE_MILLISECONDS = 2000;

/** Logs in to the node, through its jump hosts. Rejects with a Refusal, and leaves no socket behind then. */
export async function connect(
  settings: SshSettings,
  machine: Machine,
  report: (line: string) => void,
  clock: Pick<Clock, 'sleep'>,
): Promise<Connection> {
  const { route, context } = await prepareRoute(settings, machine, report, clock);
  const sessions = await dialAll(route, context);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(sessions);
    return closing;
  };
  const [node, session] = [route.at(-1), sessions.at(-1)];
  if (node === undefined || session === undefined) throw new RangeError('a route has at least the node');
  const { user } = node;
  const place = printable(node.place);
  return { user, place, start: (command) => startProcess(session, command, place), close };
}

/** The way to the node as the settings and the ssh config have it, and what its dials share. */
export async function prepareRoute(
  settings: SshSettings,
  machine: Machine,
  report: (line: string) => void,
  clock: Pick<Clock, 'sleep'>,
) {
  const context: Context = { machine, report: (line) => report(printable(line)), clock };
  const ask = askSsh(machine, Math.max(ASK_SECONDS, settings.timeouts.connect), context.report);
  return { route: await planRoute(settings, machine, ask), context };
}

/** A session a stop, each through the one before it; none is left open where one does not come about. */
export async function dialAll(route: readonly Stop[], context: Context): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  try {
    for (const stop of route) sessions.push(await dial(stop, sessions.at(-1), context));
  } catch (error) {
    await closeAll(sessions);
    throw error;
  }
  return sessions;
}

/** The innermost session first: the others carry it. */
export async function closeAll(sessions: readonly Session[]): Promise<void> {
  for (const session of [...sessions].reverse()) await closeSession(session);
}

async function closeSession(session: Session): Promise<void> {
  session.end();
  await within(GOODBYE_MILLISECONDS, (signal) => {
    return new Promise<void>((resolve) => {
      session.onClose(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  });
  // Of ssh2's own ways out none closes a socket whose other side stays silent.
  session.stream.destroy();
}
