import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Claim,
  COMMENT_LIMIT,
  claimsIn,
  claimWords,
  MARK,
  parseComment,
  renderComment,
  type Section,
  sectionOf,
  type TokenMark,
  tokenMarkOf,
  tokenWords,
  withSection,
} from '../../contract/mark';
import { hostile } from '../support/hostile';

const OWNER = { environment: 'lab', cluster: 'nuc' };
const MARKED = '[cdktf-proxmox-tokens lab/nuc generation=1]';
const OTHERS = '[cdktf-proxmox-tokens prod/nuc user role:ci#3f2a9c01]';

describe('a mark', () => {
  test.each<[string, string, readonly string[] | undefined, string]>([
    ['stands behind what people wrote', 'CI token', ['generation=1'], `CI token ${MARKED}`],
    ['stands alone where they wrote nothing', '', ['generation=1'], MARKED],
    ['is replaced where it stands', `CI ${MARKED} ${OTHERS}`, ['x'], `CI [cdktf-proxmox-tokens lab/nuc x] ${OTHERS}`],
    ['comes after those of others', `CI ${OTHERS}`, ['generation=1'], `CI ${OTHERS} ${MARKED}`],
    ['is taken out', `CI ${MARKED} ${OTHERS}`, undefined, `CI ${OTHERS}`],
    ['that stands twice becomes one', `${MARKED} a ${MARKED}`, ['generation=1'], `a ${MARKED}`],
    ['cuts the text, not itself', 'x'.repeat(3000), ['generation=1'], `${'x'.repeat(2004)} ${MARKED}`],
  ])('%s', (_, before, words, after) => expect(withSection(before, OWNER, words)).toBe(after));

  test('that is longer than a comment is none', () => {
    expect(withSection('', OWNER, ['x'.repeat(COMMENT_LIMIT)])).toBeUndefined();
  });

  test('is found although somebody wrote behind it, or never closed one before it', () => {
    expect(parseComment(`a ${MARKED} b`)).toMatchObject({ text: 'a b', sections: [{ owner: OWNER }] });
    expect(parseComment(`[cdktf-proxmox-tokens x/y user ${MARKED}`)).toEqual({
      text: '[cdktf-proxmox-tokens x/y user',
      sections: [{ owner: OWNER, words: ['generation=1'] }],
    });
  });

  test.each([
    '[other lab/nuc user]',
    '[cdktf-proxmox-tokens lab]',
    '[cdktf-proxmox-tokens lab/nuc',
    '[cdktf-proxmox-tokens ]',
  ])('is not %s', (text) => expect(parseComment(text)).toEqual({ text, sections: [] }));

  test.each<[TokenMark, readonly string[]]>([
    [{ origin: 'made', generation: '2027-01' }, ['generation=2027-01']],
    [{ origin: 'adopted', generation: '1' }, ['generation=1', 'adopted']],
    [{ origin: 'taken-over' }, ['taken-over']],
  ])('of a token says %j in the words %j', (mark, words) => {
    expect(tokenWords(mark)).toEqual(words);
    expect(tokenMarkOf({ owner: OWNER, words: [...words, 'later=word'] })).toEqual(mark);
  });
});

describe('claims', () => {
  test('say short what is about the user that carries them', () => {
    const claims: Claim[] = [
      { kind: 'user', userid: 'ci@pve' },
      { kind: 'role', role: 'r', digest: '3f2a9c01' },
      { kind: 'role', role: 's' },
      { kind: 'token', identity: 'jo@pve!ci' },
      { kind: 'acl', path: '/', role: 'r', principal: 'ci@pve' },
      { kind: 'acl', path: '/vms', role: 'r', principal: 'ci@pve!a1' },
      { kind: 'acl', path: '/vms', role: 'r', principal: 'jo@pve!ci' },
      { kind: 'acl', path: '/vms', role: 'r', principal: 'jo@pve' },
    ];
    expect(claimWords(claims, 'ci@pve').join(' ')).toMatchInlineSnapshot(
      `"acl:/:r acl:/vms:r:!a1 acl:/vms:r:jo@pve acl:/vms:r:jo@pve!ci role:r#3f2a9c01 role:s token:jo@pve!ci user"`,
    );
  });

  test.each([
    'role:',
    'role:-x',
    'role:a b',
    'acl:x:r',
    'acl:/:-r',
    'acl:/:r:jo',
    'acl:/:r:jo@pve!',
    'token:jo@pve',
    'later',
    '',
  ])('are not made by the word %j', (word) => expect(claimsIn({ owner: OWNER, words: [word] }, 'ci@pve')).toEqual([]));
});

