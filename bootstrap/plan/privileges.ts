import { PRESETS } from '../../contract/presets';
import type { AccessSettings, AclSetting } from '../../contract/settings';
import type { FoundRole } from '../node/found';
import { pathUnknown, presetUnusable, privilegesUnknown } from './refusals';

/** The node's own list: the role Administrator holds every privilege that the release knows (measured on four). */
export function knownPrivileges(roles: ReadonlyMap<string, FoundRole>): ReadonlySet<string> {
  return roles.get('Administrator')?.privileges ?? new Set();
}

/** Taken away by release 9. */
const WITHDRAWN = 'VM.Monitor';

/**
 * What a role is sure to hold, by `user.cfg` alone: after an upgrade that names a withdrawn privilege until the node's next write,
 * and the role does not hold it (measured).
 */
export function surelyHeld(role: FoundRole | undefined): readonly string[] {
  return [...(role?.privileges ?? [])].filter((name) => name !== WITHDRAWN);
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

/** Refuses paths that the release lacks: those of resource mappings came with 8, and their privileges with them (measured). */
export function checkPaths(acl: readonly AclSetting[], known: ReadonlySet<string>): void {
  const path = acl.map((setting) => setting.path).find((candidate) => candidate.startsWith('/mapping'));
  if (path !== undefined && !known.has('Mapping.Use')) throw pathUnknown(path);
}
