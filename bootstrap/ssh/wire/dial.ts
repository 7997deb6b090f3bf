import type { Clock } from '../../clock';
import { checkHostKey, type Knowledge, NotThePin, planAlgorithms, refusePinned } from '../host-key/check';
import { parseKnownHosts } from '../host-key/known-hosts';
import { hostKeyAlgorithmsUnsupported, type SeenKey } from '../host-key/refusals';
import { readRevoked } from '../host-key/revoked';
import { within } from '../limits';
import { Attempts, planAttempts } from '../login/attempts';
import { type Identities, readIdentities } from '../login/identities';
import type { Machine } from '../machine';
import { readIfThere } from '../openssh-files';
import type { Stop } from '../stop';
import { type Login, openSession, type Session } from './client';
import { DialFailure, describeFailure, isTransient, refusalFor } from './failures';
import { openProxy } from './proxy';
import { openForward, openSocket } from './streams';

/** What the dials of a route share. */
export interface Context {
  readonly machine: Machine;
  readonly report: (line: string) => void;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Turns every host key away with an error of its own: for who wants to see the key and go no further. */
  readonly turnAway?: (blob: Buffer, reason: Error | undefined) => Error;
}

/** Pauses between the attempts; one attempt more than there are pauses. */
const BACKOFF_MILLISECONDS = [1000, 2000];
const ATTEMPTS = BACKOFF_MILLISECONDS.length + 1;

/** Everything that one attempt needs. */
interface Plan {
  readonly stop: Stop;
  readonly via?: Session;
  readonly known: Knowledge;
  readonly identities: Identities;
  readonly context: Context;
}

/** Logs in at one stop, through the session before it if there is one. */
export async function dial(stop: Stop, via: Session | undefined, context: Context): Promise<Session> {
  const files = stop.knownHostsFiles.map(async (file) => parseKnownHosts(await readIfThere(file), file));
  const revocation = await readRevoked(stop.revokedFiles, context.machine.ssh);
  const known = { entries: (await Promise.all(files)).flat(), revocation };
  const identities = await readIdentities(stop, context.machine);
  for (const { reason } of identities.skipped) context.report(`ssh: ${reason}`);
  context.report(`ssh: connecting to ${stop.place}`);
  return dialUntilPinned({ stop, via, known, identities, context });
}

/** A pin may be of any type of key, so with a pin the types are asked for one after the other: five handshakes at most. */
async function dialUntilPinned(plan: Plan): Promise<Session> {
  const seen: SeenKey[] = [];
  const { stop, known } = plan;
  while (planAlgorithms(stop, known.entries, seen).length > 0) {
    try {
      return await dialWithRetries(plan, seen);
    } catch (error) {
      if (!(error instanceof NotThePin)) throw error;
      seen.push(error.seen);
    }
  }
  throw seen.length > 0
    ? refusePinned(stop, seen)
    : hostKeyAlgorithmsUnsupported(stop.place, stop.algorithms.hostKey ?? []);
}

async function dialWithRetries(plan: Plan, seen: readonly SeenKey[]): Promise<Session> {
  const { stop, identities, context } = plan;
  for (let attempt = 1; ; attempt += 1) {
    const attempts = new Attempts(planAttempts(stop, identities, context.machine));
    try {
      return await dialOnce(plan, seen, attempts);
    } catch (error) {
      if (!(error instanceof DialFailure)) throw error;
      const wait = BACKOFF_MILLISECONDS[attempt - 1];
      if (!isTransient(error) || wait === undefined) {
        // Types it has not shown are not there: the pinned key is not among those that are.
        if (seen.length > 0 && error.stage === 'handshake') throw refusePinned(stop, seen);
        const { tried, accepted } = attempts;
        throw refusalFor(stop, error, { attempt, tried, accepted, skipped: identities.skipped });
      }
      const reason = describeFailure(error, stop.connectSeconds);
      context.report(`ssh: attempt ${attempt} of ${ATTEMPTS} failed: ${reason}; next in ${wait / 1000} s`);
      await context.clock.sleep(wait);
    }
  }
}

function dialOnce({ stop, via, known, context }: Plan, seen: readonly SeenKey[], attempts: Attempts): Promise<Session> {
  let inside = false;
  const check = (blob: Buffer) => {
    const judged = checkHostKey(stop, known, blob);
    const reason = context.turnAway?.(blob, judged) ?? judged;
    // Keys are exchanged anew from time to time. All that ssh2 says of it then is that the connection is lost.
    if (inside && reason !== undefined) context.report(`ssh: ${reason.message.split('\n', 1)}`);
    return reason;
  };
  return within(stop.connectSeconds * 1000, async (signal) => {
    const { user, algorithms, keepalive } = stop;
    const hostKeys = planAlgorithms(stop, known.entries, seen);
    const next: Login['next'] = (accepted) => attempts.next(accepted);
    const stream = await openStream(stop, via, context, signal);
    const session = await openSession(stream, { user, hostKeys, algorithms, keepalive, check, next, signal });
    inside = true;
    return session;
  });
}

function openStream(stop: Stop, via: Session | undefined, { machine, report }: Context, signal: AbortSignal) {
  if (via !== undefined) return openForward(via, stop, signal);
  if (stop.proxyCommand === undefined) return openSocket(stop, signal);
  const tell = (line: string) => report(`ssh: ProxyCommand: ${line}`);
  return openProxy(stop.proxyCommand, { environment: machine.ssh?.environment ?? {}, tell }, signal);
}
