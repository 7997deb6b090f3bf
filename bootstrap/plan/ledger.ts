import { ROOT } from '../../contract/identifiers';
import type { NodeFound } from '../node/found';
import {
  aclIn,
  claimsOf,
  findAcl,
  type Held,
  heldOn,
  isHeldBy,
  roleClaim,
  rolesIn,
  tokenAclClaim,
  userAclClaim,
} from './claims';
import { type Claim, sectionOf, withSection } from './mark';
import { customRole, isRoot, type Wanted } from './wanted';

/** What we made for one entry, and where that is written down. */
export interface Ledger {
  /** Claims on role and ACL entries stand on what is ours: the user where we made it, otherwise the token. */
  readonly holder: 'user' | 'token';
  /** What we shall have made, once the plan has run. */
  readonly claims: ReadonlySet<Claim>;
  /** What we made and nobody wants any longer, and may go. */
  readonly stale: ReadonlySet<Claim>;
}

/** Nothing while there is nothing of ours to write claims on: a user that others made, and the token still to come. */
export function readLedger(wanted: Wanted, found: NodeFound): Ledger | undefined {
  const { userid, identity } = wanted.token;
  const held = heldOn(found);
  const ours = held.filter(isHeldBy(wanted.owner));
  const theirs = held.filter((entry) => !isHeldBy(wanted.owner)(entry));
  const ownUser = userIsOurs(wanted, found, held);
  if (!ownUser && !ours.some((entry) => entry.identity === identity)) return undefined;

  const current = currentClaims(ours, userid, identity);
  const shared = sharedClaims(theirs, userid);
  const needed = neededClaims(wanted);
  const made = needed.filter((claim) => !exists(wanted, found, claim) || current.has(claim) || shared.has(claim));
  // What is gone already is on no list: an older token that is retained goes on naming it.
  const unwanted = [...current].filter(
    (claim) => claim !== 'user' && !needed.includes(claim) && exists(wanted, found, claim),
  );
  const blocked = unwanted.filter((claim) => isUsedByOthers(wanted, found, claim));
  return {
    holder: ownUser ? 'user' : 'token',
    claims: new Set<Claim>([...(ownUser ? (['user'] as const) : []), ...made, ...blocked]),
    stale: new Set(unwanted.filter((claim) => !blocked.includes(claim))),
  };
}

/** Roles are claimed a node, ACL entries of the user a user, ACL entries of a token on that token alone. */
function currentClaims(ours: readonly Held[], userid: string, identity: string): Set<Claim> {
  const sameUser = claimsOf(ours.filter((held) => held.userid === userid));
  const ownToken = claimsOf(ours.filter((held) => held.identity === identity));
  return new Set<Claim>([
    ...rolesIn(claimsOf(ours)).map(roleClaim),
    ...[...sameUser].filter((claim) => claim === 'user' || claim.startsWith('acl:')),
    ...aclIn(ownToken, 'own').map(tokenAclClaim),
  ]);
}

function sharedClaims(theirs: readonly Held[], userid: string): Set<Claim> {
  const sameUser = claimsOf(theirs.filter((held) => held.userid === userid));
  return new Set([...rolesIn(claimsOf(theirs)).map(roleClaim), ...aclIn(sameUser, 'acl').map(userAclClaim)]);
}

function userIsOurs(wanted: Wanted, found: NodeFound, held: readonly Held[]): boolean {
  const { userid } = wanted.token;
  if (userid === ROOT) return false;
  if (!found.users.has(userid)) return true;
  return held.some((entry) => entry.at === 'user' && entry.userid === userid && entry.section.claims.has('user'));
}

function neededClaims(wanted: Wanted): Claim[] {
  const { role, acl, privsep } = wanted;
  if (role === undefined) return [];
  const custom = customRole(wanted);
  return [
    ...(custom === undefined ? [] : [roleClaim(custom)]),
    ...(isRoot(wanted) ? [] : acl.map(({ path }) => userAclClaim({ path, role }))),
    ...(privsep ? acl.map(({ path }) => tokenAclClaim({ path, role })) : []),
  ];
}

function exists(wanted: Wanted, found: NodeFound, claim: Claim): boolean {
  const { userid, identity } = wanted.token;
  return (
    rolesIn([claim]).some((role) => found.roles.has(role)) ||
    aclIn([claim], 'acl').some((entry) => findAcl(found, userid, entry) !== undefined) ||
    aclIn([claim], 'own').some((entry) => findAcl(found, identity, entry) !== undefined)
  );
}

/** A role that an ACL entry of another user or token names: it stays, and stays ours to remove later. */
function isUsedByOthers(wanted: Wanted, found: NodeFound, claim: Claim): boolean {
  const { userid, identity } = wanted.token;
  return rolesIn([claim]).some((role) =>
    found.acl.some((entry) => entry.role === role && entry.principal !== userid && entry.principal !== identity),
  );
}

/** The user's comment with these claims. */
export function userComment(wanted: Wanted, found: NodeFound, claims: ReadonlySet<Claim>): string {
  const { owner, token } = wanted;
  const ofUser = new Set([...claims].filter((claim) => !claim.startsWith('own:')));
  return withSection(found.users.get(token.userid)?.comment ?? '', owner, { owner, claims: ofUser });
}

/** The comment of a token of ours with these claims: its text as the entry sets it, generation and adoption as they stand. */
export function tokenComment(wanted: Wanted, standing: string, ledger: Ledger, claims: ReadonlySet<Claim>): string {
  const { owner, comment, generation } = wanted;
  const section = sectionOf(standing, owner) ?? { owner, generation };
  const ofToken = [...claims].filter(
    (claim) => claim.startsWith('own:') || (ledger.holder === 'token' && claim !== 'user'),
  );
  const next = { ...section, claims: new Set(ofToken) };
  return withSection(comment ?? standing, owner, next);
}
