import type { ServerHostKeyAlgorithm } from 'ssh2';

import type { Refusal } from '../../contract/refusal';
import { fingerprint, hostKey, judge, type KnownHost, knownTypes } from './known-hosts';
import { hostKeyChanged, hostKeyNotPinned, hostKeyRevoked, hostKeyUnknown } from './refusals';
import type { Stop } from './route';

/** A key that was shown, and what we call it. */
export interface SeenKey {
  readonly type: string;
  readonly fingerprint: string;
}

/** The shown key is not the pinned one. The node may have that one too, as a key of another type. */
export class NotThePin extends Error {
  constructor(readonly seen: SeenKey) {
    super(`not the pinned key: ${seen.fingerprint}`);
  }
}

// SHA-1 signatures (`ssh-rsa`) are left out, as OpenSSH has done since 8.8.
const ALGORITHMS: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]);

/** What to ask the server for: types known for it first, none of those that it has shown already. */
export function planAlgorithms(
  stop: Stop,
  entries: readonly KnownHost[],
  seen: readonly SeenKey[],
): ServerHostKeyAlgorithm[] {
  const known = knownTypes(entries, stop).filter((type) => ALGORITHMS.has(type));
  const types = [...new Set([...known, ...ALGORITHMS.keys()])].filter((type) => !seen.some((key) => key.type === type));
  return types.flatMap((type) => ALGORITHMS.get(type) ?? []);
}

/** Undefined if the key may be trusted, else the reason to turn away. With a pin only the pin counts, and revocation. */
export function checkHostKey(stop: Stop, entries: readonly KnownHost[], blob: Buffer): Refusal | NotThePin | undefined {
  const key = hostKey(blob);
  const shown = { type: key.type, fingerprint: fingerprint(blob) };
  const verdict = judge(entries, stop, key);
  if (verdict.kind === 'revoked') return hostKeyRevoked(stop.place, shown, verdict.places);
  if (stop.pin !== undefined) return shown.fingerprint === stop.pin ? undefined : new NotThePin(shown);
  if (verdict.kind === 'known') return undefined;
  if (verdict.kind === 'changed') return hostKeyChanged(stop.place, shown, verdict.places);
  const line = `${stop.hostKeyName} ${key.type} ${blob.toString('base64')}`;
  const file = stop.knownHostsFiles[0] ?? 'known_hosts';
  return hostKeyUnknown(stop.place, shown, { line, file, otherTypes: verdict.otherTypes, pinnable: isNode(stop) });
}

export const refusePinned = (stop: Stop, seen: readonly SeenKey[]): Refusal =>
  hostKeyNotPinned(stop.place, stop.pin ?? '', seen);

// A jump host cannot be pinned in the settings.
const isNode = (stop: Stop) => stop.role === 'node';
