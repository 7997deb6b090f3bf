import { describe, expect, test } from 'vitest';
import { parseUserCfg } from '../../../bootstrap/node/user-cfg';

const USER = 'user:jo@pve:1:0:Jo:Doe:jo@example.invalid:CI%3A 50%25::\n';
const TOKEN = 'token:jo@pve!ci:1893456000:0:for%3A CI:\n';
const ROLE = 'role:r1:VM.Audit,VM.Clone:\n';

describe('user.cfg', () => {
  test('gives users with their comment decoded', () => {
    expect([...parseUserCfg(USER).users.values()]).toEqual([{ userid: 'jo@pve', comment: 'CI: 50%' }]);
  });

  test('gives tokens with expiry, privilege separation and comment', () => {
    expect(parseUserCfg(`${USER}${TOKEN}token:jo@pve!two:0:1::\n`).tokens).toEqual(
      new Map([
        [
          'jo@pve!ci',
          { identity: 'jo@pve!ci', userid: 'jo@pve', expire: 1893456000, privsep: false, comment: 'for: CI' },
        ],
        ['jo@pve!two', { identity: 'jo@pve!two', userid: 'jo@pve', expire: 0, privsep: true, comment: '' }],
      ]),
    );
  });

  test('gives roles, also one without privileges', () => {
    expect([...parseUserCfg(`${ROLE}role:none::\n`).roles.values()]).toEqual([
      { roleid: 'r1', privileges: new Set(['VM.Audit', 'VM.Clone']) },
      { roleid: 'none', privileges: new Set() },
    ]);
  });

  test('gives an ACL entry for every principal and role of a line', () => {
    const acl = `acl:0:/vms/100:@ops,jo@pve,jo@pve!ci:r1,PVEAuditor:\n`;
    const of = (type: string, principal: string) =>
      ['r1', 'PVEAuditor'].map((role) => ({ path: '/vms/100', role, type, principal, propagate: false }));
    expect(
      parseUserCfg(USER + TOKEN + ROLE + acl)
        .acl.map((entry) => JSON.stringify(entry))
        .sort(),
    ).toEqual(
      [...of('group', 'ops'), ...of('user', 'jo@pve'), ...of('token', 'jo@pve!ci')]
        .map(({ path, role, propagate, type, principal }) => JSON.stringify({ path, role, propagate, type, principal }))
        .sort(),
    );
  });

  test('passes over records of other kinds, empty lines and broken ones', () => {
    const text = '\n\ngroup:ops:jo@pve::\npool:lab:::\nnonsense\nuser\n';
    const { tokens, roles, acl } = parseUserCfg(text);
    expect([tokens.size, roles.size, acl.length]).toEqual([0, 0, 0]);
  });

  test.each([
    ['Gr%C3%B6%C3%9Fe', 'Größe'],
    ['100% mine%3A yes', '100% mine: yes'],
    ['50%25', '50%'],
    ['%zz %', '%zz %'],
    ['%F0%9F%94%91', '🔑'],
  ])('decodes the comment %s as the node does, whose older releases leave a percent sign alone', (stored, comment) => {
    expect(parseUserCfg(`user:jo@pve:1:0::::${stored}::\n`).users.get('jo@pve')?.comment).toBe(comment);
  });

  test('gives no ACL entry of a token or role that is gone: the node drops it with its next write', () => {
    const acl = 'acl:1:/:jo@pve!ci:r1:\nacl:1:/:jo@pve:r1:\nacl:1:/vms:jo@pve:PVEAuditor:\n';
    expect(parseUserCfg(USER + ROLE + acl).acl).toMatchObject([{ principal: 'jo@pve', path: '/' }, { path: '/vms' }]);
    expect(parseUserCfg(USER + TOKEN + acl).acl).toMatchObject([{ principal: 'jo@pve', path: '/vms' }]);
  });
});
