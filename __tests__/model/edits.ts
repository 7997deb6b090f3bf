import type { AsyncCommand } from 'fast-check';
import { type Entry, type EnvironmentName, nameOf, OWNERS, type Owner, USUAL } from './entries';
import { EMPTY } from './plan';
import type { World } from './world';

export type Command = AsyncCommand<World, World>;

/** One thing that happens, in words for the counterexample. */
export const command = (text: string, run: (world: World) => unknown, check = (_: World) => true): Command => ({
  check,
  run: async (world) => {
    await run(world);
  },
  toString: () => text,
});

const isThere = (owner: Owner) => (world: World) => world.entries.has(nameOf(owner));
const text = (value: object) => JSON.stringify(value).replace(/"(\w+)":/g, '$1: ');

/** An entry is written into its env file. */
const write = (owner: Owner, entry: Partial<Entry>) => (world: World) => {
  const before = world.entries.get(nameOf(owner));
  const after = { ...(before ?? USUAL), ...entry };
  world.entries.set(nameOf(owner), after);
  const same = (['generation', 'user', 'number'] as const).every((key) => before?.[key] === after[key]);
  if (!same) world.bookOf(owner).mayChange = true;
};

export const addEntry = (owner: Owner, entry: Partial<Entry>): Command =>
  command(`add ${nameOf(owner)} ${text(entry)}`, write(owner, entry), (world) => !isThere(owner)(world));

export const editEntry = (owner: Owner, edit: Partial<Entry>): Command =>
  command(`edit ${nameOf(owner)} ${text(edit)}`, write(owner, edit), isThere(owner));

export const removeEntry = (owner: Owner): Command =>
  command(`remove ${nameOf(owner)}`, (world) => world.entries.delete(nameOf(owner)), isThere(owner));

/** The privileges of a role, in every entry of every file that names it. */
export const editRole = (role: string, privileges: readonly string[]): Command =>
  command(`edit role ${role} to ${privileges.join(' ')}`, (world) => {
    world.privileges[role] = privileges;
  });

/** The node answers at another address from now on, and every file says so. */
export const moveNode = (node: number): Command => command(`move node ${node}`, ({ network }) => network.move(node));

/** The state file is gone, or an old copy of it was put back. */
export const spoilState = (environment: EnvironmentName, how: 'lose' | 'roll back'): Command =>
  command(
    `${how} the state of ${environment}`,
    (world) => {
      const before = how === 'lose' ? EMPTY : world.older.get(environment);
      world.states.set(environment, before ?? EMPTY);
      if (how === 'roll back') distrust(world, (owner) => owner.environment === environment, true);
    },
    (world) => world.states.has(environment),
  );

/** Something that is not committed is deleted in one checkout. */
export const loseFiles = (environment: EnvironmentName, checkout: 0 | 1, what: 'output' | 'hand-offs'): Command =>
  command(`lose the ${what} of ${environment} on checkout ${checkout}`, ({ checkouts }) =>
    checkouts[checkout].lose(what, environment),
  );

/** The nodes, or the states, may not be as the verbs of these entries left them. */
export function distrust(world: World, whose: (owner: Owner) => boolean, secretToo: boolean): void {
  for (const owner of OWNERS.filter(whose)) world.bookOf(owner).distrust(secretToo);
}
