import type { NodeFound } from '../../bootstrap/node/found';
import { knownPrivileges, resolvePrivileges } from '../../bootstrap/plan/privileges';
import type { Permissions } from '../../bootstrap/verify';
import { isBuiltInRole } from '../../contract/identifiers';
import { Refusal } from '../../contract/refusal';
import type { AccessSettings } from '../../contract/settings';
import type { PathRights } from './row';

/** What the entry wants on each of its paths; undefined where it leaves rights to others, or asks what the node does not know. */
export function wantedPrivileges(access: AccessSettings, { roles }: NodeFound): readonly string[] | undefined {
  const { role } = access;
  if (role === undefined) return undefined;
  try {
    const listed = isBuiltInRole(role) ? undefined : resolvePrivileges(access, knownPrivileges(roles));
    return listed ?? [...(roles.get(role)?.privileges ?? [])];
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What the API says of the token, held against the wanted list, path by path. */
export function compareRights(
  { acl }: AccessSettings,
  wanted: readonly string[],
  permissions: Permissions,
): { readonly missing: PathRights[]; readonly excess: PathRights[] } {
  const rows = acl.map(({ path }) => ({ path, granted: Object.keys(permissions[path] ?? {}) }));
  const some = ({ privileges }: PathRights) => privileges.length > 0;
  return {
    missing: rows
      .map(({ path, granted }) => ({ path, privileges: wanted.filter((name) => !granted.includes(name)) }))
      .filter(some),
    excess: rows
      .map(({ path, granted }) => ({ path, privileges: granted.filter((name) => !wanted.includes(name)).sort() }))
      .filter(some),
  };
}

/** `VM.Audit, VM.Clone on /` */
export function listRights(rights: readonly PathRights[]): string {
  return rights.map(({ path, privileges }) => `${privileges.join(', ')} on ${path}`).join('; ');
}
