import { type Claim, parseComment, sameOwner, sectionOf, tokenMarkOf, withSection } from '../../contract/mark';
import type { Owner } from '../../contract/settings';
import { printable } from '../foreign-text';
import { findAcl, type NodeFound } from '../node/found';
import type { Step } from '../node/steps';
import { after } from './after';
import {
  isOf,
  isThere,
  keyOf,
  keysOf,
  type Ledger,
  ledgersOn,
  ledgerUser,
  type MarkedToken,
  markedTokens,
} from './claims';
import { revokeSteps } from './unneeded';

/** What is to go, and what to stay. */
export interface Parting {
  readonly owner: Owner;
  /** Identities that the entry names, or the engine last applied: their marks are believed. */
  readonly named: readonly string[];
  /** Identities that stay, with all that they live on. */
  readonly keep: readonly string[];
  /** The user in whose comment the entry goes on keeping its claims; absent where the entry goes as a whole. */
  readonly holder?: string;
}

/**
 * Steps that take away what this owner made, except for the kept identities and what they live on.
 *
 * What others use stays: a user with tokens, marks or ACL entries that are not ours, a role that an ACL entry of others names, an
 * adopted token (it only loses our mark). The comment that carries the claims goes last, so that a run that is cut off can go on.
 */
export function planRelease(parting: Parting, found: NodeFound): readonly Step[] {
  const { owner, named, keep } = parting;
  const marked = markedTokens(found, named);
  const tokens = marked
    .filter(({ token, section }) => sameOwner(section.owner, owner) && !keep.includes(token.identity))
    .flatMap((going) => releaseToken(owner, going));
  const bare = after(found, tokens);
  const ledgers = ledgersOn(bare);
  const going = ledgers.filter(isOf(owner)).filter((ledger) => !isKept(parting, ledger));
  const staying = ledgers.filter((ledger) => !going.includes(ledger));
  const leaving = going.filter(({ holder }) => mayGo(bare, going, staying, holder)).map(({ holder }) => holder);
  const revokes = going
    .flatMap(({ claims }) => claims)
    .filter((claim) => isRevoked(bare, claim, going, staying, leaving));
  const roles = staleRoles(bare, going, staying, [...revokes, ...leaving.flatMap((userid) => grantsOf(bare, userid))]);
  return [
    ...tokens,
    ...[...revokes, ...roles].flatMap(revokeSteps),
    ...going.map(({ holder }) => releaseHolder(parting, bare, holder, leaving.includes(holder))),
  ];
}

function releaseToken(owner: Owner, { token, section }: MarkedToken): Step[] {
  const { identity, comment } = token;
  if (tokenMarkOf(section).origin !== 'adopted') return [{ verb: 'removeToken', identity }];
  return [{ verb: 'setToken', identity, comment: withSection(comment, owner, undefined) ?? '' }];
}

/** A user's own ledger stays as long as a token of that user does; another user's as long as it names something that stays. */
function isKept({ keep, holder: current }: Parting, { holder, claims }: Ledger): boolean {
  const kept = new Set(keep.flatMap((identity) => [identity, identity.slice(0, identity.indexOf('!'))]));
  if (holder === current || kept.has(holder)) return true;
  return claims.some((claim) =>
    kept.has(claim.kind === 'acl' ? claim.principal : claim.kind === 'token' ? claim.identity : ''),
  );
}

/** We made the user, and nobody else holds a token of it, claims it or gave it an ACL entry. */
function mayGo(found: NodeFound, going: readonly Ledger[], staying: readonly Ledger[], userid: string): boolean {
  const ours = keysOf(going);
  const isLedger = going.some(({ holder, owner }) => holder === userid && holder === ledgerUser(owner));
  if (!isLedger && !ours.has(keyOf({ kind: 'user', userid }))) return false;
  return (
    !staying.some(({ holder }) => holder === userid) &&
    ![...found.tokens.values()].some((token) => token.userid === userid) &&
    grantsOf(found, userid).every((claim) => ours.has(keyOf(claim)))
  );
}

function grantsOf(found: NodeFound, userid: string): Claim[] {
  return found.acl.filter(({ principal }) => principal === userid).map((entry) => ({ ...entry, kind: 'acl' }));
}

/**
 * An ACL entry of ours is taken from a user or token that stays, unless another owner claims it, or the user is ours and has
 * tokens of nobody we know, which live on it. From a user that goes it needs no step: the node drops it too (measured).
 */
function isRevoked(
  found: NodeFound,
  claim: Claim,
  going: readonly Ledger[],
  staying: readonly Ledger[],
  leaving: readonly string[],
): boolean {
  if (claim.kind !== 'acl' || findAcl(found, claim) === undefined) return false;
  const { principal } = claim;
  if (leaving.includes(principal) || keysOf(staying).has(keyOf(claim))) return false;
  return !keysOf(going).has(`user ${principal}`) || !hasStrangers(found, staying, principal);
}

function hasStrangers(found: NodeFound, staying: readonly Ledger[], userid: string): boolean {
  const owners = staying.filter(({ holder }) => holder === userid).map(({ owner }) => owner);
  return [...found.tokens.values()]
    .filter((token) => token.userid === userid)
    .some(
      ({ comment }) =>
        !parseComment(comment).sections.some((section) => owners.some((owner) => sameOwner(owner, section.owner))),
    );
}

/** Roles that we made and that no ACL entry names once these entries are gone. */
function staleRoles(
  found: NodeFound,
  going: readonly Ledger[],
  staying: readonly Ledger[],
  revoked: readonly Claim[],
): Claim[] {
  const gone = new Set(revoked.map(keyOf));
  const inUse = new Set(
    found.acl.filter((entry) => !gone.has(keyOf({ ...entry, kind: 'acl' }))).map(({ role }) => role),
  );
  const theirs = keysOf(staying);
  const claims = going.flatMap((ledger) => ledger.claims).filter((claim) => claim.kind === 'role');
  return [...new Map(claims.map((claim) => [keyOf(claim), claim])).values()].filter(
    (claim) => isThere(found, claim) && !inUse.has(claim.role) && !theirs.has(keyOf(claim)),
  );
}

function releaseHolder({ owner }: Parting, found: NodeFound, userid: string, leaves: boolean): Step {
  if (leaves) return { verb: 'deleteUser', userid };
  return {
    verb: 'setUserComment',
    userid,
    comment: withSection(found.users.get(userid)?.comment ?? '', owner, undefined) ?? '',
  };
}

/** What stays of that which the entry made, or seems to have made, and why. */
export function notesOn({ owner, named, keep }: Parting, found: NodeFound, steps: readonly Step[]): string[] {
  const then = after(found, steps);
  const made = ledgersOn(found)
    .filter(isOf(owner))
    .flatMap(({ claims }) => claims);
  const kept = new Set(
    ledgersOn(then)
      .filter(isOf(owner))
      .flatMap(({ claims }) => claims)
      .map(keyOf),
  );
  const left = made.filter(
    (claim) => (claim.kind === 'user' || claim.kind === 'role') && isThere(then, claim) && !kept.has(keyOf(claim)),
  );
  const believed = new Set(markedTokens(found, named).map(({ token }) => token.identity));
  const forged = [...found.tokens.values()].filter(
    ({ identity, comment }) =>
      !believed.has(identity) && !keep.includes(identity) && sectionOf(comment, owner) !== undefined,
  );
  return [
    ...new Set(left.map((claim) => `${keyOf(claim)}: stays, others use it`)),
    ...forged.map(
      ({ identity }) => `token ${printable(identity)}: left as it is, its user may have written this entry's mark`,
    ),
  ];
}
