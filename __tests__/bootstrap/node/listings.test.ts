import { describe, expect, test } from 'vitest';
import type { NodeFound } from '../../../bootstrap/node/found';
import { parseListings, parseRoles } from '../../../bootstrap/node/listings';
import { isBuiltInRole } from '../../../contract/identifiers';
import { RELEASES } from '../../../simulator/pveum/releases';
import { PaperNode } from '../plan/paper-node';
import { dump } from '../plan/support';

async function listed(node: PaperNode): Promise<NodeFound> {
  const json = async (...words: string[]) => (await node.run(['pveum', ...words, '--output-format', 'json'])).stdout;
  const lists = [
    await json('user', 'list', '--full', '1'),
    await json('role', 'list'),
    await json('acl', 'list'),
  ] as const;
  const found = parseListings(...lists);
  return { ...found, roles: new Map([...found.roles].filter(([role]) => !isBuiltInRole(role))) };
}

describe.each(RELEASES)('on release %s, the lists and the file tell the same', (release) => {
  test('of a fresh node, and of users, tokens, roles, groups and ACL entries of many kinds', async () => {
    const node = new PaperNode(release);
    expect(dump(await listed(node))).toEqual(dump(node.found));
    node.type(
      'group add ops',
      'user add jo@pve --comment CI:_"a"_100%_of_it --groups ops',
      'role add r1 --privs VM.Audit,VM.Clone',
      'role add none',
      'user token add jo@pve ci --privsep 0 --expire 1893456000 --comment a:b',
      'user token add jo@pve plain',
      'user token add root@pam top',
      'acl modify /vms/100 --users jo@pve --roles r1,PVEAuditor',
      'acl modify / --tokens jo@pve!ci,root@pam!top --roles r1 --propagate 0',
      'acl modify /pool --groups ops --roles PVEVMAdmin',
    );
    expect(node.found.acl).toHaveLength(5);
    expect(dump(await listed(node))).toEqual(dump(node.found));
  });

  test('of a token and a role that are gone while their ACL entries still stand in the file', async () => {
    const node = new PaperNode(release).type(
      'user add jo@pve',
      'role add r1 --privs VM.Audit',
      'user token add jo@pve ci',
      'acl modify / --users jo@pve --tokens jo@pve!ci --roles r1',
      'user token remove jo@pve ci',
    );
    expect(dump(await listed(node))).toEqual(dump(node.found));
    node.type('role delete r1');
    expect(node.files['user.cfg']).toContain('acl:1:/');
    expect([(await listed(node)).acl, node.found.acl]).toEqual([[], []]);
  });
});

test('the lists may give numbers as text and leave defaults out, as releases do', () => {
  const users = JSON.stringify([
    { userid: 'jo@pve', tokens: [{ tokenid: 'a', expire: '7', privsep: '0' }, { tokenid: 'b' }] },
    { userid: 'al@pve', comment: 'x', tokens: null },
  ]);
  const acl = JSON.stringify([{ path: '/', roleid: 'r', type: 'user', ugid: 'jo@pve', propagate: '0' }]);
  const found = parseListings(users, '[]', acl);
  expect(found.tokens.get('jo@pve!a')).toMatchObject({ expire: 7, privsep: false, comment: '' });
  expect(found.tokens.get('jo@pve!b')).toMatchObject({ expire: 0, privsep: true });
  expect(found.acl).toEqual([{ path: '/', role: 'r', type: 'user', principal: 'jo@pve', propagate: false }]);
});

test('the list of roles keeps the built-in ones, and is JSON or nothing', () => {
  const rows = [
    { roleid: 'Administrator', privs: 'VM.Audit,VM.Clone', special: 1 },
    { roleid: 'NoAccess', privs: '' },
  ];
  expect([...parseRoles(JSON.stringify(rows)).values()]).toEqual([
    { roleid: 'Administrator', privileges: new Set(['VM.Audit', 'VM.Clone']) },
    { roleid: 'NoAccess', privileges: new Set() },
  ]);
  for (const text of ['', 'please run as root', '┌──┐', '[{']) expect(() => parseRoles(text)).toThrow(SyntaxError);
});
