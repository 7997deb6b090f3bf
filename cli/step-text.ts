import { commandOf } from '../bootstrap/node/commands';
import type { NodeFound } from '../bootstrap/node/found';
import type { Step } from '../bootstrap/node/steps';

/** A step of a plan, as it is shown. */
export interface ShownStep {
  /** As an administrator would type it. */
  readonly command: string;
  /** Privileges that a role gains and loses by it. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export function showStep(step: Step, found: NodeFound): ShownStep {
  const command = commandOf(step).map(quoted).join(' ');
  if (step.verb !== 'addRole' && step.verb !== 'setRole') return { command, add: [], remove: [] };
  const held = found.roles.get(step.role)?.privileges ?? new Set<string>();
  return {
    command,
    add: step.privileges.filter((name) => !held.has(name)),
    remove: [...held].filter((name) => !step.privileges.includes(name)),
  };
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_/.,:@%+=!-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
