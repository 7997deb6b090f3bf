import type { Claim } from '../../contract/mark';
import type { NodeFound } from '../node/found';
import { digestOf, isOf, ledgersOn } from './claims';
import { customRole, isRoot, type Wanted } from './wanted';

/** What the entry needs on the node beside its token. */
export interface Needs {
  /** ACL entries of the user; without those that it does not need, since its groups give it as much. */
  readonly ofUser: readonly string[];
  /** Whether the token needs ACL entries of its own; absent: those that it has stay. */
  readonly separated?: boolean;
  /** The token is ours to remove, or all that stands beside it is. */
  readonly claimsToken: boolean;
  /** The token is removed and made again: its ACL entries go with it. */
  readonly madeAgain: boolean;
}

/** Claims on all that, as they stand in that user's comment. */
export function neededClaims(
  wanted: Wanted,
  found: NodeFound,
  holder: string,
  { ofUser, separated, claimsToken }: Needs,
): Claim[] {
  const { role, token, acl } = wanted;
  const { userid, identity } = token;
  const custom = customRole(wanted);
  const own =
    separated && role !== undefined
      ? acl.map(({ path }): Claim => ({ kind: 'acl', path, role, principal: identity }))
      : [];
  return [
    ...(holder === userid ? [{ kind: 'user', userid } as const] : []),
    ...(holder !== userid && !isRoot(wanted) && claimsToken ? [{ kind: 'token', identity } as const] : []),
    ...(custom === undefined ? [] : [roleClaim(wanted, found, holder, custom)]),
    ...(role === undefined ? [] : ofUser.map((path): Claim => ({ kind: 'acl', path, role, principal: userid }))),
    ...own,
  ];
}

/** Where this verb did not ask what the role should hold, the claim stays as `access` wrote it. */
function roleClaim({ owner, privileges }: Wanted, found: NodeFound, holder: string, role: string): Claim {
  const ours = ledgersOn(found).filter(isOf(owner));
  // The ledger of an older user may have an older list.
  const claims = [...ours.filter((ledger) => ledger.holder === holder), ...ours].flatMap((ledger) => ledger.claims);
  const written = claims.find((claim) => claim.kind === 'role' && claim.role === role);
  if (privileges === undefined && written !== undefined) return written;
  return { kind: 'role', role, digest: digestOf(privileges ?? [...(found.roles.get(role)?.privileges ?? [])]) };
}
