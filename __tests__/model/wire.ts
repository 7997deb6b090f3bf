import type { Connection } from '../../bootstrap/ssh';
import { programOf } from '../../bootstrap/ssh/command';
import { connectFailed, connectionLost } from '../../bootstrap/ssh/refusals';
import type { SshSettings } from '../../contract/settings';
import { tryLock, unlock } from '../../simulator/machine/lock';
import type { SimulatedNode } from '../../simulator/node';
import { runLine } from '../../simulator/shell/run';
import { current, type Process } from './process';

/** What goes wrong during one deploy. Commands are counted over all nodes, from 1. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'cut'; readonly moment: 'before' | 'after'; readonly command: number }
  | { readonly kind: 'full disk'; readonly how: true | 'halfway' }
  | { readonly kind: 'locked'; readonly from: number; readonly commands: number }
  | { readonly kind: 'down'; readonly node: number };

/** The nodes under their addresses, without SSH between: commands go straight to the simulated node's shell. */
export class Network {
  connections = 0;
  commands = 0;
  fault: Fault = { kind: 'none' };
  /** Changes that a process sent although its engine was gone. One may have been on its way. */
  readonly orphaned: string[] = [];
  private readonly addresses = new Map<string, number>();

  constructor(readonly nodes: readonly SimulatedNode[]) {}

  give(address: string, node: number): void {
    this.addresses.set(address, node);
  }

  retire(address: string): void {
    this.addresses.delete(address);
  }

  knows(address: string): boolean {
    return this.addresses.has(address);
  }

  begin(fault: Fault): void {
    this.fault = fault;
    this.connections = 0;
    this.commands = 0;
    this.orphaned.length = 0;
    const full = fault.kind === 'full disk' ? fault.how : false;
    // Setting it writes a file.
    for (const { faults } of this.nodes) if (faults.diskFull !== full) faults.diskFull = full;
  }

  reach(address: string): SimulatedNode {
    const index = this.addresses.get(address);
    const node = index === undefined ? undefined : this.nodes[index];
    if (node === undefined || (this.fault.kind === 'down' && this.fault.node === index)) {
      throw connectFailed(address, 'nobody answers', 3);
    }
    this.connections += 1;
    return node;
  }

  async run(node: SimulatedNode, line: string, process: Process) {
    const lost = () => connectionLost('the node', programOf(line));
    await process.gate();
    if (process.orphan && /\bpveum .*\b(add|modify|delete|remove)\b/.test(line)) this.orphaned.push(line);
    this.commands += 1;
    const { fault, commands: count } = this;
    const cut = fault.kind === 'cut' && fault.command === count ? fault.moment : undefined;
    if (cut === 'before') throw lost();
    const locked = fault.kind === 'locked' && count >= fault.from && count < fault.from + fault.commands;
    if (locked) tryLock(node.root);
    const { exit, stdout, stderr } = await runLine(line, { root: node.root, user: 'root' });
    if (locked) unlock(node.root);
    if (cut === 'after') throw lost();
    await process.gate();
    return { exit, stdout: stdout.toString(), stderr: stderr.toString() };
  }
}

/** Stands in for the room `ssh`, whose own tests speak to a real server: a login is a look into the network's list. */
export async function connect(settings: SshSettings): Promise<Connection> {
  const process = current.getStore();
  if (process === undefined) throw new Error('only a process that an engine started connects');
  const node = process.network.reach(settings.host);
  let lost: unknown;
  return {
    user: settings.user ?? 'root',
    run: async (line) => {
      if (lost !== undefined) throw lost;
      try {
        return await process.network.run(node, line, process);
      } catch (error) {
        lost = error;
        throw error;
      }
    },
    close: async () => undefined,
  };
}
