import type { Owner } from '../../contract/settings';
import type { FoundAcl, NodeFound } from '../node/found';
import { type Claim, parseComment, type Section, sameOwner } from './mark';

/** A claim on an ACL entry, taken apart. */
export interface AclClaim {
  readonly path: string;
  readonly role: string;
}

export const roleClaim = (role: string): Claim => `role:${role}`;
export const userAclClaim = ({ path, role }: AclClaim): Claim => `acl:${path}@${role}`;
export const tokenAclClaim = ({ path, role }: AclClaim): Claim => `own:${path}@${role}`;

export function rolesIn(claims: Iterable<Claim>): string[] {
  return [...claims].filter((claim) => claim.startsWith('role:')).map((claim) => claim.slice('role:'.length));
}

export function aclIn(claims: Iterable<Claim>, kind: 'acl' | 'own'): AclClaim[] {
  return [...claims]
    .filter((claim) => claim.startsWith(`${kind}:`))
    .map((claim) => {
      const [path = '', role = ''] = claim.slice(kind.length + 1).split('@');
      return { path, role };
    });
}

/** One section of one comment on the node, with the place it stands at. */
export interface Held {
  readonly at: 'user' | 'token';
  readonly userid: string;
  /** Of the token, where it stands on one. */
  readonly identity?: string;
  readonly section: Section;
}

/** Every section that stands on the node. */
export function heldOn(found: NodeFound): Held[] {
  const onUsers = [...found.users.values()].flatMap(({ userid, comment }) =>
    parseComment(comment).sections.map((section): Held => ({ at: 'user', userid, section })),
  );
  const onTokens = [...found.tokens.values()].flatMap(({ userid, identity, comment }) =>
    parseComment(comment).sections.map((section): Held => ({ at: 'token', userid, identity, section })),
  );
  return [...onUsers, ...onTokens];
}

export function isHeldBy(owner: Owner): (held: Held) => boolean {
  return (held) => sameOwner(held.section.owner, owner);
}

export function claimsOf(held: readonly Held[]): Set<Claim> {
  return new Set(held.flatMap(({ section }) => [...section.claims]));
}

export function findAcl(found: NodeFound, principal: string, { path, role }: AclClaim): FoundAcl | undefined {
  return found.acl.find((entry) => entry.principal === principal && entry.path === path && entry.role === role);
}
