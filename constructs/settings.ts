import { type NodeSettings, type Owner, SETTINGS_FORMAT } from '../contract/settings';
import type { ClusterEntry } from './input/entry';

/** Where an entry stands. */
export interface Standing {
  /** The stack, which is the env file. */
  readonly environment: string;
  /** From the working folder of the program to the folder of `cdktf.json`. */
  readonly project: string;
}

export function ownerOf({ name }: ClusterEntry, { environment }: Standing): Owner {
  return { environment, cluster: name };
}

/** What the bootstrap program is told of an entry. */
export function nodeSettings(entry: ClusterEntry, standing: Standing): NodeSettings {
  const { ssh, identity, access, onExisting, generation, retain, verify } = entry;
  return {
    format: SETTINGS_FORMAT,
    project: standing.project,
    owner: ownerOf(entry, standing),
    ssh,
    identity,
    access,
    on_existing: onExisting,
    generation,
    retain,
    ...(verify && { verify }),
  };
}
