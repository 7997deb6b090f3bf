import { type Claim, sameOwner } from '../../contract/mark';
import type { NodeFound } from '../node/found';
import { principalOf, type Step } from '../node/steps';
import { isThere, type Keys, keyOf, keysOf, type Ledger, markedTokens } from './claims';
import type { Needs } from './needed';
import { leavesAccess, type Wanted } from './wanted';

type AclClaim = Extract<Claim, { kind: 'acl' }>;

/** The lists on the node, as one entry sees them. */
export interface Books {
  /** The user in whose comment this entry's claims stand. */
  readonly holder: string;
  readonly ours: readonly Ledger[];
  /** Claims of other entries. */
  readonly theirs: Keys;
}

/** Claims of what an entry made before and does not need now: what goes, and what stays on its list. */
export interface Unneeded {
  readonly stale: readonly Claim[];
  readonly staying: readonly Claim[];
}

export function sortOut(wanted: Wanted, found: NodeFound, books: Books, needed: Keys, needs: Needs): Unneeded {
  const { holder, ours, theirs } = books;
  const leaves = leavesAccess(wanted);
  const unneeded = ours
    .flatMap(({ claims }) => claims)
    .filter((claim) => !needed.has(keyOf(claim)) && isThere(found, claim));
  const stale = staleClaims(found, unneeded, theirs, doneWith(wanted, found, needs));
  const left = unneeded.filter((claim) => !stale.includes(claim));
  const onHolder = keysOf(ours.filter((ledger) => ledger.holder === holder));
  const stays = left.filter((claim) => onHolder.has(keyOf(claim)) && (leaves || !theirs.has(keyOf(claim))));
  // A role that is still in use moves along; all else of another user's list goes with that user.
  const named = new Set(stays.flatMap((claim) => (claim.kind === 'acl' ? [claim.role] : [])));
  const moves = (claim: Claim) =>
    !leaves && claim.kind === 'role' && (named.has(claim.role) || !theirs.has(keyOf(claim)));
  return { stale, staying: left.filter((claim) => stays.includes(claim) || moves(claim)) };
}

/** Whether an ACL entry that is not needed can go: nobody whom this entry cares for lives on it. */
function doneWith(wanted: Wanted, found: NodeFound, { separated, madeAgain }: Needs): (claim: AclClaim) => boolean {
  const { userid, identity } = wanted.token;
  const leaves = leavesAccess(wanted);
  const living = livingOf(wanted, found);
  return ({ principal }) => {
    if (principal === identity) return madeAgain || (separated !== undefined && !leaves);
    if (principal === userid) return !leaves;
    return !living.has(principal);
  };
}

/** Tokens of this entry, older ones too, and their users: what they live on stays as long as they do. */
function livingOf({ owner, token, retain }: Wanted, found: NodeFound): ReadonlySet<string> {
  const named = [token.identity, ...retain];
  const marked = markedTokens(found, named).filter(({ section }) => sameOwner(section.owner, owner));
  const identities = [...named, ...marked.map(({ token }) => token.identity)];
  return new Set(identities.flatMap((identity) => [identity, identity.slice(0, identity.indexOf('!'))]));
}

/** ACL entries that nothing needs any more, and roles that nobody's ACL entry names after that. */
function staleClaims(
  found: NodeFound,
  unneeded: readonly Claim[],
  theirs: Keys,
  isDone: (claim: AclClaim) => boolean,
): Claim[] {
  const acl = unneeded.filter((claim) => claim.kind === 'acl' && isDone(claim) && !theirs.has(keyOf(claim)));
  const revoked = new Set(acl.map(keyOf));
  const inUse = new Set(
    found.acl.filter((entry) => !revoked.has(keyOf({ ...entry, kind: 'acl' }))).map(({ role }) => role),
  );
  const roles = unneeded.filter(
    (claim) => claim.kind === 'role' && !inUse.has(claim.role) && !theirs.has(keyOf(claim)),
  );
  return [...acl, ...roles];
}

/** The step that takes away what a claim is on; none for users and tokens, which go another way. */
export function revokeSteps(claim: Claim): Step[] {
  if (claim.kind === 'role') return [{ verb: 'deleteRole', role: claim.role }];
  if (claim.kind !== 'acl') return [];
  const { path, role, principal } = claim;
  return [{ verb: 'revokeGrant', path, role, principal: principalOf(principal) }];
}
