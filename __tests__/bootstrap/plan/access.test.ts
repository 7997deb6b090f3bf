import { describe, expect, test } from 'vitest';
import { lineFor } from '../../../bootstrap/apply';
import { type NodeFound, withToken } from '../../../bootstrap/node/found';
import { planAccess, waitsForToken } from '../../../bootstrap/plan/access';
import { newTokenSettings } from '../../../bootstrap/plan/token';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { aToken, FRESH, play } from './support';

/** The plan as people read it in the log of a deploy. */
const told = (wanted: Wanted, found: NodeFound) => planAccess(wanted, found).map(lineFor);

/** The node after a whole deploy of that entry. */
function deployed(wanted: Wanted, before: NodeFound = FRESH): NodeFound {
  const prepared = play(before, planAccess(wanted, before));
  const { identity, userid } = wanted.token;
  const made = withToken(prepared, { identity, userid, ...newTokenSettings(wanted, prepared) });
  return play(made, planAccess(wanted, made));
}

describe('on a fresh node', () => {
  test('the user comes first, with the claims on all that follows', () => {
    const [first] = planAccess(aToken(), FRESH);
    expect(first).toEqual({
      verb: 'addUser',
      userid: 'tofu@pve',
      comment: '[cdktf-proxmox-tokens lab/nuc acl:/@tofu-role role:tofu-role user]',
    });
    expect(told(aToken(), FRESH)).toEqual([
      'user tofu@pve: added',
      'role tofu-role: added with 2 privileges',
      'acl /: tofu-role given to tofu@pve',
    ]);
  });

  test('with privilege separation the grants wait for the token, then user and token get theirs in one command', () => {
    const wanted = aToken({ privsep: true });
    expect(told(wanted, FRESH)).toEqual(['user tofu@pve: added', 'role tofu-role: added with 2 privileges']);
    const found = play(FRESH, planAccess(wanted, FRESH));
    const made = withToken(found, { ...wanted.token, ...newTokenSettings(wanted, found) });
    expect(told(wanted, made)).toEqual(['acl /: tofu-role given to tofu@pve and tofu@pve!ci']);
  });

  test('for root@pam there is nothing to do before the token, and without a role nothing after it', () => {
    const { role: _, privileges: __, ...bare } = aToken({ identity: 'root@pam!ci', acl: [] });
    expect(planAccess(bare, FRESH)).toEqual([]);
    expect(waitsForToken(bare, FRESH)).toBe(false);
    expect(planAccess(bare, deployed(bare))).toEqual([]);
    const separated = aToken({ identity: 'root@pam!ci', privsep: true });
    expect(planAccess(separated, FRESH)).toEqual([]);
    expect(waitsForToken(separated, FRESH)).toBe(true);
  });

  test('a built-in role is given, never made or changed', () => {
    const { privileges: _, ...wanted } = aToken({ role: 'PVEAuditor' });
    expect(told(wanted, FRESH)).toEqual(['user tofu@pve: added', 'acl /: PVEAuditor given to tofu@pve']);
  });

  test('of a user that others made nothing is written before there is a token of ours to write claims on', () => {
    const found = play(FRESH, [{ verb: 'addUser', userid: 'tofu@pve', comment: 'by hand' }]);
    expect(planAccess(aToken(), found)).toEqual([]);
    expect(waitsForToken(aToken(), found)).toBe(true);
    const made = withToken(found, { ...aToken().token, ...newTokenSettings(aToken(), found) });
    expect(told(aToken(), made)).toEqual([
      'role tofu-role: added with 2 privileges',
      'acl /: tofu-role given to tofu@pve',
    ]);
    expect(deployed(aToken(), found).users.get('tofu@pve')?.comment).toBe('by hand');
  });
});

describe('a token that works loses no right that it keeps', () => {
  test('grants come before privilege separation is switched on', () => {
    expect(told(aToken({ privsep: true }), deployed(aToken()))).toEqual([
      'token tofu@pve!ci: comment updated, secret unchanged',
      'acl /: tofu-role given to tofu@pve!ci',
      'token tofu@pve!ci: privilege separation on updated, secret unchanged',
    ]);
  });

  test('privilege separation is switched off before its own grants go, and the claims on them last', () => {
    expect(told(aToken(), deployed(aToken({ privsep: true })))).toEqual([
      'token tofu@pve!ci: privilege separation off updated, secret unchanged',
      'acl /: tofu-role taken from tofu@pve!ci',
      'token tofu@pve!ci: comment updated, secret unchanged',
    ]);
  });

  test('a new path is granted before an old one is taken away, between two updates of the mark', () => {
    const wanted = aToken({ acl: [{ path: '/vms', propagate: true }] });
    expect(told(wanted, deployed(aToken()))).toEqual([
      'user tofu@pve: mark updated',
      'acl /vms: tofu-role given to tofu@pve',
      'acl /: tofu-role taken from tofu@pve',
      'user tofu@pve: mark updated',
    ]);
  });

  test('another role is made and given before the old one is taken and deleted', () => {
    expect(told(aToken({ role: 'role-2' }), deployed(aToken()))).toEqual([
      'user tofu@pve: mark updated',
      'role role-2: added with 2 privileges',
      'acl /: role-2 given to tofu@pve',
      'acl /: tofu-role taken from tofu@pve',
      'role tofu-role: deleted',
      'user tofu@pve: mark updated',
    ]);
  });
});

describe('what changed is changed in place, in one command', () => {
  const before = deployed(aToken({ comment: 'CI' }));

  test.each<[string, Partial<Wanted>, string]>([
    ['expiry', { expire: 1893456000 }, 'token tofu@pve!ci: expiry updated, secret unchanged'],
    ['comment', { comment: 'CD' }, 'token tofu@pve!ci: comment updated, secret unchanged'],
    ['both', { comment: 'CD', expire: 7 }, 'token tofu@pve!ci: expiry, comment updated, secret unchanged'],
    ['a privilege less', { privileges: ['VM.Audit'] }, 'role tofu-role: set to 1 privileges'],
    ['propagation', { acl: [{ path: '/', propagate: false }] }, 'acl /: tofu-role given to tofu@pve'],
  ])('%s', (_, change, line) => {
    expect(told(aToken({ comment: 'CI', ...change }), before)).toEqual([line]);
  });

  test('nothing else is: a second plan is empty, and a text that the entry does not name stays', () => {
    expect(told(aToken({ comment: 'CI' }), before)).toEqual([]);
    expect(told(aToken(), before)).toEqual([]);
  });
});

describe('an entry with more ACL paths than a comment has room for', () => {
  test('is refused while nothing is written yet', () => {
    const acl = Array.from({ length: 80 }, (_, index) => ({
      path: `/pool/a-rather-long-name-${index}`,
      propagate: true,
    }));
    expect(() => planAccess(aToken({ acl }), FRESH)).toThrow(expect.objectContaining({ code: 'MARK_TOO_LONG' }));
  });
});
