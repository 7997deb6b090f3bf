import type { AclSetting } from '../../contract/settings';
import type { NodeFound } from '../node/found';
import { type AclClaim, aclIn, claimsOf, findAcl, heldOn, isHeldBy, roleClaim, rolesIn, userAclClaim } from './claims';
import { type Ledger, readLedger, tokenComment, userComment } from './ledger';
import { type Claim, sectionOf } from './mark';
import type { Principal, Step, TokenChange } from './steps';
import { customRole, isRoot, type Wanted } from './wanted';

/**
 * Steps from the access that was found to the access that is wanted, for a token that is ours or still to come.
 *
 * A claim is written before the thing it names is made, and taken back after the thing is gone: cut off between any two
 * steps, the next run still knows what is ours. New grants come before old ones go, and before privilege separation is
 * switched on: a working token never loses a right that it keeps.
 *
 * While there is nothing of ours to write claims on, only the role is set, and only if it is there: that needs no claim. The
 * plan runs again once the token is there, and the verb `token` does not ask what a role that is there should hold.
 */
export function planAccess(wanted: Wanted, found: NodeFound): readonly Step[] {
  const ledger = readLedger(wanted, found);
  if (ledger === undefined) return planRole(wanted, found).filter(({ verb }) => verb === 'setRole');
  const during = new Set([...ledger.claims, ...ledger.stale]);
  const user = planUser(wanted, found, ledger, during);
  const revokes = planRevokes(wanted, found, ledger);
  const token = planToken(wanted, found, ledger, during, revokes.length > 0);
  return [
    ...user.first,
    ...token.first,
    ...planRole(wanted, found),
    ...planGrants(wanted, found),
    ...token.settings,
    ...revokes,
    ...token.last,
    ...user.last,
  ];
}

/** Whether `planAccess` has to run again once the token is there. */
export function waitsForToken(wanted: Wanted, found: NodeFound): boolean {
  return wanted.role !== undefined && readLedger(wanted, found) === undefined;
}

function planUser(wanted: Wanted, found: NodeFound, ledger: Ledger, during: ReadonlySet<Claim>) {
  if (ledger.holder !== 'user') return { first: [], last: [] };
  const { userid } = wanted.token;
  const before = found.users.get(userid)?.comment;
  const meanwhile = userComment(wanted, found, during);
  const after = userComment(wanted, found, ledger.claims);
  const set = (comment: string): Step => ({ verb: 'setUserComment', userid, comment });
  const add: Step = { verb: 'addUser', userid, comment: meanwhile };
  return {
    first: before === undefined ? [add] : before === meanwhile ? [] : [set(meanwhile)],
    last: meanwhile === after ? [] : [set(after)],
  };
}

/** Steps on a token of ours: its mark before what only it claims is made, its settings after the grants. */
function planToken(
  wanted: Wanted,
  found: NodeFound,
  ledger: Ledger,
  during: ReadonlySet<Claim>,
  revoking: boolean,
): Record<'first' | 'settings' | 'last', Step[]> {
  const token = found.tokens.get(wanted.token.identity);
  const section = token && sectionOf(token.comment, wanted.owner);
  if (token === undefined || section === undefined) return { first: [], settings: [], last: [] };
  const set = (change: TokenChange): Step[] =>
    Object.keys(change).length === 0 ? [] : [{ verb: 'setToken', identity: token.identity, ...change }];
  const meanwhile = tokenComment(wanted, token.comment, ledger, during);
  const after = tokenComment(wanted, token.comment, ledger, ledger.claims);
  const claimed = sectionOf(meanwhile, wanted.owner)?.claims ?? new Set();
  const early = [...claimed].some((claim) => !section.claims.has(claim)) ? meanwhile : token.comment;
  const settled = revoking ? meanwhile : after;
  return {
    first: early === token.comment ? [] : set({ comment: early }),
    settings: set({
      ...(early === settled ? {} : { comment: settled }),
      ...(token.expire === wanted.expire ? {} : { expire: wanted.expire }),
      ...(token.privsep === wanted.privsep ? {} : { privsep: wanted.privsep }),
    }),
    last: settled === after ? [] : set({ comment: after }),
  };
}

function planRole(wanted: Wanted, found: NodeFound): Step[] {
  const role = customRole(wanted);
  const { privileges } = wanted;
  if (role === undefined || privileges === undefined) return [];
  const there = found.roles.get(role);
  if (there === undefined) return [{ verb: 'addRole', role, privileges }];
  const same = there.privileges.size === privileges.length && privileges.every((name) => there.privileges.has(name));
  return same ? [] : [{ verb: 'setRole', role, privileges }];
}

/** One command a path, for all who lack the grant there: user and token together under privilege separation. */
function planGrants(wanted: Wanted, found: NodeFound): Step[] {
  const { role, token, acl, privsep } = wanted;
  // A token that is still to come, or to be adopted, gets its grants once its mark can claim them, and its user's with them.
  const marked = sectionOf(found.tokens.get(token.identity)?.comment ?? '', wanted.owner) !== undefined;
  if (role === undefined || (privsep && !marked)) return [];
  const user: Principal = { type: 'user', id: token.userid };
  const own: Principal = { type: 'token', id: token.identity };
  const all = [...(isRoot(wanted) ? [] : [user]), ...(privsep ? [own] : [])];
  return acl.flatMap((setting): Step[] => {
    const principals = all.filter(({ id }) => !isGranted(found, id, role, setting));
    return principals.length === 0 ? [] : [{ verb: 'grant', role, ...setting, principals }];
  });
}

function isGranted(found: NodeFound, principal: string, role: string, { path, propagate }: AclSetting): boolean {
  return findAcl(found, principal, { path, role })?.propagate === propagate;
}

function planRevokes(wanted: Wanted, found: NodeFound, { stale }: Ledger): Step[] {
  const { userid, identity } = wanted.token;
  const theirs = heldOn(found).filter((held) => !isHeldBy(wanted.owner)(held));
  const ofUser = claimsOf(theirs.filter((held) => held.userid === userid));
  const anywhere = claimsOf(theirs);
  const entries = aclIn(stale, 'acl').filter((entry) => !ofUser.has(userAclClaim(entry)));
  return [
    ...revokeGrants(found, entries, { type: 'user', id: userid }),
    ...revokeGrants(found, aclIn(stale, 'own'), { type: 'token', id: identity }),
    ...rolesIn(stale)
      .filter((role) => found.roles.has(role) && !anywhere.has(roleClaim(role)))
      .map((role): Step => ({ verb: 'deleteRole', role })),
  ];
}

/** The entries of that principal that are there, taken away. */
export function revokeGrants(found: NodeFound, entries: readonly AclClaim[], principal: Principal): Step[] {
  return entries
    .filter((entry) => findAcl(found, principal.id, entry) !== undefined)
    .map((entry): Step => ({ verb: 'revokeGrant', ...entry, principal }));
}
