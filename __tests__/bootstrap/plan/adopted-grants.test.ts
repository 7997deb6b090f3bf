import { expect, test } from 'vitest';
import { withToken } from '../../../bootstrap/node/found';
import { planAccess } from '../../../bootstrap/plan/access';
import { planRelease } from '../../../bootstrap/plan/release';
import { adoptedComment } from '../../../bootstrap/plan/token';
import { aToken, dump, FRESH, OTHER, OWNER, play } from './support';

/** Others made this token of a user that another entry of ours made. */
const HAND_MADE = { identity: 'tofu@pve!ci', userid: 'tofu@pve', expire: 0, privsep: true, comment: 'by hand' };

test('a hand-made token on a user of ours gets ACL entries only once it is adopted, and loses them when its entry goes', () => {
  const wanted = aToken({ privsep: true });
  const beside = aToken({ identity: 'tofu@pve!beside', owner: OTHER });
  const before = withToken(play(FRESH, planAccess(beside, FRESH)), HAND_MADE);

  const accessed = play(before, planAccess(wanted, before));
  expect(accessed.acl.filter(({ principal }) => principal === HAND_MADE.identity)).toEqual([]);

  const adopted = withToken(accessed, { ...HAND_MADE, comment: adoptedComment(wanted, accessed) });
  const done = play(adopted, planAccess(wanted, adopted));
  expect(done.acl.filter(({ principal }) => principal === HAND_MADE.identity)).toHaveLength(1);

  expect(dump(play(done, planRelease(OWNER, done, [])))).toEqual(dump(before));
});
