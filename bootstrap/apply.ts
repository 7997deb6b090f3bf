import { Refusal } from '../contract/refusal';
import { commandOf } from './node/commands';
import type { NodeShell } from './node/shell';
import type { Step } from './plan/steps';
import { orphaned } from './refusals';

/** What a verb works with: the node, the person who reads along, and whether the engine is still there. */
export interface Run {
  readonly shell: NodeShell;
  /** Tells what was found or decided. */
  readonly report: (line: string) => void;
  /** Tells what was changed on the node, and remembers it for an error that comes after. */
  readonly did: (line: string) => void;
  /** Whether the process that started this program is gone (an engine that was killed leaves it running). */
  readonly isOrphan: () => boolean;
}

/** Runs the steps in order and decides nothing. A failure says which steps were done. */
export async function applySteps(steps: readonly Step[], run: Run): Promise<void> {
  for (const step of steps) {
    await change(run, () => run.shell.pveum(commandOf(step)));
    run.did(lineFor(step));
  }
}

/** One change of the node, made only while the engine that wants it is there. */
export async function change<T>(run: Run, make: () => Promise<T>): Promise<T> {
  if (run.isOrphan()) throw orphaned();
  return await make();
}

export function lineFor(step: Step): string {
  switch (step.verb) {
    case 'addUser':
      return `user ${step.userid}: added`;
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
    case 'setToken':
      return `token ${step.identity}: ${changesOf(step).join(', ')} updated, secret unchanged`;
    case 'removeToken':
      return `token ${step.identity}: revoked`;
  }
}

function changesOf({ comment, expire, privsep }: Extract<Step, { verb: 'setToken' }>): string[] {
  return [
    ...(privsep === undefined ? [] : [`privilege separation ${privsep ? 'on' : 'off'}`]),
    ...(expire === undefined ? [] : ['expiry']),
    ...(comment === undefined ? [] : ['comment']),
  ];
}

/** Adds to an error how far the run came: the next one goes on from there. */
export function withProgress(error: unknown, done: readonly string[]): unknown {
  if (!(error instanceof Refusal) || done.length === 0) return error;
  const { code, what, why, fix, cause } = error;
  return new Refusal(
    code,
    what,
    why.replace(/^Nothing was changed: (.)/, (_, first: string) => first.toUpperCase()),
    `${fix}\n  done before this: ${done.join('; ')}`,
    { cause },
  );
}
