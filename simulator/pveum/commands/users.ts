/** pveum user add|modify|delete|list, and pveum group add */
import { eachNode } from '../acl-tree';
import type { Commands } from '../command';
import { failed } from '../failure';
import type { User, UserConfig } from '../model';
import type { Traits } from '../releases';
import type { Params } from '../schema';
import type { Session } from '../session';
import { isTrue, sorted, splitList } from '../text';
import { existingUser, userName } from './lookup';
import { flag, text, userFields, userid } from './properties';

/** The realms' configuration was looked for last, and a fresh node has none: its errno leaks into the exit code. */
const NO_REALMS = 2;
/** What every node has. */
const REALM_TYPES: Record<string, string> = { pam: 'pam', pve: 'pve' };

function join(config: UserConfig, id: string, groups: string | undefined, exit?: number): void {
  const user = config.users.get(id);
  for (const name of splitList(groups)) {
    const group = config.groups.get(name);
    if (!group) throw failed(`no such group '${name}'`, exit);
    group.users.add(id);
    if (user) user.groups = (user.groups ?? new Set()).add(name);
  }
}

function addUser(session: Session, params: Params): void {
  const { userid: id = '' } = params;
  session.locked('create user failed', () => {
    userName(id);
    const { config } = session;
    if (config.users.has(id)) throw failed(`user '${id}' already exists`, NO_REALMS);
    const user: User = { enable: params.enable ?? 1 };
    for (const field of ['expire', 'firstname', 'lastname', 'email', 'comment'] as const) {
      const value = params[field];
      if (isTrue(value)) user[field] = value;
    }
    config.users.set(id, user);
    join(config, id, params.groups, NO_REALMS);
    session.saveConfig();
  });
}

function leaveGroups(config: UserConfig, id: string): void {
  for (const group of config.groups.values()) group.users.delete(id);
}

function modifyUser(session: Session, params: Params): void {
  const { userid: id = '', append, groups } = params;
  session.locked('update user failed', () => {
    const { config } = session;
    const user = existingUser(config, id);
    if (!isTrue(append) && groups !== undefined) leaveGroups(config, id);
    if (isTrue(groups)) join(config, id, groups);
    if (params.enable !== undefined) user.enable = params.enable;
    for (const field of ['expire', 'firstname', 'lastname', 'email', 'comment'] as const) {
      const value = params[field];
      if (value !== undefined) user[field] = value;
    }
    session.saveConfig();
  });
}

/** A missing user is no error, and old secrets stay in token.cfg. */
function deleteUser(session: Session, { userid: id = '' }: Params): void {
  userName(id);
  session.locked('delete user failed', () => {
    const { config } = session;
    // Disabled first, so that a failure half way leaves nobody with less protection.
    config.users.set(id, { ...config.users.get(id), enable: 0 });
    session.saveConfig();
    config.users.delete(id);
    leaveGroups(config, id);
    eachNode(config.acl, (_, node) => node.users.delete(id));
    session.saveConfig();
  });
}

function describeUser(id: string, { groups, tokens, ...fields }: User, full: boolean): Record<string, unknown> {
  const type = REALM_TYPES[id.slice(id.lastIndexOf('@') + 1)];
  const listed = tokens && sorted(tokens.keys()).map((name) => ({ tokenid: name, ...tokens.get(name) }));
  const extra = full ? { groups: sorted(groups ?? []).join(','), tokens: listed ?? null } : {};
  return { userid: id, ...fields, ...extra, ...(type ? { 'realm-type': type } : {}) };
}

const listUsers = ({ config: { users } }: Session, { full }: Params): unknown =>
  sorted(users.keys()).map((id) => describeUser(id, users.get(id) ?? { enable: 0 }, isTrue(full)));

function addGroup(session: Session, { groupid: name = '', comment }: Params): void {
  session.locked('create group failed', () => {
    const { groups } = session.config;
    if (groups.has(name)) throw failed(`group '${name}' already exists`);
    groups.set(name, isTrue(comment) ? { users: new Set(), comment } : { users: new Set() });
    session.saveConfig();
  });
}

export function userCommands({ limitsUserFields }: Traits): Commands {
  const fields = userFields(limitsUserFields);
  const positional = ['userid'];
  // Nobody logs in with it here, so it is not kept.
  const password = { ...text, minLength: limitsUserFields ? 8 : 5, maxLength: 64 };
  return {
    'user add': { positional, properties: { userid, ...fields, password }, run: addUser },
    'user modify': {
      positional,
      properties: { userid, ...fields, append: { ...flag, requires: 'groups' } },
      run: modifyUser,
    },
    'user delete': { positional, properties: { userid }, run: deleteUser },
    'user list': { positional: [], properties: { full: flag }, prints: true, run: listUsers },
    'group add': {
      positional: ['groupid'],
      properties: { groupid: { type: 'string', format: 'groupid' }, comment: text },
      run: addGroup,
    },
  };
}
