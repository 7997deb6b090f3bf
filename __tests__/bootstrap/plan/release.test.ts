import { describe, expect, test } from 'vitest';
import type { FoundToken, NodeFound } from '../../../bootstrap/node/found';
import { after as nodeAfter } from '../../../bootstrap/plan/after';
import { planEntry } from '../../../bootstrap/plan/entry';
import { notesOn, type Parting, planRelease } from '../../../bootstrap/plan/release';
import { withSection } from '../../../contract/mark';
import { aBareEntry, aNode, anEntry, deployed, dump, FRESH, OTHER, OWNER, told } from './support';

const parting = (over: Partial<Parting> = {}): Parting => ({ owner: OWNER, named: ['tofu@pve!ci'], keep: [], ...over });
const gone = (found: NodeFound, over?: Partial<Parting>) => told(planRelease(parting(over), found));
const notes = (found: NodeFound, over?: Partial<Parting>) =>
  notesOn(parting(over), found, planRelease(parting(over), found));
const BY_HAND = aNode({ users: { 'tofu@pve': 'by hand' } });
const withToken = (found: NodeFound, identity: string, over: Partial<FoundToken> = {}): NodeFound => {
  const token = { identity, userid: identity.split('!')[0] ?? '', expire: 0, privsep: false, comment: '', ...over };
  return { ...found, tokens: new Map(found.tokens).set(identity, token) };
};
const withAcl = (found: NodeFound, text: string): NodeFound => ({
  ...found,
  acl: [...found.acl, ...aNode({ ...everybody, roles: { 'tofu-role': '' }, acl: [text] }).acl],
});
const everybody = { users: { 'tofu@pve': '' }, groups: { ops: [] } };

describe('when an entry goes', () => {
  test('the user that carries the claims goes last, and its ACL entries go with it', () => {
    expect(gone(deployed(anEntry()))).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      role tofu-role: deleted
      user tofu@pve: deleted"
    `);
  });

  test('the ledger goes last where the user is not ours', () => {
    expect(gone(deployed(anEntry(), BY_HAND))).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      acl /: tofu-role taken from tofu@pve
      role tofu-role: deleted
      user cdktf-proxmox-tokens-de17901f982a@pve: deleted"
    `);
  });

  test('a token of root@pam goes with its role', () => {
    const wanted = anEntry({ identity: 'root@pam!ci', privsep: true });
    expect(gone(deployed(wanted), { named: ['root@pam!ci'] })).toMatchInlineSnapshot(`
      "token root@pam!ci: removed
      role tofu-role: deleted
      user cdktf-proxmox-tokens-de17901f982a@pve: deleted"
    `);
  });

  test('a token that it made where it left user, role and ACL to others goes under whatever name', () => {
    expect(gone(deployed(aBareEntry(), BY_HAND), { named: [] })).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      user cdktf-proxmox-tokens-de17901f982a@pve: deleted"
    `);
  });

  test('a node that holds nothing of ours is left alone', () => {
    for (const found of [FRESH, BY_HAND, deployed(anEntry({ owner: OTHER }))]) {
      expect([gone(found), notes(found)]).toEqual(['', []]);
    }
  });
});

describe('what others use stays, and a line says so', () => {
  test('a user with a token of others, and what that token lives on', () => {
    const found = withToken(deployed(anEntry()), 'tofu@pve!hers');
    expect([gone(found), ...notes(found)].join('\n')).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      user tofu@pve: mark updated
      role tofu-role: stays, others use it
      user tofu@pve: stays, others use it"
    `);
  });

  test('a user with an ACL entry of others, and nothing else of ours', () => {
    const found = withAcl(deployed(anEntry()), '/pool/x PVEAuditor tofu@pve');
    expect([gone(found), ...notes(found)].join('\n')).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      acl /: tofu-role taken from tofu@pve
      role tofu-role: deleted
      user tofu@pve: mark updated
      user tofu@pve: stays, others use it"
    `);
  });

  test('a role that an ACL entry of others names', () => {
    const found = withAcl(deployed(anEntry()), '/vms tofu-role @ops');
    expect([gone(found), ...notes(found)].join('\n')).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      user tofu@pve: deleted
      role tofu-role: stays, others use it"
    `);
  });

  test('an adopted token: it loses our mark and our ACL entries', () => {
    const found = deployed(anEntry(), withToken(BY_HAND, 'tofu@pve!ci', { comment: 'hers', privsep: true }));
    expect(gone(found)).toMatchInlineSnapshot(`
      "token tofu@pve!ci: comment updated, secret unchanged
      acl /: tofu-role taken from tofu@pve
      acl /: tofu-role taken from tofu@pve!ci
      role tofu-role: deleted
      user cdktf-proxmox-tokens-de17901f982a@pve: deleted"
    `);
  });

  test('what another entry made with us', () => {
    const both = deployed(anEntry({ identity: 'tofu@pve!two', owner: OTHER }), deployed(anEntry()));
    const steps = planRelease(parting(), both);
    expect(told(steps)).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      user tofu@pve: mark updated"
    `);
    const left = nodeAfter(both, steps);
    expect(dump(nodeAfter(left, planRelease(parting({ owner: OTHER }), left)))).toEqual(dump(FRESH));
  });
});

describe('a mark that its user may have written', () => {
  const mark = '[cdktf-proxmox-tokens lab/nuc generation=1]';
  const found = withToken(deployed(anEntry(), aNode({ users: { 'eve@pve': '' } })), 'eve@pve!x1', { comment: mark });

  test('is not believed, and a line says so', () => {
    expect([gone(found), ...notes(found)].join('\n')).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      role tofu-role: deleted
      user tofu@pve: deleted
      token eve@pve!x1: left as it is, its user may have written this entry's mark"
    `);
  });

  test('is where the entry names that token, or an administrator had it listed', () => {
    expect(gone(found, { named: ['eve@pve!x1'] })).toContain('token eve@pve!x1: removed');
    const comment = withSection('', OWNER, ['token:eve@pve!x1']) ?? '';
    const listed = { ...found, users: new Map(found.users).set('a@pve', { userid: 'a@pve', comment }) };
    expect(gone(listed)).toContain('token eve@pve!x1: removed');
  });

  test('says nothing of what may be taken away', () => {
    const claims = { comment: `${mark.slice(0, -1)} user role:hers acl:/:hers token:root@pam!x]` };
    const hers = aNode({ users: { 'eve@pve': '', 'tofu@pve': '' }, roles: { hers: '' }, acl: ['/ hers eve@pve'] });
    expect(gone(withToken(withToken(hers, 'eve@pve!x1', claims), 'tofu@pve!ci', claims))).toBe(
      'token tofu@pve!ci: removed',
    );
  });
});

