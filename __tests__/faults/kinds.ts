import type { Faults } from '../../simulator/node';
import type { Bench } from './bench';
import type { Reference } from './reference';
import { type Start, startHere } from './start';

export type Watch = NonNullable<Faults['onCommand']>;

/** A fault that is set up for one start of the program. */
export interface Armed {
  readonly start: Start;
  readonly watch?: Watch;
  /** Whether it came to pass. */
  readonly struck: () => boolean;
}

/** One way in which things go wrong. */
export interface Kind {
  readonly name: string;
  /** Where it can strike in that stage, in order: what the k-th place is called. */
  readonly places: (reference: Reference, stage: number) => readonly string[];
  readonly arm: (bench: Bench, k: number) => Armed;
  /** Set where the next deploy begins again instead of at the stage that failed: the engine's state was lost with it. */
  readonly forgets?: true;
  /** Set where a point costs a process: it ends with the node as it must be, byte for byte, and others go on from there. */
  readonly costly?: true;
}

const commands: Kind['places'] = (reference, stage) => reference.commands[stage] ?? [];

/** At that moment of the k-th command from now on. */
export function atCommand(k: number, moment: 'before' | 'after', act: () => ReturnType<Watch>) {
  let count = 0;
  let struck = false;
  const watch: Watch = (now) => {
    if (now === 'before') count += 1;
    if (now !== moment || count !== k || struck) return undefined;
    struck = true;
    return act();
  };
  return { watch, struck: () => struck };
}

/** From the k-th command on the node is in another state. */
const fromCommand = (name: string, set: (bench: Bench) => void): Kind => ({
  name,
  places: commands,
  arm: (bench, k) => {
    const act = () => {
      set(bench);
      return undefined;
    };
    return { start: startHere(), ...atCommand(k, 'before', act) };
  },
});

const cut = (moment: 'before' | 'after'): Kind => ({
  name: `connection cut ${moment}`,
  places: commands,
  arm: (_, k) => ({ start: startHere(), ...atCommand(k, moment, () => 'cut') }),
});

const orphaned: Kind = {
  name: 'parent gone before change',
  places: ({ checks }, stage) => Array.from({ length: checks[stage] ?? 0 }, () => 'change'),
  arm: (_, k) => {
    let count = 0;
    const isOrphan = () => {
      count += 1;
      return count >= k;
    };
    return { start: startHere(isOrphan), struck: () => count >= k };
  },
  forgets: true,
};

const unreachable: Kind = {
  name: 'node not reachable',
  places: (reference, stage) => commands(reference, stage).slice(0, 1),
  arm: ({ node }) => {
    node.faults.refuseConnections = true;
    return { start: startHere(), struck: () => true };
  },
};

/** Kinds that need no process of their own. */
export const KINDS_HERE: readonly Kind[] = [
  unreachable,
  cut('before'),
  cut('after'),
  fromCommand("node's disk full from", ({ node }) => {
    node.faults.diskFull = true;
  }),
  fromCommand("node's disk full half-way from", ({ node }) => {
    node.faults.diskFull = 'halfway';
  }),
  fromCommand('node locked from', ({ node }) => {
    node.faults.holdLock();
  }),
  orphaned,
];
