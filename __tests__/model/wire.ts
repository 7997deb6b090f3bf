import { PassThrough } from 'node:stream';
import type { Connection, RemoteProcess } from '../../bootstrap/ssh';
import { Refusal } from '../../contract/refusal';
import type { SshSettings } from '../../contract/settings';
import { tryLock, unlock } from '../../simulator/machine/lock';
import type { SimulatedNode } from '../../simulator/node';
import { parseStart, START } from '../../simulator/nodes-end/command';
import { serveNodesEnd } from '../../simulator/nodes-end/serve';
import { runWords } from '../../simulator/shell/run';
import type { Process } from './process';

/** What goes wrong during one deploy. Commands are counted over all nodes, from 1; the start of the node's end is one. */
export type Fault =
  | { readonly kind: 'cut'; readonly moment: 'before' | 'after'; readonly command: number }
  | { readonly kind: 'full disk'; readonly how: true | 'halfway' }
  | { readonly kind: 'locked'; readonly from: number; readonly commands: number }
  | { readonly kind: 'down'; readonly node: number };

const CHANGE = /^pveum .*\b(add|modify|delete|remove)\b/;

/** The nodes under their addresses, without SSH between: a connection starts the node's end in this process. */
export class Network {
  /** Changes with which a process began although its engine was gone. */
  readonly orphaned: string[] = [];
  protected readonly moves = [0, 0];
  private fault?: Fault;
  private commands = 0;
  private reached = 0;

  constructor(readonly nodes: readonly SimulatedNode[]) {}

  /** How an env file says that this node is reached. */
  ssh(node: number): object {
    return { host: `${node}.${this.moves[node]}.example.net` };
  }

  /** It answers at another address from now on. */
  move(node: number): void {
    this.moves[node] = (this.moves[node] ?? 0) + 1;
  }

  connections(): number {
    return this.reached;
  }

  begin(fault?: Fault): void {
    this.fault = fault;
    this.reached = 0;
    this.commands = 0;
    this.orphaned.length = 0;
    const full = fault?.kind === 'full disk' ? fault.how : false;
    // Setting it writes a file.
    for (const { faults } of this.nodes) if (faults.diskFull !== full) faults.diskFull = full;
  }

  /** Old addresses are kept alive for entries that have left their file: they are revoked where they were last. */
  reach(host: string, verb: string): SimulatedNode {
    const [index = 0, move] = host.split('.').map(Number);
    const node = this.nodes[index];
    const isDown = this.fault?.kind === 'down' && this.fault.node === index;
    if (node === undefined || isDown || (move !== this.moves[index] && verb !== 'revoke')) {
      throw new Refusal('CONNECT_FAILED', `Nobody answers at ${host}.`, 'It is down, or has moved.', 'Try later.');
    }
    this.reached += 1;
    return node;
  }

  /** Runs one command between its two moments; undefined where the connection is lost at one of them. */
  async command<T>({ root }: SimulatedNode, line: string, by: Process, act: () => Promise<T>): Promise<T | undefined> {
    const changes = CHANGE.test(line);
    if (changes && by.orphan && !by.began) this.orphaned.push(line);
    by.began ||= changes;
    await by.gate();
    if (by.death.aborted) return undefined;
    this.commands += 1;
    const { fault, commands: count } = this;
    const cut = fault?.kind === 'cut' && fault.command === count ? fault.moment : undefined;
    if (cut === 'before') return undefined;
    const locked = fault?.kind === 'locked' && count >= fault.from && count < fault.from + fault.commands;
    if (locked) tryLock(root);
    const done = await act();
    if (locked) unlock(root);
    if (cut === 'after' || by.death.aborted) return undefined;
    await by.gate();
    return by.death.aborted ? undefined : done;
  }
}

/** Stands in for the room `ssh`, whose own tests speak to a real server: a login is a look into the network's list. */
export async function connect(settings: SshSettings, machine: object): Promise<Connection> {
  const { process } = machine as { readonly process: Process };
  const node = process.network.reach(settings.host, process.verb);
  let there: ReturnType<typeof startNodesEnd> | undefined;
  return {
    user: 'root',
    place: settings.host,
    start: async (line) => {
      there = startNodesEnd(node, line, process);
      return there;
    },
    close: async () => {
      there?.kill();
      await there?.served;
    },
  };
}

function startNodesEnd(
  node: SimulatedNode,
  command: string,
  process: Process,
): RemoteProcess & { served: Promise<void> } {
  const { root } = node;
  const start = parseStart(command);
  if (start === undefined) throw new Error(`nothing but the node's end is started: ${command}`);
  const input = new PassThrough();
  const gone = new AbortController();
  let listener: (piece: Buffer | undefined) => void = () => undefined;
  let settle: (exit?: number) => void = () => undefined;
  let [starting, lost] = [false, false];
  const hangUp = () => {
    gone.abort();
    input.end();
  };
  const end = (exit?: number) => {
    if (gone.signal.aborted) return;
    hangUp();
    settle(exit);
    listener(undefined);
  };
  // Nobody is left who could hear of it.
  process.death.addEventListener('abort', hangUp);
  const served = serveNodesEnd({
    // Another process has the node for as long as it takes.
    ...{ root, user: 'root', start: { ...start, seconds: 3600 }, input, gone: gone.signal },
    write: (bytes) => {
      if (starting) process.wait();
      if (!gone.signal.aborted) listener(bytes);
    },
    run: (words) => runWords(words, { root, user: 'root' }),
    watch: async (line, act) => {
      const done = await process.network.command(node, line, process, async () => {
        starting = line === START;
        const result = await act();
        starting = false;
        return result;
      });
      lost ||= done === undefined;
      return done;
    },
  }).then(() => end(lost ? undefined : 0));
  return {
    ended: new Promise((resolve) => {
      settle = resolve;
    }),
    write: (bytes) => {
      if (!gone.signal.aborted) input.write(bytes);
    },
    onOutput: (told) => {
      listener = told;
    },
    stderr: () => '',
    kill: end,
    served,
  };
}