const arbName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/);
const arbId = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{1,10}$/);
const arbUser = arbId.map((name) => `${name}@pve`);
const arbClaim = (holder: string): fc.Arbitrary<Claim> => {
  const principal = fc.oneof(
    fc.constant(holder),
    arbUser,
    fc.tuple(arbUser, arbId).map((parts) => parts.join('!')),
  );
  return fc.oneof(
    fc.constant<Claim>({ kind: 'user', userid: holder }),
    fc.record({ kind: fc.constant('role' as const), role: arbId }),
    fc.record({ kind: fc.constant('role' as const), role: arbId, digest: fc.stringMatching(/^[0-9a-f]{8}$/) }),
    fc.record({
      kind: fc.constant('token' as const),
      identity: fc.tuple(arbUser, arbId).map((parts) => parts.join('!')),
    }),
    fc.record({
      kind: fc.constant('acl' as const),
      path: fc.constantFrom('/', '/vms/100', '/pool/a'),
      role: arbId,
      principal,
    }),
  );
};
const arbSection: fc.Arbitrary<Section> = fc.record({
  owner: fc.record({ environment: arbName, cluster: arbName }),
  words: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9:/@!#=._-]{1,20}$/), { maxLength: 6 }),
});
const arbSections = fc.uniqueArray(arbSection, {
  selector: ({ owner }) => JSON.stringify(owner),
  minLength: 1,
  maxLength: 4,
});
const arbText = hostile.map((text) => text.replaceAll(MARK, '').trim());

describe('whatever people wrote', () => {
  test('what is written is what is read', () => {
    fc.assert(
      fc.property(arbText, arbSections, (text, sections) => {
        expect(parseComment(renderComment({ text, sections }))).toEqual({ text, sections });
      }),
    );
  });

  test('to put a mark in and take it out again changes nothing', () => {
    fc.assert(
      fc.property(arbText, arbSections, (text, [mine, ...sections]) => {
        const { owner, words } = mine as Section;
        const before = renderComment({ text, sections });
        fc.pre(before.length < COMMENT_LIMIT / 2);
        expect(withSection(withSection(before, owner, words) ?? '', owner, undefined)).toBe(before);
      }),
    );
  });

  test('claims are read as they were written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arbClaim('ci@pve'), { selector: JSON.stringify }), (claims) => {
        const read = claimsIn({ owner: OWNER, words: claimWords(claims, 'ci@pve') }, 'ci@pve');
        const sorted = (all: readonly Claim[]) =>
          all.map((claim) => JSON.stringify(claim, Object.keys(claim).sort())).sort();
        expect(sorted(read)).toEqual(sorted(claims));
      }),
    );
  });

  test('ours is found, and nothing throws', () => {
    const pieces = fc.oneof(hostile, fc.constantFrom(MARK, ']', '[', ' ', OTHERS, 'lab/nuc', 'acl:/:', '\n'));
    fc.assert(
      fc.property(fc.array(pieces), fc.array(pieces), hostile, (before, after, word) => {
        const comment = before.join('') + MARKED + after.join('');
        expect(sectionOf(comment, OWNER)).toBeDefined();
        claimsIn({ owner: OWNER, words: comment.split(' ') }, word);
        const without = withSection(comment, OWNER, undefined) ?? '';
        expect(sectionOf(without, OWNER)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  test.each([MARK, `${MARK}a/b]`, '[', ']', `${MARK}lab/nuc ${'acl:/:r:'.repeat(9)}`, ' ', '%5B', 'x'])(
    'a million characters of %j are read at once',
    (piece) => {
      const comment = piece.repeat(1_000_000 / piece.length);
      expect(sectionOf(comment + MARKED, OWNER)).toBeDefined();
      claimsIn({ owner: OWNER, words: [comment, ...comment.split(' ')] }, 'ci@pve');
    },
    5000,
  );
});
