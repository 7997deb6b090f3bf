import { SETTINGS_VARIABLE } from '../../contract/settings';

/** A synthesized stack, as the double reads it. */
export interface Stack {
  readonly name: string;
  readonly blocks: readonly Block[];
  readonly json: StackJson;
}

export interface Block {
  /** `null_resource.nuc_token` */
  readonly address: string;
  readonly body: BlockJson;
  readonly run?: Run;
  /** Of `terraform_data`: an input a key. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Addresses of the blocks that it refers to, and of those that these refer to, and so on. */
  readonly needs: readonly string[];
}

/** The parts of `cdk.tf.json` that are read here. */
export interface StackJson {
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
  readonly locals?: { readonly revocation: Readonly<Record<string, unknown>> };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, BlockJson>>>>;
  readonly output?: Readonly<Record<string, { readonly value: string }>>;
}

export interface BlockJson {
  readonly '//'?: unknown;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly for_each?: string;
  readonly filename?: string;
  readonly content?: string;
  readonly provisioner?: readonly { readonly 'local-exec': LocalExec }[];
  readonly lifecycle?: {
    readonly ignore_changes?: readonly string[];
    readonly postcondition?: readonly { readonly condition: string; readonly error_message: string }[];
  };
}

interface LocalExec {
  readonly when: Run['when'];
  readonly interpreter: readonly [string, string];
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A provisioner: one start of the program. */
export interface Run {
  readonly when: 'create' | 'destroy';
  /** Path of the program, from the stack's folder. */
  readonly program: string;
  readonly verb: string;
  readonly settings: string;
  /** A file: if it is there, it is deleted and the program is not started. */
  readonly receipt?: string;
}

const UNLESS_DONE = /^rm "\$(\w+)" 2>\/dev\/null \|\| exec node "([^"]+)" (\w+)$/;

function runOf({ when, interpreter, command, environment }: LocalExec): Run {
  const settings = environment[SETTINGS_VARIABLE] ?? '';
  if (interpreter[0] === 'node') return { when, program: interpreter[1], verb: command, settings };
  const [, variable = '', program, verb] = UNLESS_DONE.exec(command) ?? [];
  const receipt = environment[variable];
  if (receipt === undefined || program === undefined || verb === undefined) {
    throw new Error(`the engine double does not know the command ${command}`);
  }
  return { when, program, verb, settings, receipt };
}

const TYPES = ['null_resource', 'terraform_data', 'local_sensitive_file'];

export function readStack(name: string, json: StackJson): Stack {
  const found = Object.entries(json.resource ?? {}).flatMap(([type, named]) => {
    if (!TYPES.includes(type)) throw new Error(`the engine double does not know blocks of type ${type}`);
    return Object.entries(named).map(([id, body]) => [`${type}.${id}`, body] as const);
  });
  const direct = new Map<string, string[]>(found.map(([address, body]) => [address, referred(address, body)]));
  const needsOf = (address: string): string[] =>
    (direct.get(address) ?? []).flatMap((need) => [need, ...needsOf(need)]);
  const blocks = found.map(([address, body]): Block => {
    const exec = body.provisioner?.[0]?.['local-exec'];
    const run = exec && runOf(exec);
    const inputs = body.for_each === undefined ? undefined : (json.locals?.revocation ?? {});
    return { address, body, needs: [...new Set(needsOf(address))], ...(run && { run }), ...(inputs && { inputs }) };
  });
  // What is needed needs less, so it comes first.
  return { name, json, blocks: blocks.sort((one, other) => one.needs.length - other.needs.length) };
}

function referred(address: string, { '//': _, ...body }: BlockJson): string[] {
  if (body.for_each !== undefined && body.for_each !== '${local.revocation}') {
    throw new Error(`the engine double does not know for_each = ${body.for_each}`);
  }
  const named = JSON.stringify(body).matchAll(/\b(?:null_resource|terraform_data)\.[\w-]+/g);
  // The message of its postcondition names a block that it needs anyway.
  return [...new Set([...named].map(([name]) => name))].filter((name) => name !== address);
}

/** The message of its postcondition, where that does not hold for this value. */
export function complaintOf({ body }: Block, value: unknown): string | undefined {
  const [check] = body.lifecycle?.postcondition ?? [];
  if (check === undefined || typeof value !== 'string') return undefined;
  const [, pattern] = /^\$\{can\(regex\("(.*)", self\.triggers\["value"\]\)\)\}$/.exec(check.condition) ?? [];
  if (pattern === undefined) throw new Error(`the engine double does not know the condition ${check.condition}`);
  return new RegExp(pattern).test(value) ? undefined : check.error_message;
}
