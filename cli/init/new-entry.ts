/** What a new entry says, out of what was found and chosen. */
import type { Value } from '../../constructs/render/value';
import type { SshSettings } from '../../contract/settings';
import { ENV_FOLDER } from '../environments';
import type { SettledEndpoint } from './endpoint';
import type { NodeFacts } from './node';

export interface Chosen {
  readonly name: string;
  readonly identity: string;
  /** Absent for a preset that is a built-in role, and for root@pam. */
  readonly role?: string;
  /** Absent for root@pam. */
  readonly preset?: string;
}

/** Where a fetched CA goes, relative to the folder of `cdktf.json`. */
export const caFileOf = (name: string): string => `${ENV_FOLDER}/ca/${name}.pem`;

export function renderEntry(
  { name, identity, role, preset }: Chosen,
  { node, cluster }: NodeFacts,
  { endpoint, insecure, caFile, fetched }: SettledEndpoint,
  { user, timeouts, ...ssh }: SshSettings,
): Value {
  const { host, ...rest } = ssh;
  const bootstrap = {
    role,
    preset,
    ca_file: fetched === undefined ? caFile : caFileOf(name),
    // The host of the endpoint goes without saying.
    ssh: host === new URL(endpoint).hostname.replace(/^\[(.*)\]$/, '$1') ? rest : ssh,
  };
  return {
    name: node ?? name,
    cluster_name: cluster ?? node ?? name,
    endpoint,
    insecure,
    username: user ?? 'root',
    api_token: identity,
    bootstrap: withoutAbsent(bootstrap),
  };
}

function withoutAbsent(values: Readonly<Record<string, unknown>>): { readonly [key: string]: Value } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<string, Value>;
}

/** A name for the entry, out of the cluster's, the node's or the host's. */
export function suggestName(
  { cluster, node }: Pick<NodeFacts, 'cluster' | 'node'>,
  host: string,
  taken: readonly string[],
): string {
  const isAddress = /^[\d.]+$|:/.test(host);
  const base = cluster ?? node ?? (isAddress ? host : (host.split('.')[0] ?? host));
  const plain = base
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^(?![A-Za-z])/, 'pve-')
    .slice(0, 60);
  const fold = (name: string) => name.toLowerCase().replaceAll('-', '_');
  const isFree = (name: string) =>
    ![...taken, 'revocation', 'sweep', 'gate'].some((other) => fold(other) === fold(name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? plain : `${plain}-${number}`;
    if (isFree(name)) return name;
  }
}
