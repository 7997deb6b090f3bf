import type { FoundToken, NodeFound } from '../../bootstrap/node/found';
import { parseUserCfg } from '../../bootstrap/node/user-cfg';
import { parseComment } from '../../bootstrap/plan/mark';
import { answer } from '../../simulator/api/answer';
import { readFiles } from '../../simulator/machine/node-files';
import type { SimulatedNode } from '../../simulator/node';
import type { Owner } from './entries';

/** What the node holds, past the program under test. */
export function found(node: SimulatedNode): NodeFound {
  return parseUserCfg(Buffer.from(readFiles(node.root)['user.cfg'] ?? '', 'latin1').toString('utf8'));
}

/**
 * A node disables a user before it deletes it: a removal that is cut off in between leaves that. To enable it again is left to
 * people, who may have disabled it for a reason.
 */
export function isDisabled(node: SimulatedNode, userid: string): boolean {
  return (readFiles(node.root)['user.cfg'] ?? '').split('\n').some((line) => line.startsWith(`user:${userid}:0:`));
}

/** By identity. */
export function secretsOf(node: SimulatedNode): ReadonlyMap<string, string> {
  const lines = (readFiles(node.root)['priv/token.cfg'] ?? '').split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

type Rights = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What the API grants this token, as its consumer would ask; nothing where it is turned away. */
export function rightsOf(node: SimulatedNode, identity: string, secret: string): Rights | undefined {
  const url = new URL('https://localhost/api2/json/access/permissions');
  const authorization = `PVEAPIToken=${identity}=${secret}`;
  const { release } = node;
  const now = Date.now() / 1000;
  const { status, data } = answer({ files: readFiles(node.root), release, method: 'GET', url, authorization, now });
  return status === 200 ? (data as Rights) : undefined;
}

export function markedTokens(node: SimulatedNode, owner?: Owner): FoundToken[] {
  return [...found(node).tokens.values()].filter(({ comment }) => isMarked(comment, owner));
}

export function isMarked(comment: string, owner?: Owner): boolean {
  return parseComment(comment).sections.some(
    ({ owner: { environment, cluster } }) =>
      owner === undefined || (owner.environment === environment && owner.cluster === cluster),
  );
}

/**
 * The records of `user.cfg`, each ACL entry by itself; those whose role or token is gone mean nothing, the node drops them at
 * its next write. Of a role its name alone: its privileges may be ours to set.
 */
export function recordsOf(node: SimulatedNode): string[] {
  const { acl } = found(node);
  const lines = (readFiles(node.root)['user.cfg'] ?? '').split('\n').filter((line) => !/^(acl:|role:|$)/.test(line));
  const roles = [...found(node).roles.keys()].map((role) => `role:${role}`);
  const grants = acl.map(({ path, principal, role, propagate }) => `acl:${path}:${principal}:${role}:${propagate}`);
  return [...lines, ...roles, ...grants];
}
