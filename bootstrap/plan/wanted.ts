import { isBuiltInRole, parseIdentity, ROOT, type TokenIdentity } from '../../contract/identifiers';
import type { AclSetting, NodeSettings, OnExisting, Owner } from '../../contract/settings';

/** What the node is to hold for one entry, as the planners take it. */
export interface Wanted {
  readonly owner: Owner;
  readonly token: TokenIdentity;
  /** Absent: `root@pam` without privilege separation, which needs none. */
  readonly role?: string;
  /** Sorted; absent for a built-in role, and where this verb leaves an existing role as it is. */
  readonly privileges?: readonly string[];
  readonly acl: readonly AclSetting[];
  readonly privsep: boolean;
  readonly expire: number;
  readonly comment?: string;
  readonly generation: string;
  readonly onExisting: OnExisting;
}

export function wantedOf(settings: NodeSettings, privileges?: readonly string[]): Wanted {
  const { owner, identity, access, generation, on_existing: onExisting } = settings;
  return {
    owner,
    token: parseIdentity(identity),
    acl: access.role === undefined ? [] : access.acl,
    privsep: access.privilege_separation,
    expire: access.expire,
    generation,
    onExisting,
    ...(access.role === undefined ? {} : { role: access.role }),
    ...(access.comment === undefined ? {} : { comment: access.comment }),
    ...(privileges === undefined ? {} : { privileges }),
  };
}

export function isRoot(wanted: Wanted): boolean {
  return wanted.token.userid === ROOT;
}

/** The role that we make and keep, if there is one: a built-in role is only used. */
export function customRole(wanted: Wanted): string | undefined {
  return wanted.role === undefined || isBuiltInRole(wanted.role) ? undefined : wanted.role;
}
