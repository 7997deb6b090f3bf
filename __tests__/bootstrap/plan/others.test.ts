import { describe, expect, test } from 'vitest';
import type { NodeFound } from '../../../bootstrap/node/found';
import { after as nodeAfter } from '../../../bootstrap/plan/after';
import { planEntry } from '../../../bootstrap/plan/entry';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { Refusal } from '../../../contract/refusal';
import { aBareEntry, aNode, anEntry, deployed, OTHER } from './support';

const ROLES = { 'tofu-role': 'VM.Allocate VM.Audit', wide: 'Sys.Audit VM.Audit', r: 'VM.Audit' };
const JO = { users: { 'jo@pve': '', 'al@pve': '' }, groups: { ops: ['jo@pve'] }, roles: ROLES };
const entry = (over: Parameters<typeof anEntry>[0] = {}) => anEntry({ identity: 'jo@pve!ci', ...over });

/** The effects that a refusal names, or nothing. */
function effects(wanted: Wanted, found: NodeFound): string[] {
  try {
    planEntry(wanted, { ...found, secret: { kind: 'there' } }, 'token');
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'OTHERS_CHANGE') throw error;
    return error.what.replace(/^.*may do: (.*)\.$/, '$1').split('; ');
  }
}

const narrow = { privileges: ['VM.Audit'] };
const shared = deployed(entry({ identity: 'tofu@pve!two', owner: OTHER, acl: ['/vms'] }), aNode(JO));
/** An entry has adopted `jo@pve!ci`, and moved on. */
const adopted = deployed(entry({ privsep: true }), aNode({ ...JO, tokens: { 'jo@pve!ci': {} } }));
const left = nodeAfter(deployed(entry({ identity: 'jo@pve!ci2' }), adopted), [
  { verb: 'setToken', identity: 'jo@pve!ci', comment: '' },
]);

describe('refused', () => {
  test.each<[string, Wanted, NodeFound, string[]]>([
    [
      'an ACL entry that hides what a group of the user gives',
      entry(),
      aNode({ ...JO, acl: ['/ wide @ops'] }),
      ['jo@pve loses Sys.Audit on / and below'],
    ],
    [
      'one that hides it on a deeper path alone',
      entry({ acl: ['/vms'] }),
      aNode({ ...JO, acl: ['/ wide @ops'] }),
      ['jo@pve loses Sys.Audit on /vms and below'],
    ],
    [
      'more rights for another token of the user',
      entry({ acl: ['/vms -'] }),
      aNode({ ...JO, tokens: { 'jo@pve!hers': {} } }),
      ['jo@pve!hers gains VM.Allocate, VM.Audit on /vms'],
    ],
    [
      'more rights for a separated one, as far as it has them itself',
      entry({ acl: ['/ -'] }),
      aNode({ ...JO, tokens: { 'jo@pve!hers': { privsep: true } }, acl: ['/ r jo@pve!hers'] }),
      ['jo@pve!hers gains VM.Audit on /'],
    ],
    [
      'more rights on a role that is made just now',
      entry({ role: 'new', acl: ['/ -'] }),
      aNode({ ...JO, tokens: { 'jo@pve!hers': { privsep: true } }, acl: ['/ r jo@pve!hers'] }),
      ['jo@pve!hers gains VM.Audit on /'],
    ],
    [
      'a shorter list of a role that others were given, through a group too',
      anEntry(narrow),
      aNode({ ...JO, acl: ['/ tofu-role al@pve -', '/vms tofu-role @ops -'] }),
      ['al@pve loses VM.Allocate on /', 'jo@pve loses VM.Allocate on /vms'],
    ],
    [
      'a longer one',
      anEntry({ role: 'r' }),
      aNode({ ...JO, acl: ['/ r al@pve -'] }),
      ['al@pve gains VM.Allocate on /'],
    ],
    [
      "an ACL entry that hides what the entry's own adopted token has",
      entry({ acl: ['/vms -'] }),
      aNode({ ...JO, tokens: { 'jo@pve!ci': { privsep: true } }, acl: ['/ wide jo@pve', '/ wide jo@pve!ci'] }),
      ['jo@pve loses Sys.Audit on /vms', 'jo@pve!ci loses Sys.Audit on /vms'],
    ],
  ])('%s', (_, wanted, found, expected) => {
    expect(effects(wanted, found)).toEqual(expected);
    expect(effects({ ...wanted, changeOthers: true }, found)).toEqual([]);
  });

  test('with what to do, and no more than six effects', () => {
    const paths = ['/', '/vms', '/pool', '/storage', '/nodes', '/access', '/sdn', '/mapping'];
    const acl = paths.map((path) => `${path} r al@pve`);
    expect(() => planEntry(anEntry({ role: 'r' }), aNode({ ...JO, acl }), 'access')).toThrow('; and 2 more.');
  });
});

describe('allowed', () => {
  test.each<[string, Wanted, NodeFound]>([
    ['a user of ours', anEntry(), aNode(JO)],
    [
      'an entry that leaves all this to others',
      aBareEntry({ identity: 'jo@pve!ci' }),
      aNode({ ...JO, acl: ['/ wide @ops'] }),
    ],
    [
      "more rights for the entry's own user and token",
      entry(),
      aNode({ ...JO, tokens: { 'jo@pve!ci': {} }, acl: ['/ r jo@pve'] }),
    ],
    ['a role of others that nobody has', anEntry(narrow), aNode(JO)],
    ["what the entry's own list no longer holds", entry(narrow), deployed(entry(), aNode(JO))],
    ['another path', entry({ acl: ['/pool'] }), deployed(entry(), aNode(JO))],
    ['another role', entry({ role: 'r', ...narrow }), deployed(entry(), aNode(JO))],
    [
      'another token of root',
      anEntry({ identity: 'root@pam!ci', privsep: true }),
      aNode({ ...JO, tokens: { 'root@pam!x1': {} } }),
    ],
    ['more rights for another entry with the same user', anEntry(), shared],
    ['less than another entry had through this one', anEntry({ acl: ['/pool'] }), deployed(anEntry(), shared)],
    ['what an adopted token that was left behind had been given by name', entry({ identity: 'jo@pve!ci2' }), left],
    ['an older token of this entry', anEntry({ acl: ['/pool'] }), deployed(anEntry({ identity: 'tofu@pve!old' }))],
  ])('%s', (_, wanted, found) => expect(effects(wanted, found)).toEqual([]));
});
