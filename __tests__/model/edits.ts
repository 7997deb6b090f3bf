import type { AsyncCommand } from 'fast-check';
import { type Entry, type EnvironmentName, nameOf, nodeOf, OWNERS, type Owner } from './entries';
import type { World } from './world';

export type Command = AsyncCommand<World, World>;

/** An entry is written into its env file. */
export class AddEntry implements Command {
  constructor(
    private readonly owner: Owner,
    private readonly entry: Entry,
  ) {}
  get name(): string {
    return nameOf(this.owner);
  }
  check = (world: Readonly<World>) => !world.entries.has(nameOf(this.owner));
  async run(world: World): Promise<void> {
    world.entries.set(nameOf(this.owner), this.entry);
    world.bookOf(this.owner).mayChange = true;
  }
  toString = () => `add ${nameOf(this.owner)} ${text(this.entry)}`;
}

export class RemoveEntry implements Command {
  constructor(private readonly owner: Owner) {}
  check = (world: Readonly<World>) => world.entries.has(nameOf(this.owner));
  async run(world: World): Promise<void> {
    world.entries.delete(nameOf(this.owner));
  }
  toString = () => `remove ${nameOf(this.owner)}`;
}

export class EditEntry implements Command {
  constructor(
    private readonly owner: Owner,
    private readonly edit: Partial<Entry>,
  ) {}
  check = (world: Readonly<World>) => world.entries.has(nameOf(this.owner));
  async run(world: World): Promise<void> {
    const before = world.entries.get(nameOf(this.owner));
    if (before === undefined) return;
    const after = { ...before, ...this.edit };
    world.entries.set(nameOf(this.owner), after);
    const same = (['generation', 'user', 'number'] as const).every((key) => before[key] === after[key]);
    if (!same) world.bookOf(this.owner).mayChange = true;
  }
  toString = () => `edit ${nameOf(this.owner)} ${text(this.edit)}`;
}

/** The privileges of a role, in every entry of every file that names it. */
export class EditRole implements Command {
  constructor(
    private readonly role: string,
    private readonly privileges: readonly string[],
  ) {}
  check = () => true;
  async run(world: World): Promise<void> {
    world.privileges[this.role] = this.privileges;
  }
  toString = () => `edit role ${this.role} to ${this.privileges.join(' ')}`;
}

/** The node answers at another address from now on, and every file says so. */
export class MoveNode implements Command {
  constructor(private readonly node: number) {}
  check = () => true;
  async run(world: World): Promise<void> {
    world.move(this.node);
  }
  toString = () => `move node ${this.node}`;
}

/** The state file is gone, or an old copy of it was put back. */
export class SpoilState implements Command {
  constructor(
    private readonly environment: EnvironmentName,
    private readonly how: 'lose' | 'roll back',
  ) {}
  check = (world: Readonly<World>) => world.states.has(this.environment);
  async run(world: World): Promise<void> {
    const before = world.older.get(this.environment);
    const { environment } = this;
    if (this.how === 'lose' || before === undefined) world.states.delete(environment);
    else world.states.set(environment, before);
    for (const checkout of [0, 1]) world.littered.add(`${environment} ${checkout}`);
    if (this.how === 'lose') return;
    for (const owner of OWNERS) if (owner.environment === environment) world.bookOf(owner).distrust(true);
  }
  toString = () => `${this.how} the state of ${this.environment}`;
}

/** Something that is not committed is deleted in one checkout. */
export class LoseFiles implements Command {
  constructor(
    private readonly environment: EnvironmentName,
    private readonly checkout: 0 | 1,
    private readonly what: 'output' | 'hand-offs',
  ) {}
  check = (world: Readonly<World>) =>
    this.what === 'output' || world.checkouts[this.checkout].hasHandoffs(this.environment);
  async run({ checkouts }: World): Promise<void> {
    if (this.what === 'output') checkouts[this.checkout].loseOutput(this.environment);
    else checkouts[this.checkout].loseHandoffs(this.environment);
  }
  toString = () => `lose the ${this.what} of ${this.environment} on checkout ${this.checkout}`;
}

/** Every entry on that node may have been changed there. */
export function meddle(world: World, node: number, secretToo: boolean): void {
  for (const owner of OWNERS) if (nodeOf(owner) === node) world.bookOf(owner).distrust(secretToo);
}

function text(entry: Partial<Entry>): string {
  return JSON.stringify(entry).replace(/"(\w+)":/g, '$1: ');
}
