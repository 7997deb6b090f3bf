import { type Block, complaintOf, type Stack } from './blocks';
import { evaluate, type Scope, UNKNOWN } from './template';

/** One instance as a state file has it. */
export interface Instance {
  readonly id: string;
  readonly triggers: Readonly<Record<string, string>>;
  /** Of `terraform_data`: the last applied input. */
  readonly input?: unknown;
  readonly filename?: string | undefined;
  readonly content?: string | undefined;
  /** A provisioner failed when it was made. */
  readonly tainted: boolean;
  /** Addresses of blocks. */
  readonly needs: readonly string[];
}

/** By address of the instance: `null_resource.nuc_token`, `terraform_data.revocation["nuc"]`. */
export interface State {
  readonly instances: ReadonlyMap<string, Instance>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** As a real engine wrote it. */
  readonly text?: string;
}

export const EMPTY: State = { instances: new Map(), outputs: {} };

/** `terraform_data.revocation` of `terraform_data.revocation["nuc"]`. */
export const blockOf = (address: string): string => address.replace(/\[.*$/, '');

export interface Change {
  readonly address: string;
  readonly action: 'none' | 'create' | 'replace' | 'update' | 'delete';
  /** Absent: the instance left the configuration. */
  readonly block?: Block;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Messages of postconditions that fail already: nothing is applied then. */
  readonly complaints: readonly string[];
}

export interface Inputs {
  /** What is read of the machine. */
  readonly disk: { read(path: string): string | undefined };
  /** Outputs of the stack that this one refers to. */
  readonly remote: Readonly<Record<string, unknown>>;
  /** Addresses given as `-replace`. */
  readonly replace: readonly string[];
}

/** The objects that templates refer to: those planned, or those of the state. */
export function scopeOf({ disk, remote }: Inputs, objects: (address: string) => unknown, self?: unknown): Scope {
  return {
    readFile: (path) => disk.read(path),
    object: (address) => {
      if (address === 'self') return self;
      const output = /^data\.terraform_remote_state\..*\.outputs\.([\w-]+)$/.exec(address)?.[1];
      return output === undefined ? objects(address) : remote[output];
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

export function makePlan({ blocks }: Pick<Stack, 'blocks'>, { instances }: State, inputs: Inputs): Plan {
  const planned = new Map<string, { readonly id: unknown; readonly triggers: Readonly<Record<string, unknown>> }>();
  const scope = scopeOf(inputs, (address) => planned.get(address));
  const changes = blocks.flatMap((block): Change[] => {
    const { address } = block;
    if (block.inputs)
      return Object.entries(block.inputs).map(([key, input]) => planInput(block, key, input, instances));
    const prior = instances.get(address);
    const action = planOne(block, prior, inputs, scope);
    planned.set(address, action === 'none' && prior ? prior : { id: UNKNOWN, triggers: triggersOf(block, scope) });
    return [{ address, action, block }];
  });
  const complaints = blocks.flatMap((block) => complaintOf(block, planned.get(block.address)?.triggers.value) ?? []);
  const kept = new Set(changes.map(({ address }) => address));
  const gone = [...instances.keys()].filter((address) => !kept.has(address));
  return { changes: [...changes, ...gone.map((address): Change => ({ address, action: 'delete' }))], complaints };
}

export function triggersOf({ body }: Block, scope: Scope): Record<string, unknown> {
  const triggers = Object.entries(body.triggers ?? {});
  return Object.fromEntries(triggers.map(([name, text]) => [name, evaluate(text, scope)]));
}

function planInput(block: Block, key: string, input: unknown, instances: State['instances']): Change {
  const address = `${block.address}["${key}"]`;
  const prior = instances.get(address);
  if (prior === undefined) return { address, action: 'create', block };
  return { address, action: JSON.stringify(prior.input) === JSON.stringify(input) ? 'none' : 'update', block };
}

function planOne(block: Block, prior: Instance | undefined, { replace }: Inputs, scope: Scope): Change['action'] {
  if (prior === undefined) return 'create';
  const { triggers = {}, filename, content = '', lifecycle } = block.body;
  const ignored = (name: string) => lifecycle?.ignore_changes?.includes(`triggers["${name}"]`);
  const isOther =
    Object.keys(prior.triggers).length !== Object.keys(triggers).length ||
    Object.entries(triggersOf(block, scope)).some(
      ([name, value]) => !ignored(name) && prior.triggers[name] !== value,
    ) ||
    prior.filename !== filename ||
    (prior.content ?? '') !== evaluate(content, scope);
  return prior.tainted || isOther || replace.includes(block.address) ? 'replace' : 'none';
}
