import type { SshSettings } from '../../contract/settings';
import type { Session } from './client';
import { type Answer, runCommand } from './command';
import { within } from './limits';
import type { Stop } from './route';
import { takeTurns } from './turns';

export interface Connection {
  /** The user that is logged in. */
  readonly user: string;
  /** Eight may run at once, more wait; the time limit starts when it is sent. What was sent is never sent again. */
  run(command: string): Promise<Answer>;
  /** Waits until the sockets are closed. Idempotent, never throws. */
  close(): Promise<void>;
}

/** OpenSSH allows ten sessions on a connection (MaxSessions); some are left for a slow close. */
const COMMANDS_AT_ONCE = 8;
/** How long a peer may take to say goodbye. */
const GOODBYE_MILLISECONDS = 2000;

/** `sessions`: the jump hosts' first, the node's last. */
export function toConnection(node: Stop, sessions: readonly Session[], settings: SshSettings): Connection {
  const session = sessions.at(-1);
  if (session === undefined) throw new RangeError('no session');
  const limits = { place: node.place, seconds: settings.timeouts.command };
  const turn = takeTurns(COMMANDS_AT_ONCE);
  let closing: Promise<void> | undefined;
  return {
    user: node.user,
    run: (command) => turn(() => runCommand(session, command, limits)),
    close: () => {
      closing ??= closeAll(sessions);
      return closing;
    },
  };
}

/** The innermost session first: the others carry it. */
export async function closeAll(sessions: readonly Session[]): Promise<void> {
  for (const session of [...sessions].reverse()) await closeSession(session);
}

async function closeSession(session: Session): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    session.onClose(resolve);
  });
  session.end();
  await within(GOODBYE_MILLISECONDS, (signal) => {
    const late = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return Promise.race([closed, late]);
  });
  // Of ssh2's own ways out none closes a socket whose other side stays silent.
  session.stream.destroy();
}
