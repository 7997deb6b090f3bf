/** Entries with hostile keys and values: what a user's file could hold at worst. */
import * as fc from 'fast-check';
import type { Json } from '../../../constructs/input/entry';

const hostile = fc.constantFrom(
  ...[
    '"',
    '\\',
    '\n',
    '\r',
    '\t',
    '$',
    '%',
    '{',
    '}',
    '$$',
    '~',
    '#',
    '//',
    '/*',
    '<<EOT\n',
    "'",
    '`',
    '\u0000',
    '\u001b',
  ],
  ...[
    '\u007f',
    '\u2028',
    '\ufeff',
    'é',
    '😀',
    '\u200d',
    '日本',
    'null',
    'true',
    '1e3',
    ' ',
    '=',
    ':',
    ',',
    '\\u0041',
    '\\n',
  ],
);

// Terraform composes characters and takes no lone surrogates; a template's start is refused at the input.
const settle = (text: string) => text.normalize('NFC').replace(/([$%])\{/g, '$1 {');

export const text: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc
        .array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 3 })))
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
    { weight: 1, arbitrary: fc.string({ minLength: 500, maxLength: 2_000 }) },
  )
  .map(settle);

const number = fc.oneof(
  fc.maxSafeInteger(),
  // There is no negative zero in HCL.
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })
    .map((value) => Number(value.toPrecision(10)) + 0),
);

const scalar: fc.Arbitrary<Json> = fc.oneof(text, number, fc.boolean(), fc.constant(null));

/** Keys whose width is beyond dispute: `terraform fmt` counts some joined characters in a way of its own. */
export const plainKey: fc.Arbitrary<string> = fc
  .string({
    unit: fc.constantFrom('a', 'B', '_', '-', '7', ' ', '"', '\\', '\n', 'é', '日', '😀', '$', '%', '#', '='),
    maxLength: 9,
  })
  .map(settle);

const valueWith = (key: fc.Arbitrary<string>) =>
  fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(key, tie('any'), { maxKeys: 5 }),
    ),
  })).any;

/** An entry's attributes; `api_token` has its place among them. */
export function attributesWith(key: fc.Arbitrary<string>): fc.Arbitrary<Record<string, Json>> {
  const some = (maxKeys: number) => fc.dictionary(key, valueWith(key), { maxKeys });
  const join = (...parts: Record<string, Json>[]) => Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
  return fc.tuple(some(6), some(3)).map(([before, after]) => join(before, { api_token: 'root@pam!ci' }, after));
}
