import { type Change, dependsOn, type Plan } from './plan';
import type { State } from './state';

export type Outcome = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

/** One thing that the engine does in an apply. */
export interface Task {
  readonly change: Change;
  readonly kind: 'destroy' | 'make';
  readonly after: readonly Task[];
  outcome: Outcome;
}

/**
 * The graph of an apply. Destroying goes from the dependents to what they need, early: it waits for nothing that is made. Making
 * goes the other way, after the destruction of the instance itself. An instance that is updated in place, or made, first
 * lets go those that depended on it.
 */
export function tasksOf({ changes }: Plan, state: State): Task[] {
  const destroys = new Map<string, Task>();
  const leaving = changes.filter(({ action }) => action === 'delete' || action === 'replace');
  const needsOf = (address: string) => state.instances.get(address)?.needs ?? [];
  const destroy = (change: Change): Task => {
    const there = destroys.get(change.address);
    if (there !== undefined) return there;
    const dependents = leaving.filter(({ address }) => dependsOn(needsOf(address), change.address));
    const task: Task = { change, kind: 'destroy', after: dependents.map(destroy), outcome: 'waiting' };
    destroys.set(change.address, task);
    return task;
  };
  leaving.forEach(destroy);
  const makes: Task[] = [];
  for (const change of changes) {
    if (change.block === undefined || change.action === 'none') continue;
    const needs = change.block.needs;
    const letGo = [...destroys.values()].filter((task) => dependsOn(needsOf(task.change.address), change.address));
    const own = destroys.get(change.address);
    const made = makes.filter((task) => dependsOn(needs, task.change.address));
    makes.push({ change, kind: 'make', after: [...made, ...letGo, ...(own ? [own] : [])], outcome: 'waiting' });
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
