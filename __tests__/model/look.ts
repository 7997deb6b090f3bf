import type { FoundToken, NodeFound } from '../../bootstrap/node/found';
import { parseUserCfg } from '../../bootstrap/node/user-cfg';
import { parseComment } from '../../contract/mark';
import { readFiles } from '../../simulator/machine/node-files';
import type { SimulatedNode } from '../../simulator/node';
import { type Rights, rightsOf as rightsIn, secretsIn } from '../faults/tokens';
import { nameOf, type Owner } from './entries';

const userCfg = ({ root }: SimulatedNode) => Buffer.from(readFiles(root)['user.cfg'] ?? '', 'latin1').toString('utf8');

/** What the node holds, past the program under test. */
export const found = (node: SimulatedNode): NodeFound => parseUserCfg(userCfg(node));

/**
 * A node disables a user before it deletes it: a removal that is cut off in between leaves that. To enable it again is left to
 * people, who may have disabled it for a reason.
 */
export const isDisabled = (node: SimulatedNode, userid: string): boolean => userCfg(node).includes(`user:${userid}:0:`);

/** By identity. */
export const secretsOf = ({ root }: SimulatedNode): ReadonlyMap<string, string> => secretsIn(readFiles(root));

/** What the API grants this token, as its consumer would ask; nothing where it is turned away. */
export const rightsOf = ({ root, release }: SimulatedNode, identity: string, secret: string): Rights | undefined =>
  rightsIn(readFiles(root), release, identity, secret);

/** Without adopted tokens of a user that is left to others: nothing tells of them once their entry names another. */
export const markedTokens = (node: SimulatedNode, owner?: Owner): FoundToken[] =>
  [...found(node).tokens.values()].filter(
    ({ userid, comment }) => isMarked(comment, owner) && !(userid === 'jo@pve' && comment.endsWith(' adopted]')),
  );

export const isMarked = (comment: string, owner?: Owner): boolean =>
  parseComment(comment).sections.some((one) => owner === undefined || nameOf(one.owner as Owner) === nameOf(owner));

/**
 * The records of `user.cfg`, each ACL entry by itself; those whose role or token is gone mean nothing, the node drops them at
 * its next write. Of a role its name alone: its privileges may be ours to set.
 */
export function recordsOf(node: SimulatedNode): string[] {
  const { acl, roles } = found(node);
  const lines = userCfg(node)
    .split('\n')
    .filter((line) => !/^(acl:|role:|$)/.test(line));
  const grants = acl.map(({ path, principal, role, propagate }) => `acl:${path}:${principal}:${role}:${propagate}`);
  return [...lines, ...[...roles.keys()].map((role) => `role:${role}`), ...grants];
}
