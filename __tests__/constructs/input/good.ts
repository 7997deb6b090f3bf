/** Entries that are fine, for tests that change one thing. */
import { checkEntry } from '../../../constructs/input/check';
import type { ClusterEntry } from '../../../constructs/input/entry';
import type { Problem } from '../../../constructs/input/problem';

export const GOOD_ENTRY = {
  endpoint: 'https://nuc.example.net:8006',
  api_token: 'opentofu@pve!ci',
  bootstrap: { role: 'ci-role', preset: 'opentofu' },
};

export const PLACE = { source: 'lab', path: ['nuc'] };

export function check(raw: unknown, defaults?: unknown): ClusterEntry | Problem[] {
  return checkEntry('nuc', raw, defaults, PLACE);
}

/** The entry; throws with the problems if there are any. */
export function accept(raw: unknown, defaults?: unknown): ClusterEntry {
  const found = check(raw, defaults);
  if (Array.isArray(found)) throw new Error(`refused: ${JSON.stringify(found, null, 2)}`);
  return found;
}

/** `place: what` of every problem; empty if the entry is accepted. */
export function complaints(raw: unknown, defaults?: unknown): string[] {
  const found = check(raw, defaults);
  return Array.isArray(found) ? found.map(({ place, what }) => `${place}: ${what}`) : [];
}

export const withBootstrap = (bootstrap: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  ...GOOD_ENTRY,
  ...more,
  bootstrap,
});
