import { describe, expect, test } from 'vitest';
import { lineFor } from '../../../bootstrap/apply';
import { type NodeFound, withToken } from '../../../bootstrap/node/found';
import { planAccess } from '../../../bootstrap/plan/access';
import { withSection } from '../../../bootstrap/plan/mark';
import { planRelease } from '../../../bootstrap/plan/release';
import { adoptedComment, newTokenSettings } from '../../../bootstrap/plan/token';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { aToken, dump, FRESH, OTHER, OWNER, play } from './support';

const told = (found: NodeFound, keep: readonly string[] = []) => planRelease(OWNER, found, keep).map(lineFor);

function deployed(wanted: Wanted, before: NodeFound = FRESH): NodeFound {
  const prepared = play(before, planAccess(wanted, before));
  const { identity, userid } = wanted.token;
  const made = withToken(prepared, { identity, userid, ...newTokenSettings(wanted, prepared) });
  return play(made, planAccess(wanted, made));
}

const BY_HAND = play(FRESH, [{ verb: 'addUser', userid: 'tofu@pve', comment: 'by hand' }]);
const hers = (identity: string) => ({ identity, userid: 'tofu@pve', expire: 0, privsep: false, comment: '' });

describe('when an entry goes', () => {
  test('the user that carries the claims goes last, and its ACL entries go with it', () => {
    expect(told(deployed(aToken()))).toEqual([
      'token tofu@pve!ci: revoked',
      'role tofu-role: deleted',
      'user tofu@pve: deleted',
    ]);
  });

  test('a token that carries the claims goes last, where the user is not ours', () => {
    expect(told(deployed(aToken(), BY_HAND))).toEqual([
      'acl /: tofu-role taken from tofu@pve',
      'role tofu-role: deleted',
      'token tofu@pve!ci: revoked',
    ]);
  });

  test('a token of root@pam goes with its role', () => {
    expect(told(deployed(aToken({ identity: 'root@pam!ci', privsep: true })))).toEqual([
      'role tofu-role: deleted',
      'token root@pam!ci: revoked',
    ]);
  });

  test('a node that holds nothing of ours is left alone', () => {
    expect(told(FRESH)).toEqual([]);
    expect(told(deployed(aToken({ owner: OTHER })))).toEqual([]);
  });
});

describe('what others use stays', () => {
  test('a user with a token of others, and what that token lives on', () => {
    expect(told(withToken(deployed(aToken()), hers('tofu@pve!hers')))).toEqual([
      'token tofu@pve!ci: revoked',
      'user tofu@pve: mark updated',
    ]);
  });

  test('a user with an ACL entry of others, and nothing else of ours', () => {
    const found = deployed(aToken());
    const entry = {
      path: '/pool/x',
      role: 'PVEAuditor',
      type: 'user',
      principal: 'tofu@pve',
      propagate: true,
    } as const;
    expect(told({ ...found, acl: [...found.acl, entry] })).toEqual([
      'token tofu@pve!ci: revoked',
      'acl /: tofu-role taken from tofu@pve',
      'role tofu-role: deleted',
      'user tofu@pve: mark updated',
    ]);
  });

  test('a role that an ACL entry of others names', () => {
    const found = deployed(aToken());
    const entry = { path: '/vms', role: 'tofu-role', type: 'group', principal: 'ops', propagate: true } as const;
    expect(told({ ...found, acl: [...found.acl, entry] })).toEqual([
      'token tofu@pve!ci: revoked',
      'user tofu@pve: deleted',
    ]);
  });

  test('an adopted token: it only loses our mark', () => {
    const before = withToken(BY_HAND, { ...hers('tofu@pve!ci'), comment: 'by hand' });
    const comment = adoptedComment(aToken(), before);
    const adopted = play(before, [{ verb: 'setToken', identity: 'tofu@pve!ci', comment }]);
    const found = play(adopted, planAccess(aToken(), adopted));
    expect(planRelease(OWNER, found, []).at(-1)).toEqual({
      verb: 'setToken',
      identity: 'tofu@pve!ci',
      comment: 'by hand',
    });
    expect(play(found, planRelease(OWNER, found, []))).toEqual(before);
  });

  test('an adopted token with ACL entries of ours: it loses them before the role goes', () => {
    const wanted = aToken({ privsep: true });
    const before = withToken(BY_HAND, { ...hers('tofu@pve!ci'), privsep: true });
    const comment = adoptedComment(wanted, before);
    const adopted = play(before, [{ verb: 'setToken', identity: 'tofu@pve!ci', comment }]);
    const found = play(adopted, planAccess(wanted, adopted));
    expect(told(found)).toEqual([
      'acl /: tofu-role taken from tofu@pve!ci',
      'acl /: tofu-role taken from tofu@pve',
      'role tofu-role: deleted',
      'token tofu@pve!ci: comment updated, secret unchanged',
    ]);
    expect(play(found, planRelease(OWNER, found, []))).toEqual(before);
  });
});

describe('when a token takes the place of an older one', () => {
  const both = deployed(aToken({ identity: 'tofu@pve!ci2', generation: '2' }), deployed(aToken()));

  test('the older one goes, and what both live on stays', () => {
    expect(told(both, ['tofu@pve!ci2'])).toEqual(['token tofu@pve!ci: revoked']);
  });

  test('the older one stays as long as it is retained', () => {
    expect(told(both, ['tofu@pve!ci2', 'tofu@pve!ci'])).toEqual([]);
  });

  test('an older user goes with its last token, the role stays with the new one', () => {
    const moved = deployed(aToken({ identity: 'ci@pve!ci' }), deployed(aToken()));
    expect(told(moved, ['ci@pve!ci'])).toEqual(['token tofu@pve!ci: revoked', 'user tofu@pve: deleted']);
    expect(told(moved, ['ci@pve!ci', 'tofu@pve!ci'])).toEqual([]);
  });
});

describe('when two deploys wrote the comment of one user at once', () => {
  const two = aToken({ identity: 'tofu@pve!two', owner: OTHER });
  const both = deployed(two, deployed(aToken()));
  const userid = 'tofu@pve';
  const overwritten = play(both, [
    { verb: 'setUserComment', userid, comment: withSection(both.users.get(userid)?.comment ?? '', OWNER, undefined) },
  ]);

  test('the one whose mark was lost keeps its rights when the other goes, and inherits its claims', () => {
    const steps = planRelease(OTHER, overwritten, []);
    expect(steps.map(lineFor)).toEqual(['token tofu@pve!two: revoked', 'user tofu@pve: mark updated']);
    const left = play(overwritten, steps);
    expect(planAccess(aToken(), left)).toEqual([]);
    expect(dump(play(left, planRelease(OWNER, left, [])))).toEqual(dump(FRESH));
  });
});
