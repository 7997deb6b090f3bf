import { createHash, createHmac } from 'node:crypto';

import { matchesList } from './patterns';

/** A public key as it travels and as known_hosts has it: its own type stands in front. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

export interface KnownHost {
  readonly revoked: boolean;
  /** Names and patterns with commas between, or one hashed name. */
  readonly names: string;
  readonly type: string;
  readonly blob: Buffer;
  /** `file:line` */
  readonly place: string;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly places: readonly string[] }
  | { readonly kind: 'changed'; readonly places: readonly string[] }
  | { readonly kind: 'unknown'; readonly otherTypes: readonly string[] };

/** The names under which a host is looked up. */
export interface HostNames {
  readonly hostKeyName: string;
  readonly hostKeyFallback?: string;
}

export function hostKey(blob: Buffer): HostKey {
  return { type: blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1'), blob };
}

export const fingerprint = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** `@cert-authority` lines are left out: ssh2 knows no host certificates. So are lines that make no sense, as in OpenSSH. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const match = /^\s*(?:(@\S+)\s+)?([^\s#@]\S*)\s+([a-z]\S*)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/.exec(line);
    const [, marker, names, type, base64] = match ?? [];
    if (names === undefined || type === undefined || base64 === undefined) return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const blob = Buffer.from(base64, 'base64');
    return [{ revoked: marker !== undefined, names, type, blob, place: `${file}:${index + 1}` }];
  });
}

export function namesMatch(names: string, host: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(names) ?? [];
  if (salt === undefined || hash === undefined) return matchesList(names.toLowerCase().split(','), host);
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash;
}

/** What known_hosts says of a key that a host shows. */
export function judge(entries: readonly KnownHost[], names: HostNames, key: HostKey): Verdict {
  const { own, fallback } = entriesFor(entries, names);
  const same = (entry: KnownHost) => entry.blob.equals(key.blob);
  const places = (list: readonly KnownHost[]) => list.map((entry) => entry.place);
  const revoked = [...new Set([...own, ...fallback])].filter((entry) => entry.revoked && same(entry));
  if (revoked.length > 0) return { kind: 'revoked', places: places(revoked) };
  const valid = own.filter((entry) => !entry.revoked);
  if (valid.some(same)) return { kind: 'known' };
  const rivals = valid.filter((entry) => entry.type === key.type);
  if (rivals.length > 0) return { kind: 'changed', places: places(rivals) };
  if (fallback.some((entry) => !entry.revoked && same(entry))) return { kind: 'known' };
  return { kind: 'unknown', otherTypes: typesOf(valid) };
}

/** The types of key that are known for a host: to be asked for first, or a node with several keys looks unknown. */
export function knownTypes(entries: readonly KnownHost[], names: HostNames): readonly string[] {
  const { own, fallback } = entriesFor(entries, names);
  return typesOf([...own, ...fallback].filter((entry) => !entry.revoked));
}

const typesOf = (entries: readonly KnownHost[]) => [...new Set(entries.map((entry) => entry.type))];

function entriesFor(entries: readonly KnownHost[], { hostKeyName, hostKeyFallback }: HostNames) {
  const under = (name?: string) => entries.filter((entry) => name !== undefined && namesMatch(entry.names, name));
  return { own: under(hostKeyName), fallback: under(hostKeyFallback) };
}
