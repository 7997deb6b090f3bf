import type { Block, Stack } from './blocks';
import { blockOf, type Instance, type State } from './state';
import { evaluate, type Scope, UNKNOWN } from './template';

export type Action = 'none' | 'create' | 'replace' | 'update' | 'delete';

export interface Change {
  readonly address: string;
  readonly action: Action;
  /** Absent: the instance left the configuration. */
  readonly block?: Block;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Messages of postconditions that fail already: nothing is applied then. */
  readonly complaints: readonly string[];
}

/** What the engine takes from its machine. */
export interface Disk {
  read(path: string): string | undefined;
}

export interface Inputs {
  readonly disk: Disk;
  /** Outputs of the stack that this one refers to. */
  readonly remote: Readonly<Record<string, unknown>>;
  /** Addresses given as `-replace`. */
  readonly replace: readonly string[];
}

/** The objects that templates refer to: those planned, or those of the state. */
export function scopeOf(inputs: Inputs, objects: (address: string) => unknown, self?: unknown): Scope {
  return {
    readFile: (path) => inputs.disk.read(path),
    object: (address) => {
      if (address === 'self') return self;
      const output = /^data\.terraform_remote_state\..*\.outputs\.([\w-]+)$/.exec(address)?.[1];
      return output === undefined ? objects(address) : inputs.remote[output];
    },
  };
}

/** A file that is gone or not as it was written is made again; nothing else is asked for what became of it. */
export function refresh(state: State, { disk }: Inputs): State {
  const there = [...state.instances].filter(
    ([, { filename, content }]) => filename === undefined || disk.read(filename) === content,
  );
  return { ...state, instances: new Map(there) };
}

export function makePlan(stack: Stack, state: State, inputs: Inputs): Plan {
  const planned = new Map<string, unknown>();
  const scope = scopeOf(inputs, (address) => planned.get(address));
  const changes: Change[] = [];
  const complaints: string[] = [];
  for (const block of inOrder(stack.blocks)) {
    const own = block.type === 'terraform_data' ? planMap(block, state) : [planOne(block, state, inputs, scope)];
    changes.push(...own);
    const prior = state.instances.get(block.address);
    const object = plannedObject(block, own[0]?.action === 'none' ? prior : undefined, scope);
    planned.set(block.address, object);
    const value = object.triggers.value;
    if (block.postcondition && typeof value === 'string' && !block.postcondition.pattern.test(value)) {
      complaints.push(block.postcondition.message);
    }
  }
  const kept = new Set(changes.map(({ address }) => address));
  const gone = [...state.instances.keys()].filter((address) => !kept.has(address));
  return { changes: [...changes, ...gone.map((address): Change => ({ address, action: 'delete' }))], complaints };
}

function plannedObject(block: Block, prior: Instance | undefined, scope: Scope) {
  if (prior !== undefined) return { id: prior.id, triggers: prior.triggers };
  return { id: UNKNOWN, triggers: triggersOf(block, scope) };
}

export function triggersOf(block: Block, scope: Scope): Record<string, unknown> {
  return Object.fromEntries(Object.entries(block.triggers).map(([name, text]) => [name, evaluate(text, scope)]));
}

function planMap(block: Block, state: State): Change[] {
  return Object.entries(block.inputs).map(([key, input]) => {
    const address = `${block.address}["${key}"]`;
    const prior = state.instances.get(address);
    if (prior === undefined) return { address, action: 'create', block };
    return { address, action: JSON.stringify(prior.input) === JSON.stringify(input) ? 'none' : 'update', block };
  });
}

function planOne(block: Block, state: State, { replace }: Inputs, scope: Scope): Change {
  const { address, ignored } = block;
  const prior = state.instances.get(address);
  if (prior === undefined) return { address, action: 'create', block };
  const wanted = Object.entries(triggersOf(block, scope)).filter(([name]) => !ignored.includes(name));
  const changed = wanted.some(([name, value]) => prior.triggers[name] !== value);
  const fewer = Object.keys(prior.triggers).length !== Object.keys(block.triggers).length;
  const other = prior.filename !== undefined && !isSameFile(block, prior, scope);
  const action = prior.tainted || changed || fewer || other || replace.includes(address) ? 'replace' : 'none';
  return { address, action, block };
}

function isSameFile(block: Block, prior: Instance, scope: Scope): boolean {
  return prior.filename === block.filename && prior.content === evaluate(block.content, scope);
}

/** What is needed comes first. */
export function inOrder(blocks: readonly Block[]): Block[] {
  const done = new Set<Block>();
  const visit = (block: Block) => {
    if (done.has(block)) return;
    for (const other of blocks) if (block.needs.includes(other.address) && other !== block) visit(other);
    done.add(block);
  };
  for (const block of blocks) visit(block);
  return [...done];
}

/** Whether what one instance is made of needs the other's block. */
export function dependsOn(needs: readonly string[], address: string): boolean {
  return needs.includes(blockOf(address));
}
