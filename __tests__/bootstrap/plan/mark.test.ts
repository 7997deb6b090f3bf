import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Claim,
  parseComment,
  renderComment,
  type Section,
  sectionOf,
  withSection,
} from '../../../bootstrap/plan/mark';
import { OTHER, OWNER } from './support';

const SECTION: Section = {
  owner: OWNER,
  generation: '2027-01',
  adopted: true,
  claims: new Set<Claim>(['user', 'role:r', 'acl:/vms/100@r', 'own:/@r']),
};
const MARK = '[cdktf-proxmox-tokens lab/nuc generation=2027-01 adopted acl:/vms/100@r own:/@r role:r user]';

describe('a mark', () => {
  test('stands behind what people wrote, in words that they can read', () => {
    expect(withSection('CI token', OWNER, SECTION)).toBe(`CI token ${MARK}`);
    expect(withSection('', OWNER, SECTION)).toBe(MARK);
  });

  test('is read back', () => expect(sectionOf(`CI token ${MARK}`, OWNER)).toEqual(SECTION));

  test('is replaced, not repeated', () => {
    const next = { owner: OWNER, claims: new Set<Claim>() };
    expect(withSection(`CI token ${MARK}`, OWNER, next)).toBe('CI token [cdktf-proxmox-tokens lab/nuc]');
  });

  test('is taken out, and leaves what people and others wrote', () => {
    const other = '[cdktf-proxmox-tokens prod/nuc generation=1]';
    expect(withSection(`CI ${MARK} ${other}`, OWNER, undefined)).toBe(`CI ${other}`);
    expect(withSection(MARK, OWNER, undefined)).toBe('');
    expect(sectionOf(`CI ${MARK}`, OTHER)).toBeUndefined();
  });

  test('is found although somebody wrote behind it', () => {
    expect(parseComment(`a ${MARK} b`)).toMatchObject({ text: 'a b', sections: [{ owner: OWNER }] });
  });

  test('of another product or a broken one is just text', () => {
    for (const text of ['[other lab/nuc user]', '[cdktf-proxmox-tokens lab]', '[cdktf-proxmox-tokens lab/nuc user']) {
      expect(parseComment(text)).toEqual({ text, sections: [] });
    }
  });

  test('holds words of a later release without harm', () => {
    const comment = '[cdktf-proxmox-tokens lab/nuc generation=1 later=thing user]';
    expect(sectionOf(comment, OWNER)).toEqual({ owner: OWNER, generation: '1', claims: new Set(['user']) });
  });
});

const arbName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/);
const arbWord = fc.stringMatching(/^[A-Za-z0-9._-]{1,10}$/);
const arbClaim = fc.oneof(
  fc.constant<Claim>('user'),
  arbWord.map((role): Claim => `role:${role}`),
  fc.tuple(fc.constantFrom('acl', 'own'), arbWord, arbWord).map(([k, p, r]) => `${k}:/storage/${p}@${r}` as Claim),
);
const arbSection = fc
  .record({
    owner: fc.record({ environment: arbName, cluster: arbName }),
    generation: fc.option(arbWord, { nil: undefined }),
    adopted: fc.constantFrom(undefined, true as const),
    claims: fc.uniqueArray(arbClaim, { maxLength: 6 }),
  })
  .map(
    ({ owner, generation, adopted, claims }): Section => ({
      owner,
      claims: new Set(claims),
      ...(generation === undefined ? {} : { generation }),
      ...(adopted ? { adopted } : {}),
    }),
  );
const ownerOf = ({ owner }: Section) => `${owner.environment}/${owner.cluster}`;
const arbText = fc.string().map((text) => text.replaceAll('[cdktf', '').trim());

test('what is written is what is read, whatever people wrote and whoever else left a mark', () => {
  fc.assert(
    fc.property(arbText, fc.uniqueArray(arbSection, { selector: ownerOf, maxLength: 4 }), (text, sections) => {
      expect(parseComment(renderComment({ text, sections }))).toEqual({ text, sections });
    }),
    { numRuns: 1000 },
  );
});

test('to put a mark in and take it out again changes nothing', () => {
  fc.assert(
    fc.property(arbText, fc.uniqueArray(arbSection, { selector: ownerOf, minLength: 1, maxLength: 3 }), (text, all) => {
      const [mine, ...others] = all as [Section, ...Section[]];
      const before = renderComment({ text, sections: others });
      expect(withSection(withSection(before, mine.owner, mine), mine.owner, undefined)).toBe(before);
    }),
    { numRuns: 1000 },
  );
});
