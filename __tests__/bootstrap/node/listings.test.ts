import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeFound } from '../../../bootstrap/node/found';
import { parseListings, parseRoles } from '../../../bootstrap/node/listings';
import { parseUserCfg } from '../../../bootstrap/node/user-cfg';
import { isBuiltInRole } from '../../../contract/identifiers';
import { RELEASES, type SimulatedNode } from '../../../simulator/node';
import { aNode } from '../../support/node';
import { atConsole, handMadeToken } from '../../support/on-node';
import { dump } from '../plan/support';

const json = (node: SimulatedNode, ...words: string[]) => atConsole(node, 'pveum', ...words, '--output-format', 'json');

async function listed(node: SimulatedNode): Promise<NodeFound> {
  const found = parseListings(
    await json(node, 'user', 'list', '--full', '1'),
    await json(node, 'role', 'list'),
    await json(node, 'acl', 'list'),
  );
  return { ...found, roles: new Map([...found.roles].filter(([role]) => !isBuiltInRole(role))) };
}

const read = async (node: SimulatedNode) => parseUserCfg(await atConsole(node, 'cat', '/etc/pve/user.cfg'));

describe.each(RELEASES)('on release %s, the lists and the file tell the same', (release) => {
  test('of a fresh node', async () => {
    const node = await aNode({ release });
    expect(dump(await listed(node))).toEqual(dump(await read(node)));
  });

  test('of users, tokens, roles and ACL entries of many kinds', async () => {
    const node = await aNode({ release });
    await atConsole(node, 'pveum', 'group', 'add', 'ops');
    await atConsole(node, 'pveum', 'user', 'add', 'jo@pve', '--comment', 'CI: "a" 100% of it', '--groups', 'ops');
    await atConsole(node, 'pveum', 'role', 'add', 'r1', '--privs', 'VM.Audit,VM.Clone');
    await atConsole(node, 'pveum', 'role', 'add', 'none');
    await handMadeToken(node, 'jo@pve', 'ci', '--privsep', '0', '--expire', '1893456000', '--comment', 'a:b');
    await handMadeToken(node, 'jo@pve', 'plain');
    await handMadeToken(node, 'root@pam', 'top');
    await atConsole(node, 'pveum', 'acl', 'modify', '/vms/100', '--users', 'jo@pve', '--roles', 'r1,PVEAuditor');
    await atConsole(
      node,
      'pveum',
      'acl',
      'modify',
      '/',
      '--tokens',
      'jo@pve!ci,root@pam!top',
      '--roles',
      'r1',
      '--propagate',
      '0',
    );
    await atConsole(node, 'pveum', 'acl', 'modify', '/pool/lab', '--groups', 'ops', '--roles', 'PVEVMAdmin');
    expect((await read(node)).acl).toHaveLength(5);
    expect(dump(await listed(node))).toEqual(dump(await read(node)));
  });

  test('of a token and a role that are gone while their ACL entries still stand in the file', async () => {
    const node = await aNode({ release });
    await atConsole(node, 'pveum', 'user', 'add', 'jo@pve');
    await atConsole(node, 'pveum', 'role', 'add', 'r1', '--privs', 'VM.Audit');
    await handMadeToken(node, 'jo@pve', 'ci');
    await atConsole(node, 'pveum', 'acl', 'modify', '/', '--users', 'jo@pve', '--tokens', 'jo@pve!ci', '--roles', 'r1');
    await atConsole(node, 'pveum', 'user', 'token', 'remove', 'jo@pve', 'ci');
    expect(dump(await listed(node))).toEqual(dump(await read(node)));
    await atConsole(node, 'pveum', 'role', 'delete', 'r1');
    expect(await atConsole(node, 'cat', '/etc/pve/user.cfg')).toContain('acl:1:/');
    expect((await listed(node)).acl).toEqual([]);
    expect((await read(node)).acl).toEqual([]);
  });
});

describe('the lists', () => {
  test('may give numbers as text and leave defaults out, as releases do', () => {
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

  test('of roles keep the built-in ones', () => {
    const rows = [
      { roleid: 'Administrator', privs: 'VM.Audit,VM.Clone', special: 1 },
      { roleid: 'NoAccess', privs: '' },
    ];
    expect([...parseRoles(JSON.stringify(rows)).values()]).toEqual([
      { roleid: 'Administrator', privileges: new Set(['VM.Audit', 'VM.Clone']) },
      { roleid: 'NoAccess', privileges: new Set() },
    ]);
  });

  test('that are no JSON are refused as such', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'please run as root', '┌──┐', '[{'), (text) => {
        expect(() => parseRoles(text)).toThrow(SyntaxError);
      }),
    );
  });
});
