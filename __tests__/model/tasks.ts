import { blockOf, type Change, type Plan, type State } from './plan';

/** One thing that the engine does in an apply. */
export interface Task {
  readonly change: Change;
  readonly kind: 'destroy' | 'make';
  readonly after: readonly Task[];
  outcome: 'waiting' | 'running' | 'done' | 'failed' | 'skipped';
}

/**
 * The graph of an apply. Destroying goes from the dependents to what they need, early: it waits for nothing that is made. Making
 * goes the other way, after the destruction of the instance itself, and of what depended on it. It waits for what leaves a block
 * that it needs, too: a revocation that fails holds back the tokens of all other clusters.
 */
export function tasksOf({ changes }: Plan, state: State): Task[] {
  const leaving = changes.filter(({ action }) => action === 'delete' || action === 'replace');
  const didNeed = (address: string, other: string) => state.instances.get(address)?.needs.includes(blockOf(other));
  const destroys = new Map<string, Task>();
  const destroy = (change: Change): Task => {
    const there = destroys.get(change.address);
    if (there !== undefined) return there;
    const dependents = leaving.filter(({ address }) => didNeed(address, change.address));
    const task: Task = { change, kind: 'destroy', after: dependents.map(destroy), outcome: 'waiting' };
    destroys.set(change.address, task);
    return task;
  };
  leaving.forEach(destroy);
  const makes: Task[] = [];
  for (const change of changes) {
    const { block, address, action } = change;
    if (block === undefined || action === 'none') continue;
    const needs = (other: Task) => block.needs.includes(blockOf(other.change.address));
    const left = [...destroys.values()].filter(
      (task) => task.change.address === address || didNeed(task.change.address, address) || needs(task),
    );
    makes.push({ change, kind: 'make', after: [...makes.filter(needs), ...left], outcome: 'waiting' });
  }
  return [...destroys.values(), ...makes];
}

/** Those that can start now. What needs something that failed is skipped, the rest goes on. */
export function readyOf(tasks: readonly Task[]): Task[] {
  for (const task of tasks) {
    const stuck = task.after.some(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
    if (task.outcome === 'waiting' && stuck) task.outcome = 'skipped';
  }
  return tasks.filter(({ outcome, after }) => outcome === 'waiting' && after.every((task) => task.outcome === 'done'));
}
