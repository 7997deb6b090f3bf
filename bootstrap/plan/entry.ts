import type { AclSetting } from '../../contract/settings';
import { findAcl, type NodeFound, withoutToken } from '../node/found';
import { principalOf, type Step } from '../node/steps';
import { after } from './after';
import { digestOf, isMadeUser, isOf, keyOf, keysOf, type Ledger, ledgersOn } from './claims';
import { planLedger } from './ledger';
import { refuseChangesOfOthers } from './others';
import { roleShared, userMissing } from './refusals';
import { rightsOn } from './rights';
import { planToken, type Scope } from './token';
import { customRole, isRoot, leavesAccess, type Wanted } from './wanted';

/**
 * Steps from what was found to what one entry wants: user, role, ACL, token and its secret. Reads nothing, writes nothing.
 *
 * Grants come before what they replace goes, and before privilege separation is switched on: a working token never loses a right
 * that it keeps. What is to be refused is refused here, before the first step.
 */
export function planEntry(wanted: Wanted, found: NodeFound, scope: Scope): readonly Step[] {
  const { userid, identity } = wanted.token;
  if (leavesAccess(wanted) && !found.users.has(userid)) throw userMissing(userid);
  const token = planToken(wanted, found, scope);
  const role = planRole(wanted, found);
  // With the role as it will be: what it gives by then is the same before a cut and after it.
  const then = after(found, role);
  const granted = isRoot(wanted) ? [] : wanted.acl.filter((setting) => !hasAnyway(wanted, then, setting));
  const { separated, ours, madeAgain } = token;
  const claimsToken = ours || !leavesAccess(wanted);
  const needs = { ofUser: granted.map(({ path }) => path), separated, claimsToken, madeAgain };
  const ledger = planLedger(wanted, found, needs);
  const own = separated ? wanted.acl : [];
  const steps = [
    ...ledger.first,
    ...role,
    ...planGrants(wanted, found, userid, granted),
    ...token.secret,
    ...planGrants(wanted, madeAgain ? withoutToken(found, identity) : found, identity, own),
    ...token.settings,
    ...ledger.revokes,
    ...ledger.last,
  ];
  if (!wanted.changeOthers) refuseChangesOfOthers(wanted, found, steps);
  return steps;
}

/** A user that others made and that has these rights through a group, say: an entry of its own there would hide the group's. */
function hasAnyway(
  { token, role, privileges, acl: own }: Wanted,
  found: NodeFound,
  { path, propagate }: AclSetting,
): boolean {
  const { userid } = token;
  const ledgers = ledgersOn(found);
  if (role === undefined || !found.users.has(userid) || isMadeUser(ledgers, userid)) return false;
  if (findAcl(found, { path, role, principal: userid }) !== undefined) return false;
  const wanted = privileges ?? [...(found.roles.get(role)?.privileges ?? [])];
  // Without what entries of ours give it: it goes with them, and a run that was cut off would take it for others'.
  const ours = new Set([
    ...keysOf(ledgers),
    ...own.map(({ path }) => keyOf({ kind: 'acl', path, role, principal: userid })),
  ]);
  const acl = found.acl.filter((entry) => !ours.has(keyOf({ ...entry, kind: 'acl' })));
  const rights = rightsOn({ ...found, acl })(userid, path);
  return wanted.length > 0 && wanted.every((name) => (propagate ? rights.get(name) === true : rights.has(name)));
}

function planRole(wanted: Wanted, found: NodeFound): Step[] {
  const { owner, privileges, changeOthers } = wanted;
  const role = customRole(wanted);
  if (role === undefined || privileges === undefined) return [];
  const there = found.roles.get(role);
  if (there === undefined) return [{ verb: 'addRole', role, privileges }];
  const missing = privileges.filter((name) => !there.privileges.has(name));
  const excess = [...there.privileges].filter((name) => !privileges.includes(name));
  if (missing.length + excess.length === 0) return [];
  const other = ledgersOn(found).find((ledger) => !isOf(owner)(ledger) && wantsAnother(ledger, role, privileges));
  if (other !== undefined && !changeOthers) throw roleShared(role, other.owner, missing, excess);
  return [{ verb: 'setRole', role, privileges }];
}

/** Of a role that others made an entry has no claim, but of its ACL entries: then the role is as that entry wants it. */
function wantsAnother({ claims }: Ledger, role: string, privileges: readonly string[]): boolean {
  const claimed = claims.find((claim) => claim.kind === 'role' && claim.role === role);
  if (claimed?.kind === 'role') return claimed.digest !== digestOf(privileges);
  return claims.some((claim) => claim.kind === 'acl' && claim.role === role);
}

function planGrants({ role }: Wanted, found: NodeFound, id: string, acl: readonly AclSetting[]): Step[] {
  if (role === undefined) return [];
  return acl
    .filter(({ path, propagate }) => findAcl(found, { path, role, principal: id })?.propagate !== propagate)
    .map((setting): Step => ({ verb: 'grant', role, ...setting, principals: [principalOf(id)] }));
}
