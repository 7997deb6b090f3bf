import { describe, expect, test } from 'vitest';
import type { NodeFound } from '../../../bootstrap/node/found';
import type { Step } from '../../../bootstrap/node/steps';
import { after } from '../../../bootstrap/plan/after';
import { planEntry } from '../../../bootstrap/plan/entry';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { aBareEntry, aNode, anEntry, deployed, FRESH, OTHER, told } from './support';

const THERE: NodeFound['secret'] = { kind: 'there' };
const access = (wanted: Wanted, found: NodeFound) => told(planEntry(wanted, found, 'access'));
const token = (wanted: Wanted, found: NodeFound) => told(planEntry(wanted, { ...found, secret: THERE }, 'token'));
const BY_HAND = aNode({ users: { 'tofu@pve': 'by hand' } });

describe('on a fresh node', () => {
  test('the user comes first, with the claims on all that follows, and the token is left to its own verb', () => {
    expect(
      (planEntry(anEntry(), FRESH, 'access')[0] as Extract<Step, { verb: 'addUser' }>).comment,
    ).toMatchInlineSnapshot(`"[cdktf-proxmox-tokens lab/nuc acl:/:tofu-role role:tofu-role#517a95ff user]"`);
    expect(access(anEntry(), FRESH)).toMatchInlineSnapshot(`
      "user tofu@pve: added
      role tofu-role: added with 2 privileges
      acl /: tofu-role given to tofu@pve"
    `);
    expect(token(anEntry(), deployed(anEntry()))).toMatchInlineSnapshot(`"token tofu@pve!ci: as wanted, secret kept"`);
  });

  test('with privilege separation the token gets its own ACL entries right behind it', () => {
    const wanted = anEntry({ privsep: true });
    expect(access(wanted, FRESH)).toBe(access(anEntry(), FRESH));
    expect(token(wanted, FRESH)).toMatchInlineSnapshot(`
      "user tofu@pve: added
      role tofu-role: added with 2 privileges
      acl /: tofu-role given to tofu@pve
      token tofu@pve!ci: made
      acl /: tofu-role given to tofu@pve!ci"
    `);
  });

  test("root@pam needs nothing but its token; separated, a role and the token's own entries", () => {
    expect(token(aBareEntry({ identity: 'root@pam!ci' }), FRESH)).toMatchInlineSnapshot(`"token root@pam!ci: made"`);
    expect(token(anEntry({ identity: 'root@pam!ci', privsep: true }), FRESH)).toMatchInlineSnapshot(`
      "user cdktf-proxmox-tokens-de17901f982a@pve: added, disabled: it lists what this entry makes
      role tofu-role: added with 2 privileges
      token root@pam!ci: made
      acl /: tofu-role given to root@pam!ci"
    `);
  });

  test('a built-in role is given, never made or changed', () => {
    expect(access(anEntry({ role: 'PVEAuditor' }), FRESH)).toMatchInlineSnapshot(`
      "user tofu@pve: added
      acl /: PVEAuditor given to tofu@pve"
    `);
  });
});

describe('a user that others made', () => {
  test('is never written to: the claims stand on a disabled user of ours', () => {
    expect(token(anEntry(), BY_HAND)).toMatchInlineSnapshot(`
      "user cdktf-proxmox-tokens-de17901f982a@pve: added, disabled: it lists what this entry makes
      role tofu-role: added with 2 privileges
      acl /: tofu-role given to tofu@pve
      token tofu@pve!ci: made"
    `);
    expect(deployed(anEntry(), BY_HAND).users.get('tofu@pve')?.comment).toBe('by hand');
  });

  test('gets no ACL entry where its groups give it as much, below too if that is wanted', () => {
    const ops = {
      users: { 'tofu@pve': '' },
      groups: { ops: ['tofu@pve'] },
      roles: { r: 'VM.Allocate VM.Audit VM.Clone' },
    };
    expect(access(anEntry(), aNode({ ...ops, acl: ['/ r @ops'] }))).toMatchInlineSnapshot(`
      "user cdktf-proxmox-tokens-de17901f982a@pve: added, disabled: it lists what this entry makes
      role tofu-role: added with 2 privileges"
    `);
    const notBelow = planEntry(anEntry({ changeOthers: true }), aNode({ ...ops, acl: ['/ r @ops -'] }), 'access');
    expect(told(notBelow)).toContain('acl /: tofu-role given to tofu@pve');
  });

  test('gets none either where the role alone will give it as much, by another path: before a cut as after it', () => {
    const roles = { 'tofu-role': 'VM.Audit' };
    const found = aNode({ users: { 'tofu@pve': '' }, roles, acl: ['/ tofu-role tofu@pve'] });
    expect(access(anEntry({ acl: ['/vms'] }), found)).toMatchInlineSnapshot(`
      "user cdktf-proxmox-tokens-de17901f982a@pve: added, disabled: it lists what this entry makes
      role tofu-role: set to 2 privileges"
    `);
  });

  test('has to be there where user, role and ACL are left to others', () => {
    expect(() => token(aBareEntry(), FRESH)).toThrow('The node has no user `tofu@pve`.');
    expect(token(aBareEntry(), BY_HAND)).toMatchInlineSnapshot(`
      "user cdktf-proxmox-tokens-de17901f982a@pve: added, disabled: it lists what this entry makes
      token tofu@pve!ci: made"
    `);
  });

  test('keeps what an entry made before it left all that to others', () => {
    expect(access(aBareEntry(), deployed(anEntry(), BY_HAND))).toBe('');
    expect(access(aBareEntry(), deployed(anEntry()))).toBe('');
  });
});

