/** pveum user add|modify|delete|list */

import { eachNode } from '../acl-tree';
import { command } from '../command';
import { failed } from '../failure';
import type { User, UserConfig } from '../model';
import type { Traits } from '../releases';
import type { ReturnProperty } from '../return-property';
import type { Params } from '../schema';
import { parseFactors, parseShadow, writeFactors, writeShadow } from '../secrets';
import type { Session } from '../session';
import { isTrue, sorted, splitList } from '../text';
import { existingUser, userName } from './lookup';
import { setPassword } from './passwords';
import { userFields, userid } from './properties';
import { realmTypes } from './realms';

const family = 'PVE::API2::User';

function join(config: UserConfig, userId: string, groups: string | undefined): void {
  const user = config.users.get(userId);
  for (const name of splitList(groups)) {
    const group = config.groups.get(name);
    // The realms' configuration was looked for last, and a fresh node has none: its errno leaks into the exit code.
    if (!group) throw failed(`no such group '${name}'`);
    group.users.add(userId);
    if (user) user.groups = (user.groups ?? new Set()).add(name);
  }
}

/** Exit code of a failure after domains.cfg was looked for in vain. */
const leakedErrno = (session: Session): number | undefined =>
  session.read('domains.cfg') === undefined ? 2 : undefined;

function newUser(params: Params): User {
  const user: User = { enable: params.enable ?? 1 };
  if (isTrue(params.expire)) user.expire = params.expire;
  for (const field of ['firstname', 'lastname', 'email', 'comment', 'keys'] as const) {
    const value = params[field];
    if (isTrue(value)) user[field] = value;
  }
  return user;
}

function addUser(session: Session, params: Params): void {
  const { userid: id = '', password } = params;
  session.locked('create user failed', () => {
    const name = userName(id);
    const { config } = session;
    const exit = leakedErrno(session);
    if (config.users.has(id)) throw failed(`user '${id}' already exists`, exit);
    if (password !== undefined) setPassword(session, name, password);
    for (const group of splitList(params.groups)) {
      if (!config.groups.has(group)) throw failed(`no such group '${group}'`, exit);
    }
    config.users.set(id, newUser(params));
    join(config, id, params.groups);
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
    if (params.enable !== undefined) user.enable = params.enable;
    if (params.expire !== undefined) user.expire = params.expire;
    if (!isTrue(append) && groups !== undefined) leaveGroups(config, id);
    if (isTrue(groups)) join(config, id, groups);
    for (const field of ['firstname', 'lastname', 'email', 'comment', 'keys'] as const) {
      const value = params[field];
      if (value !== undefined) user[field] = value;
    }
    session.saveConfig();
  });
}

function forgetPassword(session: Session, name: string): void {
  const shadow = parseShadow(session.read('priv/shadow.cfg'));
  shadow.delete(name);
  session.write('priv/shadow.cfg', writeShadow(shadow));
}

function forgetFactors(session: Session, id: string): void {
  const factors = parseFactors(session.read('priv/tfa.cfg'));
  if (factors.users) delete factors.users[id];
  session.write('priv/tfa.cfg', writeFactors(factors));
}

/** A missing user is no error, and old secrets stay in token.cfg. */
function deleteUser(session: Session, params: Params): void {
  const { userid: id = '' } = params;
  const { name, realm } = userName(id);
  session.locked('delete user failed', () => {
    const { config } = session;
    // Disabled first, so that a failure half way leaves nobody with less protection.
    config.users.set(id, { ...config.users.get(id), enable: 0 });
    session.saveConfig();
    if (realmTypes(session).get(realm) === 'pve') forgetPassword(session, name);
    config.users.delete(id);
    forgetFactors(session, id);
    leaveGroups(config, id);
    eachNode(config.acl, (_, node) => node.users.delete(id));
    session.saveConfig();
  });
}

function describeUser(session: Session, id: string, user: User, full: boolean): Record<string, unknown> {
  const { groups, tokens, ...fields } = user;
  const type = realmTypes(session).get(id.slice(id.lastIndexOf('@') + 1));
  const listed = tokens && sorted(tokens.keys()).map((name) => ({ tokenid: name, ...tokens.get(name) }));
  const extra = full ? { groups: sorted(groups ?? []).join(','), tokens: listed ?? null } : {};
  return { userid: id, ...fields, ...extra, ...(type ? { 'realm-type': type } : {}) };
}

function listUsers(session: Session, params: Params): unknown {
  const { users } = session.config;
  return sorted(users.keys()).flatMap((id) => {
    const user = users.get(id);
    if (!user) return [];
    if (params.enabled !== undefined && isTrue(user.enable) !== isTrue(params.enabled)) return [];
    return [describeUser(session, id, user, isTrue(params.full))];
  });
}

function columns(traits: Traits): Readonly<Record<string, ReturnProperty>> {
  const fields = userFields(traits.limitsUserFields);
  const asColumn = ([name, property]: [string, (typeof fields)[string]]): [string, ReturnProperty] => [
    name,
    { type: property.type, optional: true, maxLength: property.maxLength },
  ];
  return {
    userid: { type: 'string', maxLength: 64 },
    ...Object.fromEntries(Object.entries(fields).map(asColumn)),
    tokens: { type: 'array', optional: true },
    'realm-type': { type: 'string', optional: true },
    ...(traits.tfaList
      ? { 'totp-locked': { type: 'boolean', optional: true }, 'tfa-locked-until': { type: 'integer', optional: true } }
      : {}),
  };
}

export function userCommands(traits: Traits) {
  const fields = userFields(traits.limitsUserFields);
  const positional = ['userid'];
  return {
    add: command({
      family,
      about: 'Create a user.',
      positional,
      properties: {
        userid,
        ...fields,
        password: {
          type: 'string',
          about: 'First password.',
          optional: true,
          minLength: traits.limitsUserFields ? 8 : 5,
          maxLength: 64,
        },
      },
      run: addUser,
    }),
    modify: command({
      family,
      about: 'Change a user.',
      positional,
      properties: {
        userid,
        ...fields,
        append: { type: 'boolean', about: 'Keep the present groups.', optional: true, requires: 'groups' },
      },
      run: modifyUser,
    }),
    delete: command({ family, about: 'Delete a user.', positional, properties: { userid }, run: deleteUser }),
    list: command({
      family,
      about: 'List the users.',
      positional: [],
      properties: {
        enabled: { type: 'boolean', about: 'List those that may log in, or those that may not.', optional: true },
        full: { type: 'boolean', about: 'Add groups and tokens.', optional: true, default: '0' },
      },
      output: 'result',
      returns: { type: 'array', properties: columns(traits) },
      run: listUsers,
    }),
  };
}
