import type { AccessSettings, OnExisting, Removal, SshSettings, VerifySettings } from '../../contract/settings';

/** Whatever a tfvars file can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One checked value of the map `proxmox`, every default filled in. */
export interface ClusterEntry {
  /** The map's key. Block names derive from it. */
  readonly name: string;
  /** The entry without `bootstrap`, in the order of the file: what lands in the output. `api_token` still has no secret. */
  readonly attributes: Readonly<Record<string, Json>>;
  /** `user@realm!tokenid` */
  readonly identity: string;
  readonly ssh: SshSettings;
  readonly access: AccessSettings;
  readonly onExisting: OnExisting;
  readonly removal: Removal;
  /** A new value makes a new secret. */
  readonly generation: string;
  /** Older identities of this cluster that are kept alive. */
  readonly retain: readonly string[];
  /** Absent when `verify = false`. */
  readonly verify?: VerifySettings;
}

/**
 * What a file holds: `map`, the whole map in one variable; `token`, one token in one variable; `env`, lines of
 * `export TF_VAR_…` for a shell.
 */
export type OutputFormat = 'map' | 'token' | 'env';

/** One file to write. */
export interface OutputSpec {
  /** Relative to the folder of `cdktf.json`, with forward slashes. One that ends in `.json` is tfvars JSON. */
  readonly file: string;
  readonly format: OutputFormat;
  /** The variable that the file sets; for `env` without the `TF_VAR_` in front. */
  readonly variable: string;
  /** The one cluster that is written. Absent: all of them. */
  readonly cluster?: string;
  /** The file stands in a stack of its own, `NAME-tfvars`, which a failed deploy of the clusters leaves alone. */
  readonly ownStack?: true;
}

/** One env file, checked: one stack, one deploy. */
export interface Environment {
  /** `lab` of `env/lab.tfvars`. */
  readonly name: string;
  /** In the order of the file. */
  readonly clusters: readonly ClusterEntry[];
  readonly outputs: readonly OutputSpec[];
}

/** The stack of the files that stand apart: `lab-tfvars` of `lab`. */
export const filesStack = (environment: string): string => `${environment}-tfvars`;
