import type { SimulatedNode } from '../../simulator/node';
import type { Stack } from './blocks';
import { Book } from './book';
import { type Applied, type ApplyStack, applyStack, type Options } from './engine';
import { type Entry, type EnvironmentName, nameOf, OWNERS, type Owner, ROLES } from './entries';
import { Checkout } from './machine';
import { People } from './people';
import { EMPTY, type State } from './plan';
import { synthesizeStacks } from './synthesis';
import { type Fault, Network } from './wire';

export interface How extends Omit<Options, 'destroy'> {
  readonly checkout: 0 | 1;
  readonly fault?: Fault;
}

export const PLAIN: How = { checkout: 0, order: 0, parallel: false };

export interface Report extends Omit<Applied, 'state'> {
  readonly connections: number;
  readonly orphaned: readonly string[];
}

/** Two nodes, two checkouts, the states of every stack, and what the env files say. */
export class World {
  readonly people: readonly People[];
  readonly checkouts: readonly [Checkout, Checkout];
  readonly books = new Map(OWNERS.map((owner) => [nameOf(owner), new Book()]));
  readonly entries = new Map<string, Entry>();
  readonly privileges: Record<string, readonly string[]> = Object.fromEntries(
    ROLES.map((role) => [role, ['VM.Audit']]),
  );
  readonly states = new Map<string, State>();
  readonly older = new Map<string, State>();

  constructor(
    readonly nodes: readonly SimulatedNode[],
    readonly network = new Network(nodes),
    private readonly apply: ApplyStack = applyStack,
  ) {
    this.people = nodes.map((node) => new People(node));
    this.checkouts = [new Checkout(this.network), new Checkout(this.network)];
  }

  nodeOf = (owner: Owner): SimulatedNode => this.nodes[owner.node] as SimulatedNode;
  bookOf = (owner: Owner): Book => this.books.get(nameOf(owner)) as Book;

  entriesOf(environment: EnvironmentName): (readonly [Owner, Entry])[] {
    const owners = OWNERS.filter((owner) => owner.environment === environment);
    return owners.flatMap((owner) => {
      const entry = this.entries.get(nameOf(owner));
      return entry === undefined ? [] : [[owner, entry] as const];
    });
  }

  /** `cdktf deploy` of the environment's stacks: the second only after the first. */
  deploy(environment: EnvironmentName, how: How, replace: readonly string[] = []): Promise<Report> {
    return this.act(synthesizeStacks(environment, this), how, replace);
  }

  /** `cdktf destroy`, the other way round. */
  destroy(environment: EnvironmentName, how: How): Promise<Report> {
    return this.act([...synthesizeStacks(environment, this)].reverse(), { ...how, destroy: true }, []);
  }

  private async act(stacks: readonly Stack[], how: How & Options, replaced: readonly string[]): Promise<Report> {
    const { network } = this;
    network.begin(how.fault);
    let report: Report = { ok: true, died: false, ran: [], complaints: [], connections: 0, orphaned: [] };
    for (const stack of stacks.values()) {
      if (!report.ok) break;
      const state = this.states.get(stack.name) ?? EMPTY;
      const remote = this.states.get(stack.name.replace(/-tfvars$/, ''))?.outputs ?? {};
      const replace = stack === stacks[0] ? replaced : [];
      const machine = this.checkouts[how.checkout].forStack(stack.name);
      const { state: next, ran, ...end } = await this.apply(stack, state, machine, { remote, replace }, how);
      this.older.set(stack.name, state);
      this.states.set(stack.name, next);
      report = { ...report, ...end, ran: [...report.ran, ...ran], connections: network.connections() };
    }
    const orphaned = [...network.orphaned];
    network.begin();
    return { ...report, orphaned };
  }

  close(): void {
    for (const checkout of this.checkouts) checkout.remove();
  }
}
