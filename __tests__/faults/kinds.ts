import type { Faults } from '../../simulator/node';
import { START } from '../../simulator/nodes-end/command';
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
}

/** Some of the commands. Where nothing was changed since, one place is as good as another. */
export type Some = (command: string) => boolean;

const all: Some = () => true;
const isStart: Some = (command) => command === START;
const isChange: Some = (command) => /^pveum .*\b(add|modify|delete|remove)\b/.test(command);
export const isTurn: Some = (command) => isStart(command) || isChange(command);

export const commandsThat =
  (some: Some): Kind['places'] =>
  (reference, stage) =>
    (reference.commands[stage] ?? []).filter(some);

/** At that moment of the k-th of these commands from now on. */
export function atCommand(k: number, some: Some, moment: 'before' | 'after', act: () => ReturnType<Watch>) {
  let count = 0;
  let struck = false;
  const watch: Watch = (now, line) => {
    if (!some(line)) return undefined;
    if (now === 'before') count += 1;
    if (now !== moment || count !== k || struck) return undefined;
    struck = true;
    return act();
  };
  return { watch, struck: () => struck };
}

/** From the k-th change on the node is in another state. */
const fromChange = (name: string, set: (bench: Bench) => void): Kind => ({
  name,
  places: commandsThat(isChange),
  arm: (bench, k) => {
    const act = () => {
      set(bench);
      return undefined;
    };
    return { start: startHere(), ...atCommand(k, isChange, 'before', act) };
  },
});

const cut = (moment: 'before' | 'after', some: Some): Kind => ({
  name: `connection cut ${moment}`,
  places: commandsThat(some),
  arm: (_, k) => ({ start: startHere(), ...atCommand(k, some, moment, () => 'cut') }),
});

const busy: Kind = {
  name: 'another run on the node',
  places: commandsThat(isStart),
  arm: (bench, k) => {
    const act = async () => {
      bench.other = await bench.node.faults.holdRunLock();
      return undefined;
    };
    return { start: startHere({ lock: 0.05 }), ...atCommand(k, isStart, 'before', act) };
  },
};

const orphaned: Kind = {
  name: 'parent gone before change',
  places: ({ checks }, stage) => Array.from({ length: checks[stage] ?? 0 }, () => 'change'),
  arm: (_, k) => {
    let count = 0;
    const isOrphan = () => {
      count += 1;
      return count >= k;
    };
    return { start: startHere({ isOrphan }), struck: () => count >= k };
  },
  forgets: true,
};

const unreachable: Kind = {
  name: 'node not reachable',
  places: commandsThat(isStart),
  arm: ({ node }) => {
    node.faults.refuseConnections = true;
    return { start: startHere(), struck: () => true };
  },
};

/** Kinds that need no process of their own. */
export const KINDS_HERE: readonly Kind[] = [
  unreachable,
  busy,
  cut('before', all),
  cut('after', isTurn),
  fromChange("node's disk full from", ({ node }) => {
    node.faults.diskFull = true;
  }),
  fromChange("node's disk full half-way from", ({ node }) => {
    node.faults.diskFull = 'halfway';
  }),
  fromChange('node locked from', ({ node }) => {
    node.faults.holdLock();
  }),
  orphaned,
];
