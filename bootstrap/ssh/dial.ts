import { Attempts, planAttempts } from './auth';
import { openSession, type Session } from './client';
import type { Clock } from './clock';
import { DialFailure, describeFailure, isTransient } from './failures';
import { checkHostKey, NotThePin, planAlgorithms, refusePinned, type SeenKey } from './host-key';
import { type Identities, readIdentities } from './identities';
import type { KnownHost } from './known-hosts';
import { readKnownHosts } from './known-hosts-files';
import { within } from './limits';
import type { Machine } from './machine';
import { refusalFor } from './outcome';
import type { Stop } from './route';
import { openForward, openSocket } from './streams';

/** What a whole dial shares. */
export interface Surroundings {
  readonly machine: Machine;
  readonly report: (line: string) => void;
  readonly clock: Clock;
}

/** Pauses between the attempts; one attempt more than there are pauses. */
const BACKOFF_MILLISECONDS = [1000, 2000];
const ATTEMPTS = BACKOFF_MILLISECONDS.length + 1;

/** Everything that one attempt needs. */
interface Plan {
  readonly stop: Stop;
  readonly via?: Session;
  readonly entries: readonly KnownHost[];
  readonly identities: Identities;
  readonly around: Surroundings;
}

/** Logs in at one stop, through the session before it if there is one. */
export async function dial(stop: Stop, via: Session | undefined, around: Surroundings): Promise<Session> {
  const entries = await readKnownHosts(stop.knownHostsFiles);
  const identities = await readIdentities(stop, around.machine);
  for (const reason of identities.skipped) around.report(`ssh: ${reason}`);
  around.report(`ssh: connecting to ${stop.place}`);
  return dialUntilPinned({ stop, via, entries, identities, around });
}

/** A pin may be of any type of key, so with a pin the types are asked for one after the other: five handshakes at most. */
async function dialUntilPinned(plan: Plan): Promise<Session> {
  const seen: SeenKey[] = [];
  while (planAlgorithms(plan.stop, plan.entries, seen).length > 0) {
    try {
      return await dialWithRetries(plan, seen);
    } catch (error) {
      if (!(error instanceof NotThePin)) throw error;
      seen.push(error.seen);
    }
  }
  throw refusePinned(plan.stop, seen);
}

async function dialWithRetries(plan: Plan, seen: readonly SeenKey[]): Promise<Session> {
  const { stop, identities, around } = plan;
  for (let attempt = 1; ; attempt += 1) {
    const attempts = new Attempts(planAttempts(stop, identities, around.machine));
    try {
      return await dialOnce(plan, seen, attempts);
    } catch (error) {
      if (!(error instanceof DialFailure)) throw error;
      const wait = BACKOFF_MILLISECONDS[attempt - 1];
      if (!isTransient(error) || wait === undefined) {
        // Types it has not shown are not there: the pinned key is not among those that are.
        if (seen.length > 0 && error.stage === 'handshake') throw refusePinned(stop, seen);
        throw refusalFor(stop, error, { attempt, attempts, skipped: identities.skipped });
      }
      const reason = describeFailure(error, stop.connectSeconds);
      around.report(`ssh: attempt ${attempt} of ${ATTEMPTS} failed: ${reason}; again in ${wait / 1000} s`);
      await around.clock.sleep(wait);
    }
  }
}

function dialOnce(plan: Plan, seen: readonly SeenKey[], attempts: Attempts): Promise<Session> {
  const { stop, via, entries } = plan;
  return within(stop.connectSeconds * 1000, async (signal) => {
    const stream = await (via ? openForward(via, stop, signal) : openSocket(stop, signal));
    return openSession(stream, {
      user: stop.user,
      algorithms: planAlgorithms(stop, entries, seen),
      check: (blob) => checkHostKey(stop, entries, blob),
      attempts,
      signal,
    });
  });
}
