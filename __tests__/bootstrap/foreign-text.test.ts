import { expect, test } from 'vitest';
import { printable } from '../../bootstrap/foreign-text';

const SECRET = '01234567-89ab-cdef-0123-456789ABCDEF';

test.each([
  ['escapes, newlines and what turns text around', 'a\u001b[2J\r\nb\u202e\u0085', 'a?[2J??b??'],
  ['what is not ASCII, a character a mark', 'jürgen \u{1f600}', 'j?rgen ?'],
  ['what looks like a secret', `${SECRET}x`, '********x'],
  ['a secret that the cut would halve', `${'a'.repeat(15)}=${SECRET}`, `${'a'.repeat(15)}=****`],
])('%s', (_title, text, expected) => {
  expect(printable(text, 20)).toBe(expected);
});
