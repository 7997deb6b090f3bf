/** pveum group add|modify|delete|list */
import { eachNode } from '../acl-tree';
import { command } from '../command';
import { failed } from '../failure';
import type { Group } from '../model';
import type { Params, Property } from '../schema';
import type { Session } from '../session';
import { isTrue, sorted } from '../text';
import { groupid } from './properties';

const family = 'PVE::API2::Group';
const positional = ['groupid'];
const comment: Property = { type: 'string', about: 'Remark.', optional: true };

function existing(session: Session, name: string): Group {
  const group = session.config.groups.get(name);
  if (!group) throw failed(`group '${name}' does not exist`);
  return group;
}

function addGroup(session: Session, { groupid: name = '', comment: text }: Params): void {
  session.locked('create group failed', () => {
    const { groups } = session.config;
    if (groups.has(name)) throw failed(`group '${name}' already exists`);
    groups.set(name, isTrue(text) ? { users: new Set(), comment: text } : { users: new Set() });
    session.saveConfig();
  });
}

function modifyGroup(session: Session, { groupid: name = '', comment: text }: Params): void {
  session.locked('update group failed', () => {
    const group = existing(session, name);
    if (text !== undefined) group.comment = text;
    session.saveConfig();
  });
}

function deleteGroup(session: Session, { groupid: name = '' }: Params): void {
  session.locked('delete group failed', () => {
    existing(session, name);
    session.config.groups.delete(name);
    eachNode(session.config.acl, (_, node) => node.groups.delete(name));
    session.saveConfig();
  });
}

const listGroups = (session: Session): unknown =>
  [...session.config.groups].map(([name, group]) => ({
    groupid: name,
    users: sorted(group.users).join(','),
    ...(group.comment === undefined ? {} : { comment: group.comment }),
  }));

export const groupCommands = {
  add: command({ family, about: 'Create a group.', positional, properties: { groupid, comment }, run: addGroup }),
  modify: command({ family, about: 'Change a group.', positional, properties: { groupid, comment }, run: modifyGroup }),
  delete: command({ family, about: 'Delete a group.', positional, properties: { groupid }, run: deleteGroup }),
  list: command({
    family,
    about: 'List the groups.',
    positional: [],
    properties: {},
    output: 'result',
    returns: {
      type: 'array',
      properties: {
        groupid: { type: 'string' },
        comment: { type: 'string', optional: true },
        users: { type: 'string', optional: true },
      },
    },
    run: listGroups,
  }),
};
