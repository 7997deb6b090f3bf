import type { FoundAcl, NodeFound } from '../../bootstrap/node/found';
import { isOf, keyOf, keysOf, ledgersOn } from '../../bootstrap/plan/claims';
import { Refusal } from '../../contract/refusal';
import { Untold } from './engine';
import { identityOf, nameOf, type Owner } from './entries';
import { isDisabled, isMarked } from './look';
import type { World } from './world';

/**
 * Whether a verb of that entry had a good reason to fail without any fault: somebody has meddled, the file asks for a refusal, or
 * somebody else has a stake in what it would change. `there`: what the node held before the deploy, or after it.
 */
export function isExcused(world: World, owner: Owner, failure: unknown, there: NodeFound): boolean {
  // Of a real engine only its output is there; its double knows whether that may be.
  if (failure instanceof Untold) return true;
  const entry = world.entries.get(nameOf(owner));
  if (entry === undefined) return false;
  const { user, role, changeOthers } = entry;
  const node = world.nodeOf(owner);
  if (isDisabled(node, user) || world.bookOf(owner).meddled) return true;
  const identity = identityOf(owner, entry);
  const ledgers = ledgersOn(there);
  const mine = keysOf(ledgers.filter(isOf(owner)));
  const theirs = ledgers.filter((ledger) => !isOf(owner)(ledger)).flatMap(({ claims }) => claims);
  const tokens = [...there.tokens.values()].filter(({ comment }) => !isMarked(comment, owner));
  // An ACL entry of its user that it did not make, or one of somebody else with its role.
  const isShared = (acl: FoundAcl) =>
    acl.principal === user
      ? !mine.has(keyOf({ ...acl, kind: 'acl' }))
      : acl.role === role && acl.principal !== identity;
  const excuses: Readonly<Record<string, boolean>> = {
    TOKEN_EXISTS: entry.onExisting === 'fail' && tokens.some((token) => token.identity === identity),
    USER_MISSING: !there.users.has(user),
    SETTINGS_UNSAID: node.release !== '9.1' && (entry.separated === undefined || entry.expires === undefined),
    ROLE_SHARED: !changeOthers && theirs.some((claim) => 'role' in claim && claim.role === role),
    OTHERS_CHANGE: !changeOthers && (tokens.some(({ userid }) => userid === user) || there.acl.some(isShared)),
  };
  return failure instanceof Refusal && excuses[failure.code] === true;
}