describe('a token that works loses no right that it keeps', () => {
  const change = (before: Wanted, wanted: Wanted) => access(wanted, deployed(before));

  test('grants come before privilege separation', () => {
    expect(change(anEntry(), anEntry({ privsep: true }))).toMatchInlineSnapshot(`
      "user tofu@pve: mark updated
      acl /: tofu-role given to tofu@pve!ci
      token tofu@pve!ci: privilege separation on updated, secret unchanged"
    `);
  });
  test('it is switched off before its own grants go', () => {
    expect(change(anEntry({ privsep: true }), anEntry({ privsep: false }))).toMatchInlineSnapshot(`
      "token tofu@pve!ci: privilege separation off updated, secret unchanged
      acl /: tofu-role taken from tofu@pve!ci
      user tofu@pve: mark updated"
    `);
  });
  test('a new path is granted before an old one is taken away', () => {
    expect(change(anEntry(), anEntry({ acl: ['/vms'] }))).toMatchInlineSnapshot(`
      "user tofu@pve: mark updated
      acl /vms: tofu-role given to tofu@pve
      acl /: tofu-role taken from tofu@pve
      user tofu@pve: mark updated"
    `);
  });
  test('another role is given before the old one goes', () => {
    expect(change(anEntry(), anEntry({ role: 'role-2' }))).toMatchInlineSnapshot(`
      "user tofu@pve: mark updated
      role role-2: added with 2 privileges
      acl /: role-2 given to tofu@pve
      acl /: tofu-role taken from tofu@pve
      role tofu-role: deleted
      user tofu@pve: mark updated"
    `);
  });
});

describe('what changed is changed in place, in one command', () => {
  const before = deployed(anEntry({ comment: 'CI' }));

  test.each<[string, Parameters<typeof anEntry>[0], string]>([
    ['expiry', { expire: 1893456000 }, 'token tofu@pve!ci: expiry updated, secret unchanged'],
    ['comment', { comment: 'CD' }, 'token tofu@pve!ci: comment updated, secret unchanged'],
    ['both', { comment: 'CD', expire: 7 }, 'token tofu@pve!ci: expiry, comment updated, secret unchanged'],
    ['propagation', { acl: ['/ -'] }, 'acl /: tofu-role given to tofu@pve'],
  ])('%s', (_, change, line) => {
    expect(access(anEntry({ comment: 'CI', ...change }), before)).toBe(line);
  });

  test('a list of privileges changes with the claim that tells it from another list', () => {
    expect(access(anEntry({ privileges: ['VM.Audit'] }), before)).toMatchInlineSnapshot(`
      "user tofu@pve: mark updated
      role tofu-role: set to 1 privileges"
    `);
  });

  test('nothing else is, and a text that the entry does not name stays', () => {
    expect(access(anEntry({ comment: 'CI' }), before)).toBe('');
    expect(access(anEntry(), before)).toBe('');
  });
});

describe('a role', () => {
  const theirs = anEntry({ identity: 'other@pve!ci', owner: OTHER });
  const narrow = { privileges: ['VM.Audit'] };

  test('of another entry is shared while the lists agree', () => {
    expect(access(anEntry(), deployed(theirs))).not.toContain('role tofu-role');
  });

  test.each<[string, NodeFound]>([
    ['that entry made it', deployed(theirs)],
    ['others made it, that entry gave it', deployed(theirs, aNode({ roles: { 'tofu-role': 'VM.Allocate VM.Audit' } }))],
  ])('of another entry with another list is refused, whether %s', (_, found) => {
    expect(() => access(anEntry(narrow), found)).toThrow(
      /^Role `tofu-role` is also the role of entry `nuc` of environment `prod`/,
    );
    expect(access(anEntry({ ...narrow, changeOthers: true }), found)).toContain('role tofu-role: set to 1 privileges');
  });

  test('of an older user of this entry is claimed with the list that it has now', () => {
    const moved = anEntry({ identity: 'ci@pve!ci', ...narrow });
    const found = deployed(moved, deployed(anEntry()));
    const { privileges: _, ...settled } = moved;
    expect(token(settled, found)).toBe('token ci@pve!ci: as wanted, secret kept');
  });
});

test('an entry with more ACL paths than a comment has room for is refused', () => {
  const acl = Array.from({ length: 80 }, (_, index) => `/pool/a-rather-long-name-${index}`);
  expect(() => access(anEntry({ acl }), FRESH)).toThrow('does not fit into a comment there');
});

test('an entry that leaves all but the token to others takes back what it gave the user that it had before', () => {
  const others = aNode({ users: { 'al@pve': '', 'jo@pve': '' } });
  // Cut off before the token was made: nothing but the ACL entry tells of that user.
  const begun = after(others, planEntry(anEntry({ identity: 'al@pve!ci' }), others, 'access'));
  const now = aBareEntry({ identity: 'jo@pve!ci' });
  expect(access(now, begun)).toMatchInlineSnapshot(`
    "user cdktf-proxmox-tokens-de17901f982a@pve: mark updated
    acl /: tofu-role taken from al@pve
    role tofu-role: deleted
    user cdktf-proxmox-tokens-de17901f982a@pve: mark updated"
  `);
});
