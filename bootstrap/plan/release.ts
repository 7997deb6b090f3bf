import type { Owner } from '../../contract/settings';
import type { FoundAcl, NodeFound } from '../node/found';
import { revokeGrants } from './access';
import {
  type AclClaim,
  aclIn,
  claimsOf,
  type Held,
  heldOn,
  isHeldBy,
  roleClaim,
  rolesIn,
  userAclClaim,
} from './claims';
import { withSection } from './mark';
import type { Step } from './steps';

/** What of this owner goes, and what stands beside it. */
interface Parting {
  readonly owner: Owner;
  readonly found: NodeFound;
  readonly going: readonly Held[];
  readonly staying: readonly Held[];
  /** Tokens that are removed: ours, but for those that were there before us. */
  readonly removed: readonly string[];
}

/**
 * Steps that take away what this owner made, except for the kept identities and what they need.
 *
 * What others use stays: a user with tokens, marks or ACL entries that are not ours, a role that an ACL entry of others
 * names, an adopted token (it only loses our mark). What carries the claims goes last, so that a run that is cut off can go
 * on. An ACL entry of a user or token that goes needs no step: the node drops it with them (measured).
 */
export function planRelease(owner: Owner, found: NodeFound, keep: readonly string[]): readonly Step[] {
  const parting = part(owner, found, keep);
  const { going } = parting;
  const users = [...new Set(going.map((held) => held.userid))].filter(
    (userid) => !keep.some((k) => userOf(k) === userid),
  );
  const leaving = users.filter((userid) => mayGo(parting, userid));
  const tokens = going.filter((held) => held.at === 'token');
  const revokes = [
    ...tokens.flatMap((held) => releaseOwnGrants(parting, held)),
    ...users.filter((userid) => !leaving.includes(userid)).flatMap((userid) => releaseGrants(parting, userid)),
  ];
  return [
    ...tokens.filter((held) => !isLast(held)).flatMap((held) => releaseToken(parting, held)),
    ...revokes,
    ...releaseRoles(parting, leaving, revokes),
    ...tokens.filter(isLast).flatMap((held) => releaseToken(parting, held)),
    ...users.flatMap((userid) => releaseUser(parting, userid, leaving.includes(userid))),
  ];
}

function part(owner: Owner, found: NodeFound, keep: readonly string[]): Parting {
  const held = heldOn(found);
  const going = held.filter(isHeldBy(owner)).filter((entry) => !isKept(entry, keep));
  return {
    owner,
    found,
    going,
    staying: held.filter((entry) => !going.includes(entry)),
    removed: going.filter(({ section }) => !section.adopted).flatMap(({ identity }) => identity ?? []),
  };
}

/** A user's own section stays as long as a token of that user is kept. */
function isKept({ identity, userid }: Held, keep: readonly string[]): boolean {
  return identity === undefined ? keep.some((kept) => userOf(kept) === userid) : keep.includes(identity);
}

function userOf(identity: string): string {
  return identity.slice(0, identity.indexOf('!'));
}

/** It carries claims on what goes before it: of an adopted token that is its own ACL entries too. */
function isLast({ section }: Held): boolean {
  return section.adopted === true || [...section.claims].some((claim) => !claim.startsWith('own:'));
}

function releaseToken({ owner, found }: Parting, { identity = '', section }: Held): Step[] {
  const token = found.tokens.get(identity);
  if (token === undefined) return [];
  if (!section.adopted) return [{ verb: 'removeToken', identity }];
  return [{ verb: 'setToken', identity, comment: withSection(token.comment, owner, undefined) }];
}

/** ACL entries that we gave to a token that was there before us: any other goes with its token. */
function releaseOwnGrants({ found }: Parting, { identity = '', section }: Held): Step[] {
  if (!section.adopted) return [];
  return revokeGrants(found, aclIn(section.claims, 'own'), { type: 'token', id: identity });
}

