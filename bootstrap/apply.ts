import { SECRET } from '../contract/identifiers';
import type { Clock } from './clock';
import { commandOf } from './node/commands';
import { lastWords } from './node/last-words';
import { secretIn } from './node/look';
import type { Answer, NodeSession } from './node/session';
import type { Step } from './node/steps';
import { nodeLocked, orphaned } from './refusals';

/** What a verb works with: the node, the person who reads along, and whether the engine is still there. */
export interface Run {
  readonly node: NodeSession;
  readonly clock: Clock;
  /** How long to go on trying while the node's configuration is locked, in seconds. */
  readonly lockSeconds: number;
  /** Tells what was found or decided. */
  readonly report: (line: string) => void;
  /** Tells what was changed on the node, and remembers it for an error that comes after. */
  readonly did: (line: string) => void;
  /** Whether the process that started this program is gone (an engine that was killed leaves it running). */
  readonly isOrphan: () => boolean;
}

/** How a step ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly secret?: string }
  /** The node refused it and nothing took effect. */
  | { readonly kind: 'refused'; readonly exit: number; readonly answer: string; readonly cannotRenew: boolean };

/** Runs one step and decides nothing. */
export async function applyStep(step: Step, run: Run): Promise<Outcome> {
  const answer = await whileLocked(commandOf(step), run);
  if (answer.exit !== 0) {
    const cannotRenew = step.verb === 'renewToken' && /Unknown option: regenerate/.test(answer.stderr);
    return { kind: 'refused', exit: answer.exit, answer: lastWords(answer), cannotRenew };
  }
  if (step.verb === 'readSecret') {
    run.report(lineFor(step));
    return { kind: 'done', secret: secretIn(answer, step.identity) };
  }
  run.did(lineFor(step));
  if (step.verb === 'makeToken' || step.verb === 'renewToken') return { kind: 'done', secret: secretOf(answer) };
  return { kind: 'done' };
}

const LOCKED = /got lock (request )?timeout|can't lock file/;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5000;

/** A locked configuration is tried again: nothing took effect then (measured). */
async function whileLocked(
  words: readonly string[],
  { node, clock, lockSeconds, report, isOrphan }: Run,
): Promise<Answer> {
  const deadline = clock.now() + lockSeconds * 1000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    if (isOrphan()) throw orphaned();
    const answer = await node.run(words);
    if (answer.exit === 0 || !LOCKED.test(answer.stderr)) return answer;
    if (clock.now() + pause > deadline) throw nodeLocked(nameOf(words), lockSeconds);
    report("the node's user configuration is locked: waiting");
    await clock.sleep(pause);
  }
}

/** The subcommand and what it is on, without options: enough to know it by, nothing that could be a secret. */
export function nameOf(words: readonly string[]): string {
  const options = words.findIndex((word) => word.startsWith('--'));
  return words.slice(0, options < 0 ? undefined : options).join(' ');
}

function secretOf({ stdout }: Answer): string | undefined {
  try {
    const { value } = JSON.parse(stdout) as { value?: unknown };
    return typeof value === 'string' && SECRET.test(value) ? value : undefined;
  } catch {
    // Told by the caller, without the answer: it may hold the secret.
    return undefined;
  }
}

export function lineFor(step: Step): string {
  switch (step.verb) {
    case 'addUser':
      return `user ${step.userid}: added${step.disabled ? ', disabled: it lists what this entry makes' : ''}`;
    case 'setUserComment':
      return `user ${step.userid}: mark updated`;
    case 'deleteUser':
      return `user ${step.userid}: deleted`;
    case 'addRole':
      return `role ${step.role}: added with ${step.privileges.length} privileges`;
    case 'setRole':
      return `role ${step.role}: set to ${step.privileges.length} privileges`;
    case 'deleteRole':
      return `role ${step.role}: deleted`;
    case 'grant':
      return `acl ${step.path}: ${step.role} given to ${step.principals.map(({ id }) => id).join(' and ')}`;
    case 'revokeGrant':
      return `acl ${step.path}: ${step.role} taken from ${step.principal.id}`;
    case 'makeToken':
      return `token ${step.identity}: made`;
    case 'renewToken':
      return `token ${step.identity}: new secret, the old one is dead`;
    case 'readSecret':
      return `token ${step.identity}: ${step.adopting ? 'adopted' : 'as wanted'}, secret kept`;
    case 'setToken':
      return `token ${step.identity}: ${changesOf(step).join(', ')} updated, secret unchanged`;
    case 'removeToken':
      return `token ${step.identity}: removed`;
  }
}

function changesOf({ comment, expire, privsep }: Extract<Step, { verb: 'setToken' }>): string[] {
  return [
    ...(privsep === undefined ? [] : [`privilege separation ${privsep ? 'on' : 'off'}`]),
    ...(expire === undefined ? [] : ['expiry']),
    ...(comment === undefined ? [] : ['comment']),
  ];
}