describe('when a token takes the place of an older one', () => {
  const older = deployed(anEntry());
  const both = deployed(anEntry({ identity: 'tofu@pve!ci2' }), older);
  const step = (found: NodeFound, keep: string[], holder: string) => gone(found, { named: keep, keep, holder });

  test('the older one goes, and what both live on stays', () => {
    expect(step(both, ['tofu@pve!ci2'], 'tofu@pve')).toBe('token tofu@pve!ci: removed');
    expect(step(both, ['tofu@pve!ci2', 'tofu@pve!ci'], 'tofu@pve')).toBe('');
  });

  test('an older user goes with its last token, the role stays with the new one', () => {
    const moved = deployed(anEntry({ identity: 'ci@pve!ci' }), older);
    expect(step(moved, ['ci@pve!ci'], 'ci@pve')).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      user tofu@pve: deleted"
    `);
    expect(step(moved, ['ci@pve!ci', 'tofu@pve!ci'], 'ci@pve')).toBe('');
  });

  test('an older user of others loses what we gave it, once its token is gone', () => {
    const found = deployed(anEntry({ identity: 'ci@pve!ci' }), deployed(anEntry(), BY_HAND));
    expect(step(found, ['ci@pve!ci'], 'ci@pve')).toMatchInlineSnapshot(`
      "token tofu@pve!ci: removed
      acl /: tofu-role taken from tofu@pve
      user cdktf-proxmox-tokens-de17901f982a@pve: deleted"
    `);
  });

  test('so does one whose list goes on, and an adopted token that was left behind', () => {
    const jo = aNode({ users: { 'tofu@pve': '', 'jo@pve': '' }, tokens: { 'tofu@pve!ci': { privsep: true } } });
    const moved = anEntry({ identity: 'jo@pve!ci' });
    const found = deployed(moved, deployed(anEntry(), jo));
    const left = nodeAfter(found, planRelease(parting({ named: ['jo@pve!ci'], keep: ['jo@pve!ci'] }), found));
    expect(left.tokens.get('tofu@pve!ci')?.comment).toBe('');
    expect(told(planEntry(moved, left, 'access'))).toMatchInlineSnapshot(`
      "acl /: tofu-role taken from tofu@pve
      acl /: tofu-role taken from tofu@pve!ci
      user cdktf-proxmox-tokens-de17901f982a@pve: mark updated"
    `);
  });
});
