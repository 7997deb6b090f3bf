/** What the double reads of a synthesized stack. */
export interface Block {
  /** `null_resource.nuc_token` */
  readonly address: string;
  readonly type: 'null_resource' | 'terraform_data' | 'local_sensitive_file';
  readonly triggers: Readonly<Record<string, string>>;
  /** Of `terraform_data`: an input a key. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly filename: string;
  readonly content: string;
  readonly provisioner?: Provisioner;
  readonly ignored: readonly string[];
  readonly postcondition?: { readonly pattern: RegExp; readonly message: string };
  /** Addresses of the blocks that it refers to. */
  readonly needs: readonly string[];
}

export interface Provisioner {
  readonly when: 'create' | 'destroy';
  readonly verb: string;
  /** A template. */
  readonly settings: string;
}

export interface Stack {
  readonly name: string;
  readonly blocks: readonly Block[];
  /** Templates. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The parts of `cdk.tf.json` that are read here. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, BlockJson>>>>;
  readonly output?: Readonly<Record<string, { readonly value: string }>>;
}

interface BlockJson {
  readonly '//'?: unknown;
  readonly triggers?: Readonly<Record<string, string>>;
  readonly for_each?: Readonly<Record<string, unknown>>;
  readonly input?: string;
  readonly filename?: string;
  readonly content?: string;
  readonly provisioner?: readonly { readonly 'local-exec': LocalExec }[];
  readonly lifecycle?: {
    readonly ignore_changes?: readonly string[];
    readonly postcondition?: readonly { readonly condition: string; readonly error_message: string }[];
  };
}

interface LocalExec {
  readonly when: 'create' | 'destroy';
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

export function readStack(name: string, json: StackJson): Stack {
  const blocks = Object.entries(json.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([id, body]) => readBlock(type, `${type}.${id}`, body)),
  );
  const outputs = Object.entries(json.output ?? {}).map(([id, { value }]) => [id, value]);
  return { name, blocks, outputs: Object.fromEntries(outputs) };
}

function readBlock(type: string, address: string, body: BlockJson): Block {
  if (type !== 'null_resource' && type !== 'terraform_data' && type !== 'local_sensitive_file') {
    throw new Error(`the engine double does not know blocks of type ${type}`);
  }
  const { '//': _, ...text } = body;
  const needs = [...JSON.stringify(text).matchAll(/\b(?:null_resource|terraform_data)\.[\w-]+/g)].map(([all]) => all);
  const [provisioner] = body.provisioner ?? [];
  const [check] = body.lifecycle?.postcondition ?? [];
  return {
    address,
    type,
    triggers: body.triggers ?? {},
    inputs: body.for_each ?? {},
    filename: body.filename ?? '',
    content: body.content ?? '',
    ...(provisioner && { provisioner: readProvisioner(provisioner['local-exec']) }),
    ignored: (body.lifecycle?.ignore_changes ?? []).map((path) => /^triggers\["(.+)"\]$/.exec(path)?.[1] ?? path),
    ...(check && { postcondition: { pattern: patternOf(check.condition), message: check.error_message } }),
    // Its own message names a block that it does not refer to in any other way than it does anyway.
    needs: [...new Set(needs)].filter((need) => need !== address),
  };
}

function readProvisioner({ when, command, environment }: LocalExec): Provisioner {
  const [settings = ''] = Object.values(environment);
  return { when, verb: command, settings };
}

function patternOf(condition: string): RegExp {
  const [, pattern] = /^\$\{can\(regex\("(.*)", self\.triggers\["value"\]\)\)\}$/.exec(condition) ?? [];
  if (pattern === undefined) throw new Error(`the engine double does not know the condition ${condition}`);
  return new RegExp(pattern);
}
