/** pveum role add|modify|delete|list */
import type { Commands } from '../command';
import { failed, wrongParameter } from '../failure';
import type { Params, Property } from '../schema';
import type { Session } from '../session';
import { isTrue, sorted, splitList } from '../text';
import { flag } from './properties';

const positional = ['roleid'];
const roleid: Property = { type: 'string', format: 'roleid' };
const privs: Property = { type: 'string', format: 'priv-list', optional: true };

function existing(session: Session, role: string): Set<string> {
  const held = session.config.roles.get(role);
  if (!held) throw failed(`role '${role}' does not exist`);
  return held;
}

function refuseSpecial(session: Session, role: string, verb: string): void {
  if (session.privileges.specialRoles.has(role)) throw failed(`auto-generated role '${role}' cannot be ${verb}`);
}

function addRole(session: Session, { roleid: role = '', privs: list }: Params): void {
  if (session.traits.reservesPve && /^PVE/i.test(role)) {
    throw wrongParameter('roleid', "cannot use role ID starting with the (case-insensitive) 'PVE' namespace");
  }
  session.locked('create role failed', () => {
    const { roles } = session.config;
    if (roles.has(role)) throw failed(`role '${role}' already exists`);
    roles.set(role, new Set(splitList(list)));
    session.saveConfig();
  });
}

function modifyRole(session: Session, { roleid: role = '', privs: list, append }: Params): void {
  refuseSpecial(session, role, 'modified');
  session.locked('update role failed', () => {
    const held = existing(session, role);
    if (!isTrue(append)) held.clear();
    for (const privilege of splitList(list)) held.add(privilege);
    session.saveConfig();
  });
}

/** ACL entries of the role stay for now; the next reader finds them invalid. */
function deleteRole(session: Session, { roleid: role = '' }: Params): void {
  refuseSpecial(session, role, 'deleted');
  session.locked('delete role failed', () => {
    existing(session, role);
    session.config.roles.delete(role);
    session.saveConfig();
  });
}

const listRoles = (session: Session): unknown =>
  [...session.config.roles].map(([role, held]) => ({
    roleid: role,
    privs: sorted(held).join(','),
    special: session.privileges.specialRoles.has(role) ? 1 : 0,
  }));

export const roleCommands: Commands = {
  'role add': { positional, properties: { roleid, privs }, run: addRole },
  'role modify': { positional, properties: { roleid, privs, append: { ...flag, requires: 'privs' } }, run: modifyRole },
  'role delete': { positional, properties: { roleid }, run: deleteRole },
  'role list': { positional: [], properties: {}, prints: true, run: listRoles },
};
