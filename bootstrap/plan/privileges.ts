import { PRESETS } from '../../contract/presets';
import type { AccessSettings } from '../../contract/settings';
import type { FoundRole } from '../node/found';
import { presetUnusable, privilegesUnknown } from '../refusals';

/** The node's own list: the role Administrator holds every privilege that the release knows (measured on four). */
export function knownPrivileges(roles: ReadonlyMap<string, FoundRole>): ReadonlySet<string> {
  return roles.get('Administrator')?.privileges ?? new Set();
}

/** Taken away by release 9. */
const WITHDRAWN = 'VM.Monitor';

/** After an upgrade `user.cfg` names a withdrawn privilege until the node's next write; the role does not hold it (measured). */
export function mayBeOutdated(role: FoundRole): boolean {
  return role.privileges.has(WITHDRAWN);
}

/**
 * The privileges that the entry means on this node, sorted; nothing for a built-in role.
 * Refuses, before anything is written, what the node does not know: it would refuse the whole command and name only the
 * first (measured).
 */
export function resolvePrivileges(access: AccessSettings, known: ReadonlySet<string>): readonly string[] | undefined {
  if (access.privileges !== undefined) return resolveList(access.privileges, known);
  const preset = access.preset === undefined ? undefined : PRESETS[access.preset];
  if (preset === undefined || 'builtIn' in preset) return undefined;
  const missing = preset.privileges.filter((privilege) => !known.has(privilege));
  if (missing.length > 0) throw presetUnusable(access.preset ?? '', missing);
  const there = (preset.whereKnown ?? []).filter((privilege) => known.has(privilege));
  return sorted([...preset.privileges, ...there]);
}

function resolveList(privileges: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const unknown = privileges.filter((privilege) => !known.has(privilege));
  if (unknown.length > 0) throw privilegesUnknown(unknown, known);
  return sorted(privileges);
}

function sorted(privileges: readonly string[]): readonly string[] {
  return [...new Set(privileges)].sort();
}
