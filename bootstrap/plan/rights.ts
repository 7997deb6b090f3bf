import { ROOT } from '../../contract/identifiers';
import type { FoundAcl, NodeFound } from '../node/found';

/** Privileges on a path, and whether each propagates. */
export type Rights = ReadonlyMap<string, boolean>;

/**
 * Who may do what, by Proxmox VE's rules: on one path a principal's own ACL entries hide those of its groups, a deeper path hides
 * what is inherited, NoAccess takes all, and a separated token has what it and its user both have. Of `root@pam` itself nothing
 * is said here: it has everything.
 */
export function rightsOn(found: NodeFound): (id: string, path: string) => Rights {
  const byPath = new Map<string, FoundAcl[]>();
  for (const entry of found.acl) {
    const here = byPath.get(entry.path);
    if (here === undefined) byPath.set(entry.path, [entry]);
    else here.push(entry);
  }
  const ownRights = (id: string, path: string) => privilegesOf(found, rolesAt(found, byPath, id, path));
  return (id, path) => {
    const token = found.tokens.get(id);
    if (token === undefined) return ownRights(id, path);
    if (token.userid === ROOT) return token.privsep ? ownRights(id, path) : EVERYTHING;
    const ofUser = ownRights(token.userid, path);
    if (!token.privsep) return ofUser;
    const own = ownRights(id, path);
    return new Map(
      [...own].filter(([name]) => ofUser.has(name)).map(([name, below]) => [name, below && ofUser.get(name) === true]),
    );
  };
}

const EVERYTHING: Rights = new Map([['everything', true]]);

function rolesAt(
  found: NodeFound,
  byPath: ReadonlyMap<string, FoundAcl[]>,
  id: string,
  path: string,
): readonly FoundAcl[] {
  let held: readonly FoundAcl[] = [];
  for (const level of levelsOf(path)) {
    const here = (byPath.get(level) ?? []).filter((entry) => level === path || entry.propagate);
    const own = here.filter(({ type, principal }) => type !== 'group' && principal === id);
    const ofGroups = here.filter(({ type, principal }) => type === 'group' && found.groups.get(principal)?.has(id));
    if (own.length > 0) held = own;
    else if (ofGroups.length > 0) held = ofGroups;
  }
  return held.some(({ role }) => role === 'NoAccess') ? [] : held;
}

/** `/`, `/vms`, `/vms/100` */
function levelsOf(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}

/** A role whose privileges are not known here counts as one privilege of its own. */
function privilegesOf(found: NodeFound, entries: readonly FoundAcl[]): Rights {
  const rights = new Map<string, boolean>();
  for (const { role, propagate } of entries) {
    for (const name of found.roles.get(role)?.privileges ?? [`everything of ${role}`]) {
      rights.set(name, propagate || rights.get(name) === true);
    }
  }
  return rights;
}
