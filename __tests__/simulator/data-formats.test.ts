import { describe, expect, test } from 'vitest';
import { toJson, toPrettyJson, toYaml } from '../../simulator/pveum/data-formats';

/** Answers of the YAML module that the node uses. */
describe('YAML', () => {
  test.each([
    ['0', "'0'"],
    [0, '0'],
    ['', "''"],
    [null, '~'],
    ['~', "'~'"],
    ['null', "'null'"],
    ['yes', 'yes'],
    ['True', 'True'],
    ['1e3', "'1e3'"],
    ['0x1f', '0x1f'],
    ['1_000', '1_000'],
    ['a:b', 'a:b'],
    ['a: b', "'a: b'"],
    ['a:', "'a:'"],
    ['x #y', "'x #y'"],
    ['-a', '-a'],
    ['- a', "'- a'"],
    ["it's", "it's"],
    ['@x', "'@x'"],
    ['a\tb', '"a\\tb"'],
    ['two\nlines', '"two\\nlines"'],
  ])('%j is written %s', (value, text) => {
    expect(toYaml({ key: value })).toBe(`---\nkey: ${text}\n`);
  });

  test('lists hang below their key, objects go in by two', () => {
    expect(toYaml([{ a: 1, b: [1, { c: 'x' }], d: { e: [], f: {} } }])).toBe(
      '---\n- a: 1\n  b:\n  - 1\n  - c: x\n  d:\n    e: []\n    f: {}\n',
    );
    expect(toYaml([])).toBe('--- []\n');
  });

  test('long text is folded behind the 80th column', () => {
    const words = (count: number) => Array<string>(count).fill('word').join(' ');
    expect(toYaml({ long: words(40) })).toBe(`---\nlong: ${words(16)}\n  ${words(16)}\n  ${words(8)}\n`);
  });
});

test('JSON has sorted keys and no spaces, the pretty form three of them a step', () => {
  const value = { b: ['x', 1, null], a: {}, c: undefined };
  expect(toJson(value)).toBe('{"a":{},"b":["x",1,null]}');
  expect(toPrettyJson(value)).toBe('{\n   "a" : {},\n   "b" : [\n      "x",\n      1,\n      null\n   ]\n}');
});
