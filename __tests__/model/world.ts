import type { SimulatedNode } from '../../simulator/node';
import type { Stack } from './blocks';
import { Book } from './book';
import { applyStack, type Death, type Options, type Ran } from './engine';
import { type Entry, type EnvironmentName, nameOf, nodeOf, OWNERS, type Owner, ROLES } from './entries';
import { Checkout } from './machine';
import { People } from './people';
import { EMPTY, type State } from './state';
import { entryText, type Facts, synthesizeStacks } from './synthesis';
import { type Fault, Network } from './wire';

export interface How {
  readonly checkout: 0 | 1;
  readonly order: number;
  readonly parallel: boolean;
  readonly fault: Fault;
  readonly death?: Death;
}

export const PLAIN: How = { checkout: 0, order: 0, parallel: false, fault: { kind: 'none' } };

export interface Report {
  readonly ok: boolean;
  readonly died: boolean;
  readonly ran: readonly Ran[];
  readonly complaints: readonly string[];
  readonly connections: number;
  /** Changes that were sent after the engine had died. */
  readonly orphaned: readonly string[];
}

/** Two nodes, two checkouts, the states of every stack, and what the env files say. */
export class World {
  readonly network: Network;
  readonly people: readonly People[];
  readonly checkouts: readonly [Checkout, Checkout];
  readonly books = new Map(OWNERS.map((owner) => [nameOf(owner), new Book()]));
  readonly entries = new Map<string, Entry>();
  readonly privileges: Record<string, readonly string[]> = Object.fromEntries(
    ROLES.map((role) => [role, ['VM.Audit']]),
  );
  readonly states = new Map<string, State>();
  readonly older = new Map<string, State>();
  /** Checkouts on which a failed deploy may have left a hand-off that no later deploy there has to delete. */
  readonly littered = new Set<string>();
  /** The checkout of the last deploy, where it failed. */
  readonly failedOn = new Map<EnvironmentName, number>();
  private readonly addresses: string[];
  private moves = 0;

  constructor(readonly nodes: readonly SimulatedNode[]) {
    this.network = new Network(nodes);
    this.people = nodes.map((node) => new People(node));
    this.checkouts = [new Checkout(this.network), new Checkout(this.network)];
    this.addresses = nodes.map((_, node) => `node${node}.example.net`);
    this.addresses.forEach((address, node) => {
      this.network.give(address, node);
    });
  }

  nodeOf(owner: Owner): SimulatedNode {
    const node = this.nodes[nodeOf(owner)];
    if (node === undefined) throw new Error('no such node');
    return node;
  }

  bookOf(owner: Owner): Book {
    const book = this.books.get(nameOf(owner));
    if (book === undefined) throw new Error('no such entry');
    return book;
  }

  ownersOf(environment: EnvironmentName): Owner[] {
    return OWNERS.filter((owner) => owner.environment === environment && this.entries.has(nameOf(owner)));
  }

  /** The node answers at another address from now on; the files follow. */
  move(node: number): void {
    this.moves += 1;
    this.network.retire(this.addresses[node] ?? '');
    this.addresses[node] = `node${node}-${this.moves}.example.net`;
    this.network.give(this.addresses[node], node);
  }

  stacksOf(environment: EnvironmentName): readonly Stack[] {
    const facts: Facts = {
      addresses: this.addresses,
      endpoints: this.nodes.map(({ api }) => api.url),
      privileges: this.privileges,
    };
    const proxmox = this.ownersOf(environment).map((owner) => {
      const entry = this.entries.get(nameOf(owner));
      return [owner.cluster, entry && entryText(owner, entry, facts)];
    });
    return synthesizeStacks(environment, Object.fromEntries(proxmox));
  }

  /** `cdktf deploy` of the environment's stacks: the second only after the first. */
  async deploy(environment: EnvironmentName, how: How, replace: readonly string[] = []): Promise<Report> {
    const stacks = this.stacksOf(environment);
    return this.act(stacks, how, (stack) => ({ replace: stack === stacks[0] ? replace : [] }));
  }

  /** `cdktf destroy`, the other way round. */
  async destroy(environment: EnvironmentName, how: How): Promise<Report> {
    return this.act([...this.stacksOf(environment)].reverse(), how, () => ({ replace: [], destroy: true }));
  }

  private async act(
    stacks: readonly Stack[],
    how: How,
    optionsOf: (stack: Stack) => { readonly replace: readonly string[]; readonly destroy?: true },
  ): Promise<Report> {
    const { network } = this;
    this.reviveAddresses(stacks);
    network.begin(how.fault);
    let report: Report = { ok: true, died: false, ran: [], complaints: [], connections: 0, orphaned: [] };
    for (const stack of stacks) {
      if (!report.ok) break;
      const { replace, destroy } = optionsOf(stack);
      const state = this.states.get(stack.name) ?? EMPTY;
      const remote = this.states.get(stack.name.replace(/-tfvars$/, ''))?.outputs ?? {};
      const machine = this.checkouts[how.checkout].forStack(stack.name);
      const options: Options = { ...how, ...(destroy ? { destroy } : {}) };
      const applied = await applyStack(stack, state, machine, { remote, replace }, options);
      this.older.set(stack.name, state);
      this.states.set(stack.name, applied.state);
      const { ok, died, ran, complaints } = applied;
      report = { ...report, ok, died, ran: [...report.ran, ...ran], complaints, connections: network.connections };
    }
    const orphaned = [...network.orphaned];
    network.begin({ kind: 'none' });
    return { ...report, orphaned };
  }

  /** A cluster that has left the file is reached where it was last. Somebody keeps that address alive until it is revoked. */
  private reviveAddresses(stacks: readonly Stack[]): void {
    for (const { name } of stacks) {
      for (const { input } of this.states.get(name)?.instances.values() ?? []) {
        const address = addressIn(input);
        if (address !== undefined && !this.network.knows(address))
          this.network.give(address, Number(address.charAt(4)));
      }
    }
  }

  close(): void {
    for (const checkout of this.checkouts) checkout.remove();
  }
}

function addressIn(input: unknown): string | undefined {
  const text = JSON.stringify(input ?? null);
  return /"host":"([^"]+)"/.exec(text)?.[1];
}
