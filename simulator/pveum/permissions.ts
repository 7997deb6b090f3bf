/** Who may do what where: the rules behind `permissions` on the command line and in the API. */
import { eachNode } from './acl-tree';
import { isUserName, splitToken } from './identifiers';
import type { AclNode, Grants, UserConfig } from './model';
import type { Release } from './releases';
import { traitsOf } from './releases';
import { isTrue } from './text';

/** Privilege to propagate flag; a key that is there is a privilege that is held. */
export type Held = Map<string, number>;

function effective(grants: Grants | undefined, final: boolean): Grants | undefined {
  const kept = [...(grants ?? [])].filter(([, propagate]) => final || propagate === 1);
  return kept.length > 0 ? new Map(kept) : undefined;
}

function groupGrants(config: UserConfig, node: AclNode, id: string, final: boolean): Grants | undefined {
  const merged: Grants = new Map();
  for (const [name, grants] of node.groups) {
    if (!config.groups.get(name)?.users.has(id)) continue;
    for (const [role, propagate] of effective(grants, final) ?? []) merged.set(role, propagate);
  }
  return merged.size > 0 ? merged : undefined;
}

function partsOf(path: string): string[] {
  if (path === '/') return [''];
  const parts = path.split('/');
  while (parts.at(-1) === '') parts.pop();
  return parts;
}

/** Roles along the path: the deepest entry wins, an own entry wins over a group's, NoAccess over all. */
function rolesAt(config: UserConfig, id: string, path: string): Grants {
  let roles: Grants = new Map();
  let node: AclNode | undefined = config.acl;
  const parts = partsOf(path);
  for (const [index, part] of parts.entries()) {
    const final = index === parts.length - 1;
    if (part !== '') node = node?.children.get(part);
    if (!node) continue;
    const own: Grants | undefined = effective(node.tokens.get(id), final) ?? effective(node.users.get(id), final);
    roles = own ?? groupGrants(config, node, id, final) ?? roles;
  }
  const none = roles.get('NoAccess');
  return none === undefined ? roles : new Map([['NoAccess', none]]);
}

function privilegesAt(config: UserConfig, id: string, path: string): Held {
  const held: Held = new Map();
  for (const [role, propagate] of rolesAt(config, id, path)) {
    for (const privilege of config.roles.get(role) ?? []) {
      held.set(privilege, held.get(privilege) || propagate);
    }
  }
  return held;
}

/** Privileges of a user or token id on one path. */
export function permissionsAt(config: UserConfig, id: string, path: string): Held {
  if (id === 'root@pam') return new Map([...(config.roles.get('Administrator') ?? [])].map((name) => [name, 1]));
  const token = splitToken(id);
  if (!token) return isUserName(id) ? privilegesAt(config, id, path) : new Map();
  const info = config.users.get(token.userid)?.tokens?.get(token.tokenid);
  if (!info) return new Map();
  const owners = permissionsAt(config, token.userid, path);
  if (!isTrue(info.privsep)) return owners;
  const own = privilegesAt(config, id, path);
  // Root holds everything, so nothing is to be cut from its tokens.
  if (token.userid === 'root@pam') return own;
  return new Map(
    [...own].filter(([name]) => owners.has(name)).map(([name, propagate]) => [name, owners.get(name) ? propagate : 0]),
  );
}

/** Every path with an entry or by default, as far as anything is held there. */
export function effectivePermissions(config: UserConfig, id: string, release: Release): Map<string, Held> {
  const { poolPath } = traitsOf(release);
  const paths = new Set(['/', '/access', '/access/groups', '/nodes', poolPath, '/sdn', '/storage', '/vms']);
  eachNode(config.acl, (path) => paths.add(path));
  const dump = new Map<string, Held>();
  for (const path of paths) {
    const held = permissionsAt(config, id, path);
    if (held.size > 0) dump.set(path, held);
  }
  return dump;
}

/** The same as a plain object, which is what both front doors print. */
export function permissionReport(config: UserConfig, id: string, path: string | undefined, release: Release) {
  const dump = isTrue(path)
    ? new Map([[path, permissionsAt(config, id, path)]])
    : effectivePermissions(config, id, release);
  return Object.fromEntries([...dump].map(([at, held]) => [at, Object.fromEntries(held)]));
}
