import { applyStep, lineFor, nameOf, type Outcome, type Run } from './apply';
import { commandOf } from './node/commands';
import type { Step } from './node/steps';
import { commandFailed, notConverging, secretLost } from './refusals';

/** What the steps so far have shown. */
export interface Known {
  /** The secret was made, renewed or read. */
  readonly secret?: string;
  /** The node has said that it cannot give a token a new secret in place. */
  readonly cannotRenew: boolean;
}

/** Looks at the node, and plans. */
export type Planner = (known: Known) => Promise<readonly Step[]>;

/** More looks than any plan needs. A node that is not as it was left after so many is being changed by somebody else. */
const MOST_LOOKS = 50;

/**
 * Look, plan, apply, until a plan is done. The node is looked at again where it refuses a step (somebody else may have made, or
 * taken away, the same thing meanwhile, and the new plan knows), and right before a user or a role is deleted.
 *
 * Once the engine is gone nothing is begun: the next deploy may want something else. What was begun is ended, under the node's
 * lock, for which that deploy waits: its state may already say that all this is made.
 */
export async function converge(plan: Planner, run: Run): Promise<Known & { readonly changes: number }> {
  let known: Known = { cannotRenew: false };
  let changes = 0;
  let refused: Refused | undefined;
  const going: Run = { ...run, isOrphan: () => changes === 0 && run.isOrphan() };
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const steps = await plan(known);
    if (refused !== undefined && isSame(steps[0], refused.step)) throw failureOf(refused);
    const part = upToDeletion(steps);
    refused = undefined;
    for (const step of part) {
      const outcome = await applyStep(step, going);
      if (outcome.kind === 'refused') {
        refused = { step, outcome };
        known = { ...known, cannotRenew: known.cannotRenew || outcome.cannotRenew };
        break;
      }
      if (step.verb !== 'readSecret') changes += 1;
      if (handsOutSecret(step)) known = { ...known, secret: outcome.secret ?? lost(step.identity) };
    }
    if (refused === undefined && part.length === steps.length) return { ...known, changes };
  }
  throw notConverging(refused === undefined ? 'a change' : lineFor(refused.step));
}

interface Refused {
  readonly step: Step;
  readonly outcome: Extract<Outcome, { kind: 'refused' }>;
}

function failureOf({ step, outcome }: Refused): Error {
  return commandFailed(nameOf(commandOf(step)), outcome.exit, outcome.answer);
}

/** The steps before the next deletion: one is made only as the first after a look. */
function upToDeletion(steps: readonly Step[]): readonly Step[] {
  const next = steps.findIndex(({ verb }, index) => index > 0 && (verb === 'deleteUser' || verb === 'deleteRole'));
  return next < 0 ? steps : steps.slice(0, next);
}

const isSame = (a: Step | undefined, b: Step) => JSON.stringify(a) === JSON.stringify(b);

function handsOutSecret(step: Step): step is Extract<Step, { verb: 'makeToken' | 'renewToken' | 'readSecret' }> {
  return step.verb === 'makeToken' || step.verb === 'renewToken' || step.verb === 'readSecret';
}

function lost(identity: string): never {
  throw secretLost(identity);
}
