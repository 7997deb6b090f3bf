import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setValue } from '../../../cli/env-file/edit';
import { parseHcl } from '../../../constructs/input/parse';

const GENERATION = ['proxmox', 'nuc', 'bootstrap', 'generation'];

describe('a value set in an env file leaves all else to the byte', () => {
  test.each([
    ['replaced where it stands', 'generation = "1" # since May', 'generation = "2" # since May'],
    ['replaced where it is a number', 'generation = 1', 'generation = "2"'],
  ])('%s', (_, before, after) => {
    const file = (line: string) =>
      `# ours\nproxmox = {\n  nuc = {\n    bootstrap = { # how\n      ${line}\n    }\n  }\n}\n`;
    expect(setValue(file(before), { path: GENERATION, value: '2' }, false)).toBe(file(after));
  });

  test('a missing key goes behind the brace of its map', () => {
    const text = 'proxmox = {\n  nuc = {\n    bootstrap = { # how\n      role = "ci"\n    }\n  }\n}\n';
    expect(setValue(text, { path: GENERATION, value: '2' }, false)).toBe(
      text.replace('# how\n', '# how\n      generation = "2"\n'),
    );
  });

  test('a map on one line stays on one line', () => {
    const text = 'proxmox = { nuc = { bootstrap = { role = "ci" } } }\n';
    expect(setValue(text, { path: GENERATION, value: '2' }, false)).toBe(
      'proxmox = { nuc = { bootstrap = { generation = "2", role = "ci" } } }\n',
    );
  });

  test('maps that are missing come along', () => {
    const text = 'proxmox = {\n  nuc = {\n    name = "nuc"\n  }\n}\n';
    expect(setValue(text, { path: GENERATION, value: '2' }, false)).toBe(
      'proxmox = {\n  nuc = {\n    bootstrap = { generation = "2" }\n    name = "nuc"\n  }\n}\n',
    );
  });

  test('a list is replaced as a whole, brackets in its texts and comments notwithstanding', () => {
    const text = 'proxmox = { nuc = { bootstrap = { retain = [ "a]", # ]\n  "b" ] } } }\n';
    expect(setValue(text, { path: ['proxmox', 'nuc', 'bootstrap', 'retain'], value: ['c'] }, false)).toBe(
      'proxmox = { nuc = { bootstrap = { retain = ["c"] } } }\n',
    );
  });

  test('tfvars JSON stays JSON', () => {
    const text = '{\n  "proxmox": {\n    "nuc": {\n      "name": "nuc"\n    }\n  }\n}\n';
    const after = setValue(text, { path: GENERATION, value: '2' }, true);
    expect(JSON.parse(after)).toEqual({ proxmox: { nuc: { name: 'nuc', bootstrap: { generation: '2' } } } });
  });

  test('a map that is no literal is left to people', () => {
    expect(() =>
      setValue('proxmox = other\n', { path: GENERATION, value: '2' }, false),
    ).toThrowErrorMatchingInlineSnapshot(`
      [Refusal: \`proxmox.nuc.bootstrap.generation\` cannot be set in the env file by this command.
        why: Nothing was changed. The map that it belongs to is not written out there.
        fix: Edit the file by hand.]
    `);
  });
});

test('whatever the layout, the parser finds the new value and every old one', async () => {
  const blank = fc.constantFrom(' ', '\n', '\n  # note { } [ ] = "x"\n', ' /* { */ ', '\n\n');
  const layout = fc.record({ a: blank, b: blank, c: blank, first: fc.boolean(), there: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(layout, async ({ a, b, c, first, there }) => {
      const own = there ? 'generation = "old"' : 'role = "r"';
      const rest = 'note = "a { b } = c"';
      const body = first ? `${own}\n${rest}` : `${rest}\n${own}`;
      const text = `x = 1\nproxmox = {${a}nuc = {${b}name = "n"\nbootstrap = {${c}${body}\n}\n}\n}\ny = 2\n`;
      const before = await parseHcl(text);
      const after = await parseHcl(setValue(text, { path: GENERATION, value: '2' }, false));
      if ('fault' in before || 'fault' in after) throw new Error('does not parse');
      const expected = structuredClone(before.values) as { proxmox: { nuc: { bootstrap: { generation: string } } } };
      expected.proxmox.nuc.bootstrap.generation = '2';
      expect(after.values).toEqual(expected);
    }),
  );
});
