import { describe, expect, test } from 'vitest';
import { type FoundToken, withToken } from '../../../bootstrap/node/found';
import { parseComment } from '../../../bootstrap/plan/mark';
import { adoptedComment, claimKeeper, decideToken, newTokenSettings } from '../../../bootstrap/plan/token';
import type { Wanted } from '../../../bootstrap/plan/wanted';
import { checkTokenid } from '../../../contract/identifiers';
import { refusalOf } from '../support';
import { aToken, FRESH, OTHER, play } from './support';

const HERS: FoundToken = { identity: 'tofu@pve!ci', userid: 'tofu@pve', expire: 0, privsep: true, comment: 'by hand' };
const foundWith = (comment: string) => withToken(FRESH, { ...HERS, comment });
const NODES = {
  'nothing there': FRESH,
  'made by others': foundWith('by hand'),
  'ours of generation 1': foundWith('x [cdktf-proxmox-tokens lab/nuc generation=1]'),
  'adopted in generation 1': foundWith('x [cdktf-proxmox-tokens lab/nuc generation=1 adopted]'),
  'ours of generation 2': foundWith('x [cdktf-proxmox-tokens lab/nuc generation=2]'),
  'ours and of another': foundWith(
    '[cdktf-proxmox-tokens prod/nuc generation=2] [cdktf-proxmox-tokens lab/nuc generation=1]',
  ),
};

describe('what becomes of a secret', () => {
  test.each<[keyof typeof NODES, Wanted['onExisting'], string]>([
    ['nothing there', 'adopt', 'add'],
    ['nothing there', 'rotate', 'add'],
    ['nothing there', 'fail', 'add'],
    ['made by others', 'adopt', 'adopt'],
    ['made by others', 'rotate', 'rotate'],
    ['ours of generation 1', 'adopt', 'keep'],
    ['ours of generation 1', 'rotate', 'keep'],
    ['ours of generation 1', 'fail', 'keep'],
    ['adopted in generation 1', 'rotate', 'keep'],
    ['adopted in generation 1', 'fail', 'keep'],
    ['ours of generation 2', 'adopt', 'rotate'],
    ['ours of generation 2', 'fail', 'rotate'],
    ['ours and of another', 'adopt', 'keep'],
  ])('%s, on_existing = "%s": %s', (node, onExisting, decision) => {
    expect(decideToken(aToken({ onExisting, generation: '1' }), NODES[node])).toBe(decision);
  });

  test('made by others, on_existing = "fail": refused', async () => {
    const refusal = await refusalOf(() => decideToken(aToken({ onExisting: 'fail' }), NODES['made by others']));
    expect(refusal.message).toBe(
      [
        'Token `tofu@pve!ci` is there already, made by others, and `on_existing` is "fail".',
        '  why: Nothing was changed: its consumers go on working.',
        '  fix: Set `on_existing = "adopt"` to keep its secret, `"rotate"` to replace it, or choose another token id.',
      ].join('\n'),
    );
  });

  test.each(['adopt', 'rotate', 'fail'] as const)(
    'of another entry, on_existing = "%s": refused',
    async (onExisting) => {
      const wanted = aToken({ onExisting, owner: OTHER });
      const { code, what } = await refusalOf(() => decideToken(wanted, NODES['ours of generation 1']));
      expect([code, what]).toEqual([
        'TOKEN_OF_ANOTHER',
        'Token `tofu@pve!ci` belongs to entry `nuc` of environment `lab`.',
      ]);
    },
  );
});

describe('a new token', () => {
  test('carries its generation from the start: a cut behind it is no reason to make another', () => {
    const settings = newTokenSettings(aToken({ generation: 'g2', expire: 7, privsep: true, comment: 'CI' }), FRESH);
    expect(settings).toMatchObject({ expire: 7, privsep: true });
    expect(parseComment(settings.comment)).toMatchObject({ text: 'CI', sections: [{ generation: 'g2' }] });
  });

  test('claims what its user cannot: that of root is not ours', () => {
    const wanted = aToken({ identity: 'root@pam!ci', privsep: true });
    expect([...(parseComment(newTokenSettings(wanted, FRESH).comment).sections[0]?.claims ?? [])].sort()).toEqual([
      'own:/@tofu-role',
      'role:tofu-role',
    ]);
  });
});

describe('an adopted token', () => {
  test('keeps what people wrote and says that it was there before us', () => {
    const comment = adoptedComment(aToken(), NODES['made by others']);
    expect(parseComment(comment)).toMatchObject({ text: 'by hand', sections: [{ adopted: true, generation: '1' }] });
  });

  test("gets the entry's own text where it has one", () => {
    expect(parseComment(adoptedComment(aToken({ comment: 'CI' }), NODES['made by others'])).text).toBe('CI');
  });
});

describe('while a token is removed and made again', () => {
  const ours = (identity: string, claims: string) =>
    withToken(play(FRESH, [{ verb: 'addUser', userid: 'tofu@pve', comment: 'of others' }]), {
      ...HERS,
      identity,
      comment: `[cdktf-proxmox-tokens lab/nuc generation=1 ${claims}]`,
    });

  test('its claims stand on a token that can be used for nothing', () => {
    const keeper = claimKeeper(aToken({ generation: '2' }), ours('tofu@pve!ci', 'role:tofu-role own:/@tofu-role'));
    expect(keeper).toEqual({
      identity: 'tofu@pve!ci.rotating',
      settings: { comment: '[cdktf-proxmox-tokens lab/nuc generation=2 role:tofu-role]', expire: 1, privsep: true },
    });
  });

  test('nothing is needed where it claims only what goes with it', () => {
    expect(claimKeeper(aToken(), ours('tofu@pve!ci', 'own:/@tofu-role'))).toBeUndefined();
    expect(claimKeeper(aToken(), FRESH)).toBeUndefined();
  });

  test('the keeper of the longest token id has a name that may be sent', () => {
    const identity = `tofu@pve!${'a'.repeat(128)}`;
    const keeper = claimKeeper(aToken({ identity }), ours(identity, 'role:tofu-role'));
    expect(checkTokenid(keeper?.identity.split('!')[1] ?? '')).toBeUndefined();
  });
});
