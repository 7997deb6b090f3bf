import { createHmac } from 'node:crypto';

import { matchesList } from '../openssh-files';
import { fingerprint, type PublicKey } from '../public-key';

export interface KnownHost extends PublicKey {
  /** What the line says of the key: that it is the host's, that it never is, or that it signs the keys of hosts. */
  readonly marker?: '@revoked' | '@cert-authority';
  /** Names and patterns with commas between, or one hashed name. */
  readonly names: string;
  /** `file:line (fingerprint)` */
  readonly place: string;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly places: readonly string[] }
  | { readonly kind: 'changed'; readonly places: readonly string[] }
  | { readonly kind: 'unknown'; readonly otherTypes: readonly string[]; readonly authorities: readonly string[] };

/** The names under which a host is looked up. */
export interface HostNames {
  readonly hostKeyName: string;
  readonly hostKeyFallback?: string;
}

const LINE = /^\s*(?:(@revoked|@cert-authority)\s+)?([^\s#@]\S*)\s+([a-z]\S*)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/;

/** Lines that make no sense are left out, as in OpenSSH. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, marker, names, type, base64] = LINE.exec(line) ?? [];
    if (names === undefined || type === undefined || base64 === undefined) return [];
    const blob = Buffer.from(base64, 'base64');
    const place = `${file}:${index + 1} (${fingerprint(blob)})`;
    return [{ marker: marker as KnownHost['marker'], names, type, blob, place }];
  });
}

export function namesMatch(names: string, host: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(names) ?? [];
  if (salt === undefined || hash === undefined) return matchesList(names.toLowerCase().split(','), host);
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash;
}

/** What known_hosts says of a key that a host shows. */
export function judge(entries: readonly KnownHost[], names: HostNames, key: PublicKey): Verdict {
  const { own, fallback } = entriesFor(entries, names);
  const same = (entry: KnownHost) => entry.blob.equals(key.blob);
  const places = (list: readonly KnownHost[]) => list.map((entry) => entry.place);
  const all = [...new Set([...own, ...fallback])];
  const revoked = all.filter((entry) => entry.marker === '@revoked' && same(entry));
  if (revoked.length > 0) return { kind: 'revoked', places: places(revoked) };
  const valid = own.filter(isHostKey);
  if (valid.some(same)) return { kind: 'known' };
  const rivals = valid.filter((entry) => entry.type === key.type);
  if (rivals.length > 0) return { kind: 'changed', places: places(rivals) };
  if (fallback.some((entry) => isHostKey(entry) && same(entry))) return { kind: 'known' };
  const authorities = places(all.filter((entry) => entry.marker === '@cert-authority'));
  return { kind: 'unknown', otherTypes: typesOf(valid), authorities };
}

/** The types of key that are known for a host: to be asked for first, or a node with several keys looks unknown. */
export function knownTypes(entries: readonly KnownHost[], names: HostNames): readonly string[] {
  const { own, fallback } = entriesFor(entries, names);
  return typesOf([...own, ...fallback].filter(isHostKey));
}

const isHostKey = ({ marker }: KnownHost) => marker === undefined;
const typesOf = (entries: readonly KnownHost[]) => [...new Set(entries.map((entry) => entry.type))];

function entriesFor(entries: readonly KnownHost[], { hostKeyName, hostKeyFallback }: HostNames) {
  const under = (name?: string) => entries.filter((entry) => name !== undefined && namesMatch(entry.names, name));
  return { own: under(hostKeyName), fallback: under(hostKeyFallback) };
}
