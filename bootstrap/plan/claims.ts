import { createHash } from 'node:crypto';
import { ROOT } from '../../contract/identifiers';
import { type Claim, claimsIn, nameOf, parseComment, type Section, sameOwner } from '../../contract/mark';
import type { Owner } from '../../contract/settings';
import { type FoundToken, findAcl, type NodeFound } from '../node/found';

/** What one owner says, in the comment of one user, that it made. */
export interface Ledger {
  readonly owner: Owner;
  /** The user whose comment it is. */
  readonly holder: string;
  readonly claims: readonly Claim[];
}

/** Every ledger on the node. Only an administrator can write a user's comment, so all of it is believed. */
export function ledgersOn(found: NodeFound): Ledger[] {
  return [...found.users.values()].flatMap(({ userid, comment }) =>
    parseComment(comment).sections.map((section) => ({
      owner: section.owner,
      holder: userid,
      claims: claimsIn(section, userid),
    })),
  );
}

/**
 * The user in whose comment an owner keeps its claims where the token's user was made by others, who are never written to: a
 * disabled user of our own, without password and rights.
 */
export function ledgerUser(owner: Owner): string {
  return `cdktf-proxmox-tokens-${createHash('sha256').update(nameOf(owner)).digest('hex').slice(0, 12)}@pve`;
}

/** Tells two lists of privileges apart in a claim on a role. */
export function digestOf(privileges: readonly string[]): string {
  return createHash('sha256')
    .update([...privileges].sort().join(','))
    .digest('hex')
    .slice(0, 8);
}

/** Names the thing that a claim is on. */
export function keyOf(claim: Claim): string {
  switch (claim.kind) {
    case 'user':
      return `user ${claim.userid}`;
    case 'role':
      return `role ${claim.role}`;
    case 'token':
      return `token ${claim.identity}`;
    case 'acl':
      return `acl ${claim.path} ${claim.role} ${claim.principal}`;
  }
}

export type Keys = ReadonlySet<string>;

export function keysOf(ledgers: readonly Ledger[]): Keys {
  return new Set(ledgers.flatMap(({ claims }) => claims.map(keyOf)));
}

export function isThere(found: NodeFound, claim: Claim): boolean {
  switch (claim.kind) {
    case 'user':
      return found.users.has(claim.userid);
    case 'role':
      return found.roles.has(claim.role);
    case 'token':
      return found.tokens.has(claim.identity);
    case 'acl':
      return findAcl(found, claim) !== undefined;
  }
}

/** One of our entries made that user. */
export function isMadeUser(ledgers: readonly Ledger[], userid: string): boolean {
  return ledgers.some((ledger) => ledger.holder === userid && claimsItsHolder(ledger));
}

/**
 * Tokens whose marks may be believed, with those marks. A user may write any comment on tokens of his own, a token may not: so
 * only tokens of root, of users that we made, tokens that a ledger names, and those that the entry itself names.
 */
export function markedTokens(found: NodeFound, named: readonly string[]): MarkedToken[] {
  const ledgers = ledgersOn(found);
  const claimed = keysOf(ledgers);
  const believed = new Set([ROOT, ...ledgers.filter(claimsItsHolder).map(({ holder }) => holder)]);
  return [...found.tokens.values()]
    .filter(
      ({ userid, identity }) => believed.has(userid) || named.includes(identity) || claimed.has(`token ${identity}`),
    )
    .flatMap((token) => parseComment(token.comment).sections.map((section) => ({ token, section })));
}

export interface MarkedToken {
  readonly token: FoundToken;
  readonly section: Section;
}

const claimsItsHolder = ({ claims }: Ledger) => claims.some(({ kind }) => kind === 'user');

export function isOf(owner: Owner): (ledger: Ledger) => boolean {
  return (ledger) => sameOwner(ledger.owner, owner);
}
