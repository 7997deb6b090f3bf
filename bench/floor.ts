interface Block {
  readonly provisioner?: readonly { readonly 'local-exec': object }[];
  readonly lifecycle?: { readonly postcondition?: unknown };
}

/** The stack's JSON as `cdktf` writes it, as far as it matters here. */
export interface StackJson {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

/**
 * The same graph with `true` for the program: what the engine takes by itself. Without the check of the secrets, which
 * nobody makes here.
 */
export function floorOf<T extends StackJson>(json: T): T {
  const resource = mapped(json.resource, (blocks) => mapped(blocks, floorBlock));
  return { ...json, resource };
}

function floorBlock({ provisioner, lifecycle, ...block }: Block): Block {
  const { postcondition: _, ...kept } = lifecycle ?? {};
  return {
    ...block,
    ...(lifecycle === undefined ? {} : { lifecycle: kept }),
    ...(provisioner === undefined ? {} : { provisioner: provisioner.map(floorProvisioner) }),
  };
}

function floorProvisioner({ 'local-exec': given }: { readonly 'local-exec': object }) {
  return { 'local-exec': { ...given, interpreter: ['true'], command: 'true' } };
}

function mapped<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
