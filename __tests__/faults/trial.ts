import { type Bench, release, restore } from './bench';
import { type Deploy, runStages } from './deploy';
import { checkEnd } from './ends';
import { brokenNow } from './guard';
import type { Armed, Kind } from './kinds';
import type { Reference } from './reference';
import { type Start, startHere } from './start';

/** One place where one kind of fault strikes. */
export interface Point {
  readonly kind: Kind;
  readonly stage: number;
  /** From 1 on. */
  readonly k: number;
  readonly place: string;
}

export function pointsOf(reference: Reference, kinds: readonly Kind[]): readonly Point[] {
  return kinds.flatMap((kind) =>
    reference.stages.flatMap((_, stage) =>
      kind.places(reference, stage).map((place, index): Point => ({ kind, stage, k: index + 1, place })),
    ),
  );
}

export function nameOf({ kind, stage, k, place }: Point, { operation, stages }: Reference): string {
  return `${operation.name}, ${stages[stage]?.verb}, ${kind.name} ${k} (${place})`;
}

const SECRET = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Lets the fault strike, deploys again, and returns what is not as it must be. */
export async function tryPoint(point: Point, reference: Reference, bench: Bench): Promise<readonly string[]> {
  const broken = new Set<string>();
  const watched = watcher(reference, bench, broken);
  restore(bench, reference.start);
  watched.on();
  const first = await runWithFault(point, reference, bench, watched);
  if (first.ending.how === 'defect') broken.add(`it ended as a defect: ${first.ending.said}`);
  if (SECRET.test(first.ending.said)) broken.add('it printed a secret');
  release(bench);
  watched.on();
  const secret = await deployAgain(point, reference, bench, first, broken);
  watched.look(secret);
  if (broken.size > 0) return [...broken];
  bench.node.faults.onCommand = undefined;
  return checkEnd(reference, bench, secret);
}

interface Watcher {
  /** Looks after every command from now on, whatever else watches. */
  on(armed?: Armed): void;
  look(known?: string): void;
}

function watcher(reference: Reference, bench: Bench, broken: Set<string>): Watcher {
  let handedOff: string | undefined;
  const look = (known?: string) => {
    handedOff = known ?? handedOff;
    for (const complaint of brokenNow(reference, bench, handedOff)) broken.add(complaint);
  };
  const on = (armed?: Armed) => {
    bench.node.faults.onCommand = async (moment, line) => {
      if (moment === 'after') look();
      return armed?.watch?.(moment, line);
    };
  };
  return { on, look };
}

async function runWithFault(point: Point, { stages }: Reference, bench: Bench, watched: Watcher): Promise<Deploy> {
  let struck = () => false;
  const faulty: Start = async (...given) => {
    const armed = point.kind.arm(bench, point.k);
    ({ struck } = armed);
    watched.on(armed);
    const ending = await armed.start(...given);
    watched.on();
    return ending;
  };
  const plain = startHere();
  const deploy = await runStages(stages, bench, 1, (index) => (index === point.stage ? faulty : plain));
  watched.look(deploy.secret);
  if (!struck()) throw new Error('the fault did not come to pass');
  return deploy;
}

/** The next deploy, if that one failed: from where the engine knows it got to. Returns what the state holds then. */
async function deployAgain(
  { kind }: Point,
  { stages }: Reference,
  bench: Bench,
  first: Deploy,
  broken: Set<string>,
): Promise<string | undefined> {
  if (first.failed === undefined) return first.secret;
  const from = kind.forgets ? 0 : first.failed;
  const { failed, ending, secret } = await runStages(stages, bench, 2, () => startHere(), from);
  if (failed !== undefined) broken.add(`the next deploy failed at ${stages[failed]?.verb}: ${ending.said}`);
  return secret ?? first.secret;
}
