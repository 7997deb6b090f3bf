/** pveum acl modify|delete|list */
import { eachNode, isAclPath, nodeAt, normalizePath } from '../acl-tree';
import type { Commands } from '../command';
import { failed, wrongParameter, wrongParameters } from '../failure';
import { splitToken } from '../identifiers';
import type { AclNode, Grants } from '../model';
import type { Params, Properties } from '../schema';
import type { Session } from '../session';
import { isTrue, splitList } from '../text';
import { existingToken, userName } from './lookup';
import { flag, path, text } from './properties';

function targetPath(session: Session, params: Params): string {
  const { path: given = '' } = params;
  const normal = normalizePath(given);
  const known = normal !== undefined && (isTrue(params.delete) || isAclPath(normal, session.release));
  if (!known || normal === undefined) throw wrongParameter('path', `invalid ACL path '${given}'`);
  return normal;
}

function requireSubjects({ users, groups, tokens }: Params): void {
  if (isTrue(users) || isTrue(groups) || isTrue(tokens)) return;
  const message = "either 'users', 'groups' or 'tokens' is required.";
  throw wrongParameters(new Map(['users', 'groups', 'tokens'].map((name) => [name, message])));
}

type Change = (members: Map<string, Grants>, member: string) => void;

function changeOf(role: string, params: Params): Change {
  const propagate = isTrue(params.propagate ?? '1') ? 1 : 0;
  return (members, member) => {
    const grants: Grants = members.get(member) ?? new Map<string, number>();
    if (isTrue(params.delete)) grants.delete(role);
    else members.set(member, grants.set(role, propagate));
  };
}

function apply(session: Session, node: AclNode, params: Params, change: Change): void {
  const { config } = session;
  for (const group of splitList(params.groups)) {
    if (!config.groups.has(group)) throw failed(`group '${group}' does not exist`);
    change(node.groups, group);
  }
  for (const user of splitList(params.users)) {
    userName(user);
    if (!config.users.has(user)) throw failed(`user '${user}' does not exist`);
    change(node.users, user);
  }
  for (const token of splitList(params.tokens)) {
    const { userid, tokenid } = splitToken(token) ?? { userid: '', tokenid: '' };
    existingToken(config, userid, tokenid);
    change(node.tokens, token);
  }
}

function updateAcl(session: Session, params: Params): void {
  requireSubjects(params);
  const at = targetPath(session, params);
  session.locked('ACL update failed', () => {
    const node = nodeAt(session.config.acl, at);
    for (const role of splitList(params.roles)) {
      if (!session.config.roles.has(role)) throw failed(`role '${role}' does not exist`);
      apply(session, node, params, changeOf(role, params));
    }
    session.saveConfig();
  });
}

function listAcl(session: Session): unknown {
  const rows: unknown[] = [];
  eachNode(session.config.acl, (at, node) => {
    for (const [type, members] of [
      ['user', node.users],
      ['group', node.groups],
      ['token', node.tokens],
    ] as const) {
      for (const [ugid, grants] of members) {
        for (const [roleid, propagate] of grants) rows.push({ path: at, type, ugid, roleid, propagate });
      }
    }
  });
  return rows;
}

const properties: Properties = {
  path,
  propagate: flag,
  users: { ...text, format: 'userid-list' },
  groups: { ...text, format: 'groupid-list' },
  tokens: { ...text, format: 'tokenid-list' },
  roles: { type: 'string', format: 'roleid-list' },
  delete: flag,
};
const positional = ['path'];

export const aclCommands: Commands = {
  'acl modify': { positional, properties, fixed: { delete: '0' }, run: updateAcl },
  'acl delete': { positional, properties, fixed: { delete: '1' }, run: updateAcl },
  'acl list': { positional: [], properties: {}, prints: true, run: listAcl },
};