/** ACL entries that we gave to a user that stays, unless another owner claims them or tokens of others live on them. */
function releaseGrants(parting: Parting, userid: string): Step[] {
  const { found, going, staying } = parting;
  if (isOurUser(going, userid) && strangers(parting, userid).length > 0) return [];
  if (heirs(parting, userid).length > 0) return [];
  const theirs = claimsOf(staying.filter((held) => held.userid === userid));
  const entries = grantsOf(going, userid).filter((entry) => !theirs.has(userAclClaim(entry)));
  return revokeGrants(found, entries, { type: 'user', id: userid });
}

function releaseRoles(parting: Parting, leaving: readonly string[], revokes: readonly Step[]): Step[] {
  const { found, going, staying, removed } = parting;
  const theirs = claimsOf([...staying, ...going.filter(({ userid }) => heirs(parting, userid).length > 0)]);
  const isRevoked = (entry: FoundAcl) =>
    revokes.some(
      (s) =>
        s.verb === 'revokeGrant' &&
        s.principal.id === entry.principal &&
        s.path === entry.path &&
        s.role === entry.role,
    );
  const goes = (entry: FoundAcl) =>
    removed.includes(entry.principal) || leaving.includes(entry.principal) || isRevoked(entry);
  return [...new Set(rolesIn(claimsOf(going)))]
    .filter((role) => found.roles.has(role) && !theirs.has(roleClaim(role)))
    .filter((role) => found.acl.filter((entry) => entry.role === role).every(goes))
    .map((role): Step => ({ verb: 'deleteRole', role }));
}

function releaseUser(parting: Parting, userid: string, leaves: boolean): Step[] {
  if (leaves) return [{ verb: 'deleteUser', userid }];
  const { owner, found, going } = parting;
  const user = found.users.get(userid);
  if (user === undefined || !going.some((held) => held.at === 'user' && held.userid === userid)) return [];
  const claims = claimsOf(going.filter((held) => held.at === 'user' && held.userid === userid));
  const left = withSection(user.comment, owner, undefined);
  const comment = heirs(parting, userid).reduce((text, heir) => withSection(text, heir, { owner: heir, claims }), left);
  return [{ verb: 'setUserComment', userid, comment }];
}

/**
 * Owners with a token of a user that we made, but without a section on the user: two deploys wrote its comment at once, and
 * one overwrote the other's. They may live on everything that we claim there, so it stays, and the claims go to them.
 */
function heirs({ going, staying }: Parting, userid: string): Owner[] {
  if (!isOurUser(going, userid)) return [];
  const others = staying.filter((held) => held.userid === userid);
  const written = others.filter(({ at }) => at === 'user');
  return others
    .filter(({ at, section }) => at === 'token' && !written.some(isHeldBy(section.owner)))
    .map(({ section }) => section.owner);
}

/** We made the user, and nobody else holds a token of it, claims it or gave it an ACL entry. */
function mayGo(parting: Parting, userid: string): boolean {
  const { found, going, staying } = parting;
  if (!found.users.has(userid) || !isOurUser(going, userid)) return false;
  const ours = new Set(grantsOf(going, userid).map(userAclClaim));
  const foreignGrant = found.acl.some((entry) => entry.principal === userid && !ours.has(userAclClaim(entry)));
  return !foreignGrant && !staying.some((held) => held.userid === userid) && strangers(parting, userid).length === 0;
}

function isOurUser(going: readonly Held[], userid: string): boolean {
  return going.some((held) => held.at === 'user' && held.userid === userid && held.section.claims.has('user'));
}

function grantsOf(going: readonly Held[], userid: string): AclClaim[] {
  return aclIn(claimsOf(going.filter((held) => held.userid === userid)), 'acl');
}

/** Tokens of the user that are there afterwards without a mark of anybody's: they live on what the user has now. */
function strangers({ found, removed, staying }: Parting, userid: string): string[] {
  const tokens = [...found.tokens.values()].filter((token) => token.userid === userid);
  return tokens
    .map((token) => token.identity)
    .filter((identity) => !removed.includes(identity) && !staying.some((held) => held.identity === identity));
}
