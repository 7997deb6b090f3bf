/**
 * What can be made to go wrong with a node while it runs.
 *
 * Commands are counted as they come over SSH: a command line; the start of the node's end, told as `nodes-end`; and each of its
 * requests, told as one line (`sudo -n grep -F -e "root@pam!ci " /etc/pve/priv/token.cfg`). After `nodes-end` the run lock is
 * held, and the client does not know yet.
 */
import { tryLock, unlock } from './machine/lock';
import { type Settings, saveSettings } from './machine/settings';
import { lockPath, unlockable } from './nodes-end/lock-file';
import { takeRunLock } from './nodes-end/run-lock';
import type { Cut, CutPlan } from './ssh/cuts';
import type { Noise } from './ssh/noise';

export interface Faults {
  /** The n-th command from now on does not run; its connection is destroyed instead. 1 is the next one. */
  cutBefore(n: number): void;
  /** The n-th command from now on takes effect, but its connection is destroyed before the answer. */
  cutAfter(n: number): void;
  /** Holds the configuration lock until the function that it returns is called. */
  holdLock(): () => void;
  /** Holds the run lock, as another run would, until the function that it gives is called. Waits for its turn. */
  holdRunLock(): Promise<() => void>;
  /** Told of both moments of every command, which waits meanwhile; `cut` destroys its connection there. */
  onCommand?: (moment: Cut, line: string) => undefined | 'cut' | Promise<undefined | 'cut'>;
  /** Every write of pveum fails for want of space; `halfway`: after the first file of a call that writes several. */
  diskFull: boolean | 'halfway';
  /** Added to every call of pveum, in milliseconds. */
  slowMs: number;
  /** Perl's complaint about a missing locale before everything else on stderr. */
  localeWarnings: boolean;
  /** What the login shell does before each command. */
  noise?: Noise;
  /** New SSH connections are dropped at once. */
  refuseConnections: boolean;
}

/** The faults that a node may start with. */
export type FirstFaults = Partial<
  Pick<Faults, 'diskFull' | 'slowMs' | 'localeWarnings' | 'refuseConnections' | 'noise'>
>;

/** The lock file of the product's runs. */
const RUN_LOCK = '/run/lock/cdktf-proxmox-tokens.lock';
const NEVER = new AbortController().signal;

async function holdRunLock(root: string): Promise<() => void> {
  const file = lockPath(root, RUN_LOCK);
  const reason = unlockable(file);
  const release = reason ?? (await takeRunLock({ root, file, seconds: 60, onWait: () => undefined, signal: NEVER }));
  if (typeof release === 'function') return release;
  throw new Error(`The run lock cannot be held: ${release ?? 'another run has held it for a minute'}.`);
}

/** Faults that programs have to know go through the settings file, so that shims see them as well. */
export function makeFaults(root: string, settings: Settings, cuts: CutPlan, first: FirstFaults = {}): Faults {
  const faults: Faults = {
    cutBefore: (n) => cuts.plan('before', n),
    cutAfter: (n) => cuts.plan('after', n),
    holdLock: () => {
      if (!tryLock(root)) throw new Error('The configuration lock is held already.');
      return () => unlock(root);
    },
    holdRunLock: () => holdRunLock(root),
    diskFull: false,
    slowMs: 0,
    localeWarnings: false,
    refuseConnections: false,
    ...first,
  };
  const save = () => {
    const { diskFull, slowMs, localeWarnings } = faults;
    saveSettings(root, { ...settings, diskFull, slowMs, localeWarnings });
  };
  save();
  return new Proxy(faults, {
    set: (_, key, value) => {
      const isSet = Reflect.set(faults, key, value);
      if (Object.hasOwn(settings, key)) save();
      return isSet;
    },
  });
}
