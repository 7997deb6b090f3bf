import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { errorCode } from '../contract/error-code';

/** Where a stack keeps its state: a local file, relative to the folder of `cdktf.json`, or a backend of that name. */
export type StatePlace = { readonly file: string } | { readonly backend: string };

/** What a state holds of one cluster. */
export interface ClusterState {
  /** It is a secret: for comparing alone. */
  readonly secret?: string;
  /** Absent: the engine would run the block again. */
  readonly access?: Readonly<Record<string, string>>;
  readonly token?: Readonly<Record<string, string>>;
}

export type State =
  | { readonly kind: 'none' | 'encrypted'; readonly file: string }
  | { readonly kind: 'elsewhere'; readonly backend: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly cause: string }
  | LocalState;

export interface LocalState {
  readonly kind: 'local';
  readonly file: string;
  readonly clusters: ReadonlyMap<string, ClusterState>;
  /** Clusters that the engine would revoke if they were not in the env file. */
  readonly revocable: readonly string[];
}

/** As the last synthesis says; before the first one the app's own default. */
export async function locateState(folder: string, stack: string): Promise<StatePlace> {
  const file = `terraform.${stack}.tfstate`;
  const stackFolder = join(folder, await outputFolder(folder), 'stacks', stack);
  const json = await readJson<Synthesized>(join(stackFolder, 'cdk.tf.json')).catch(() => undefined);
  const [backend] = Object.entries(json?.terraform?.backend ?? {});
  // A block `cloud` is a backend too.
  if (backend === undefined) return json?.terraform?.cloud === undefined ? { file } : { backend: 'cloud' };
  const [name, { path }] = backend;
  if (name !== 'local') return { backend: name };
  return { file: typeof path === 'string' ? relative(resolve(folder), resolve(stackFolder, path)) : file };
}

/** Reads the state of a stack where it is a local file. */
export async function readState(folder: string, stack: string): Promise<State> {
  const place = await locateState(folder, stack);
  if ('backend' in place) return { kind: 'elsewhere', backend: place.backend };
  const { file } = place;
  if (!existsSync(join(folder, file))) return { kind: 'none', file };
  try {
    const text = await readFile(join(folder, file), 'utf8');
    // A deploy makes it before the engine does, empty, so that it has the right mode.
    if (text === '') return { kind: 'none', file };
    const { encrypted_data: encrypted, resources = [] } = JSON.parse(text) as StateFile;
    if (encrypted !== undefined) return { kind: 'encrypted', file };
    return { kind: 'local', file, clusters: clustersIn(resources), revocable: revocableIn(resources) };
  } catch (error) {
    // A parser's message quotes what it could not read, which may be a secret.
    const cause = error instanceof SyntaxError ? 'it is no whole JSON' : `the system answered ${errorCode(error)}`;
    return { kind: 'unreadable', file, cause };
  }
}

interface Synthesized {
  readonly terraform?: {
    readonly backend?: Readonly<Record<string, { readonly path?: unknown }>>;
    readonly cloud?: unknown;
  };
}

interface StateFile {
  readonly encrypted_data?: unknown;
  readonly resources?: readonly Block[];
}

interface Block {
  readonly type: string;
  readonly name: string;
  readonly instances?: readonly {
    readonly status?: string;
    readonly index_key?: unknown;
    readonly attributes?: { readonly triggers?: Readonly<Record<string, string>> | null };
  }[];
}

function clustersIn(blocks: readonly Block[]): Map<string, ClusterState> {
  const clusters = new Map<string, ClusterState>();
  for (const { type, name, instances: [instance] = [] } of blocks) {
    const [, cluster = '', part] = /^(.+)_(access|token|secret)$/.exec(name) ?? [];
    const triggers = instance?.attributes?.triggers ?? undefined;
    if (type !== 'null_resource' || part === undefined || triggers === undefined) continue;
    if (part !== 'secret' && instance?.status === 'tainted') continue;
    const found = part === 'secret' ? { secret: triggers.value } : { [part]: triggers };
    clusters.set(cluster, { ...clusters.get(cluster), ...found });
  }
  return clusters;
}

function revocableIn(blocks: readonly Block[]): string[] {
  const block = blocks.find(({ type, name }) => type === 'terraform_data' && name === 'revocation');
  return (block?.instances ?? []).flatMap(({ index_key: key }) => (typeof key === 'string' ? [key] : []));
}

async function outputFolder(folder: string): Promise<string> {
  const config = await readJson<{ readonly output?: string }>(join(folder, 'cdktf.json')).catch(() => undefined);
  return config?.output ?? 'cdktf.out';
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
