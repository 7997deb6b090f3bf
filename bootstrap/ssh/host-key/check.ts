import type { ServerHostKeyAlgorithm } from 'ssh2';

import type { Refusal } from '../../../contract/refusal';
import { fingerprint, publicKey, rsaBits, signatures } from '../public-key';
import type { Stop } from '../stop';
import { judge, type KnownHost, knownTypes } from './known-hosts';
import {
  hostKeyChanged,
  hostKeyNotPinned,
  hostKeyRevoked,
  hostKeyTooShort,
  hostKeyUnknown,
  type SeenKey,
} from './refusals';
import type { Revocation } from './revoked';

/** What this machine knows of host keys. */
export interface Knowledge {
  readonly entries: readonly KnownHost[];
  readonly revocation: Revocation;
}

/** The shown key is not a pinned one. The node may have that one too, as a key of another type. */
export class NotThePin extends Error {
  constructor(readonly seen: SeenKey) {
    super(`not a pinned key: ${seen.fingerprint}`);
  }
}

const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/** What to ask the server for: types known for it first, none of those that it has shown already, none that the config rules out. */
export function planAlgorithms(stop: Stop, entries: readonly KnownHost[], seen: readonly SeenKey[]) {
  const known = knownTypes(entries, stop).filter((type) => TYPES.includes(type));
  const types = [...new Set([...known, ...TYPES])].filter((type) => !seen.some((key) => key.type === type));
  const allowed = stop.algorithms.hostKey;
  return types.flatMap(signatures).filter((name) => allowed?.includes(name) ?? true) as ServerHostKeyAlgorithm[];
}

/** Undefined if the key may be trusted, else the reason to turn away. With pins only they count, and revocation. */
export function checkHostKey(stop: Stop, known: Knowledge, blob: Buffer): Refusal | NotThePin | undefined {
  const key = publicKey(blob);
  const shown = { type: key.type, fingerprint: fingerprint(blob) };
  const list = known.revocation(key);
  if (list !== undefined) return hostKeyRevoked(stop.place, shown, [list]);
  const verdict = judge(known.entries, stop, key);
  if (verdict.kind === 'revoked') return hostKeyRevoked(stop.place, shown, verdict.places);
  const bits = rsaBits(blob);
  if (bits < stop.rsaBits) return hostKeyTooShort(stop.place, shown, bits, stop.rsaBits);
  if (stop.pins.length > 0) return stop.pins.includes(shown.fingerprint) ? undefined : new NotThePin(shown);
  if (verdict.kind === 'known') return undefined;
  if (verdict.kind === 'changed') return hostKeyChanged(stop.place, shown, verdict.places);
  const line = `${stop.hostKeyName} ${key.type} ${blob.toString('base64')}`;
  return hostKeyUnknown(stop, shown, line, verdict);
}

export const refusePinned = (stop: Stop, seen: readonly SeenKey[]): Refusal =>
  hostKeyNotPinned(stop.place, stop.pins, seen);
