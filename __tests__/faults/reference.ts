import type { Files } from '../../simulator/pveum/session';
import { type Bench, letOthersWork, openBench, release, restore, stateOf } from './bench';
import { mustDeploy } from './deploy';
import { deployOnceMore } from './ends';
import { type Operation, ownersOf, type Stage, stagesOf } from './operation';
import { startHere } from './start';
import { markedIn, type Rights, rightsOf, secretsIn } from './tokens';

/** A token whose secret stays, with the rights that it has before and after. */
export interface Kept {
  readonly identity: string;
  readonly secret: string;
  readonly rights: Rights;
}

/** An operation as it goes when nothing goes wrong: what its ends are held against, and where faults can strike. */
export interface Reference {
  readonly operation: Operation;
  readonly stages: readonly Stage[];
  /** The node before our first deploy, before this one, after it, and after everything was revoked from there. */
  readonly pristine: Files;
  readonly start: Files;
  readonly end: Files;
  readonly left: Files;
  readonly kept: readonly Kept[];
  /** Tokens of ours that go, because the wanted one takes their place. */
  readonly outgoing: readonly Omit<Kept, 'rights'>[];
  /** By stage: its remote commands, and how often it asks whether it is an orphan. */
  readonly commands: readonly (readonly string[])[];
  readonly checks: readonly number[];
  /** By stage: what it does to files of this machine; empty until somebody counts. */
  readonly local: readonly (readonly string[])[];
  /** Complaints about a deploy once more, from its end. */
  readonly further: readonly string[];
  /** What `token` handed off. */
  readonly secret?: string;
}

export async function takeReference(operation: Operation, bench: Bench): Promise<Reference> {
  const { pristine, start } = await prepare(operation, bench);
  restore(bench, start);
  const stages = stagesOf(operation);
  const commands: string[][] = stages.map(() => []);
  const checks = stages.map(() => 0);
  let stage = -1;
  bench.node.faults.onCommand = (moment, line) => {
    if (moment === 'before') commands[stage]?.push(nameOf(line));
    return undefined;
  };
  const isOrphan = () => {
    checks[stage] = (checks[stage] ?? 0) + 1;
    return false;
  };
  const counting = startHere({ isOrphan });
  const secret = await mustDeploy(stages, bench, 1, (...given) => {
    stage += 1;
    return counting(...given);
  });
  release(bench);
  const end = stateOf(bench);
  const further = await deployOnceMore(stages, bench, secret);
  const left = await revokeAll(operation, bench);
  const ends = { operation, stages, pristine, start, end, left, further };
  return { ...ends, kept: keptIn(ends), outgoing: outgoingIn(ends), commands, checks, local: [], secret };
}

/** Others work first, then we, where the node stood until now. */
async function prepare(operation: Operation, bench: Bench) {
  const { from, others, before = [] } = operation;
  const old = from === undefined ? bench : await openBench(from);
  restore(old, { 'user.cfg': 'user:root@pam:1:0:::root@example.invalid:::\n', 'priv/token.cfg': undefined });
  await letOthersWork(old, others);
  const pristine = stateOf(old);
  for (const [index, entry] of before.entries()) {
    await mustDeploy(stagesOf({ ...operation, wanted: entry, removed: undefined }), old, index + 1, startHere());
  }
  const start = stateOf(old);
  if (old !== bench) await old.close();
  return { pristine, start };
}

async function revokeAll(operation: Operation, bench: Bench): Promise<Files> {
  const stages = ownersOf(operation).map((entry): Stage => ({ verb: 'revoke', entry }));
  await mustDeploy(stages, bench, 9, startHere());
  return stateOf(bench);
}

type Ends = Pick<Reference, 'operation' | 'start' | 'end'>;

function keptIn({ operation: { release, from = release }, start, end }: Ends): Kept[] {
  const after = secretsIn(end);
  return [...secretsIn(start)].flatMap(([identity, secret]) => {
    if (after.get(identity) !== secret) return [];
    const before = rightsOf(start, from, identity, secret) ?? {};
    const later = rightsOf(end, release, identity, secret) ?? {};
    return [{ identity, secret, rights: inBoth(before, later) }];
  });
}

function inBoth(one: Rights, other: Rights): Rights {
  const paths = Object.entries(one).map(([path, held]): [string, Rights[string]] => [
    path,
    Object.fromEntries(Object.entries(held).filter(([privilege]) => other[path]?.[privilege] !== undefined)),
  ]);
  return Object.fromEntries(paths);
}

function outgoingIn({ operation: { wanted }, start, end }: Ends): Omit<Kept, 'rights'>[] {
  if (wanted === undefined) return [];
  const secrets = secretsIn(start);
  const [before, after] = [markedIn(start), markedIn(end)];
  return before
    .filter((identity) => !after.includes(identity))
    .map((identity) => ({ identity, secret: secrets.get(identity) ?? '' }));
}

/** A remote command by its name and what it is on: no options, which might hold what is nobody's business. */
function nameOf(line: string): string {
  const words = line.split(' ');
  const options = words.findIndex((word) => word.startsWith('-'));
  return words.slice(0, options < 0 ? undefined : options).join(' ');
}
