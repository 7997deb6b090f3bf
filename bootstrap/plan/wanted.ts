import { isBuiltInRole, parseIdentity, ROOT, type TokenIdentity } from '../../contract/identifiers';
import type { AclSetting, NodeSettings, OnExisting, Owner } from '../../contract/settings';

/** What the node is to hold for one entry, as the planners take it. */
export interface Wanted {
  readonly owner: Owner;
  readonly token: TokenIdentity;
  /** Absent: `root@pam` without privilege separation, or an entry that leaves user, role and ACL to others. */
  readonly role?: string;
  /** Sorted; absent for a built-in role, and where this verb leaves an existing role as it is. */
  readonly privileges?: readonly string[];
  readonly acl: readonly AclSetting[];
  /** Absent: off for a token that is made, as found for one that others made. */
  readonly privsep?: boolean;
  /** Absent: never for a token that is made, as found for one that others made. */
  readonly expire?: number;
  readonly comment?: string;
  readonly generation: string;
  readonly retain: readonly string[];
  readonly onExisting: OnExisting;
  /** Rights of users and tokens of others may change. */
  readonly changeOthers: boolean;
  /** The time, in seconds since the epoch. */
  readonly now: number;
}

export function wantedOf(settings: NodeSettings, now: number, privileges?: readonly string[]): Wanted {
  const { owner, identity, access, generation, retain, on_existing: onExisting } = settings;
  const { role, acl, privilege_separation: privsep, expire, comment, change_others: changeOthers = false } = access;
  const given = { role, privsep, expire, comment, privileges };
  return {
    owner,
    token: parseIdentity(identity),
    acl: role === undefined ? [] : acl,
    generation,
    retain,
    onExisting,
    changeOthers,
    now,
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as typeof given),
  };
}

export function isRoot({ token }: Wanted): boolean {
  return token.userid === ROOT;
}

/** User, role and ACL are others' to manage. */
export function leavesAccess(wanted: Wanted): boolean {
  return wanted.role === undefined && !isRoot(wanted);
}

/** The role that we make and keep, if there is one: a built-in role is only used. */
export function customRole({ role }: Wanted): string | undefined {
  return role === undefined || isBuiltInRole(role) ? undefined : role;
}
