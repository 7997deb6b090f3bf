import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ClusterEntry, Environment } from '../constructs/input/entry';
import { Refusal } from '../contract/refusal';

/** Where env files stand, below the folder of `cdktf.json`. */
export const ENV_FOLDER = 'env';

const envUnknown = (name: string, there: readonly string[]) =>
  new Refusal(
    'ENV_UNKNOWN',
    `There is no env file \`${ENV_FOLDER}/${name}.tfvars\`.`,
    there.length === 0 ? `The folder \`${ENV_FOLDER}\` has none.` : `There are: ${there.join(', ')}.`,
    'Run this in the folder of `cdktf.json`, with the name of an env file; `proxmox-tokens init` makes one.',
  );

const clusterUnknown = (name: string, { name: environment, clusters }: Environment) =>
  new Refusal(
    'CLUSTER_UNKNOWN',
    `Environment \`${environment}\` has no cluster \`${name}\`.`,
    `It has: ${clusters.map((entry) => entry.name).join(', ') || 'none'}.`,
    'Name clusters as the map `proxmox` of the env file does.',
  );

/** The env file of that name, or all of them: read and checked as synthesis does. */
export async function readChosen(folder: string, name: string | undefined): Promise<readonly Environment[]> {
  const { readEnvironments } = await import('../constructs/input/read.js');
  // As people see it from where they stand: it is the beginning of every message.
  const env = relative('', join(folder, ENV_FOLDER));
  const all = existsSync(env) ? await readEnvironments(env) : [];
  if (name === undefined && all.length > 0) return all;
  const chosen = all.filter((environment) => environment.name === name);
  if (chosen.length === 0)
    throw envUnknown(
      name ?? 'NAME',
      all.map((environment) => environment.name),
    );
  return chosen;
}

/** The clusters of those names; all of them where none is named. */
export function chooseClusters(environment: Environment, names: readonly string[]): readonly ClusterEntry[] {
  if (names.length === 0) return environment.clusters;
  return names.map((name) => {
    const entry = environment.clusters.find((candidate) => candidate.name === name);
    if (entry === undefined) throw clusterUnknown(name, environment);
    return entry;
  });
}
