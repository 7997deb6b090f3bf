import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRows } from './support/document';

/** The rows that the files of this folder run, in the order of their names. */
function tested(): string[] {
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = files.map((name) => readFileSync(join(__dirname, name), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/\brow\w*\(\s*'([a-z0-9-]+)'/g)].map(([, id = '']) => id)).sort();
}

test('every row of the life table is run by one test, and every such test has its row', () => {
  const rows = readRows().map(({ id }) => id);
  expect(rows.length).toBeGreaterThan(40);
  expect(tested()).toEqual([...rows].sort());
});

test('every row says what is printed', () => {
  expect(readRows().filter(({ printed }) => printed.length === 0)).toEqual([]);
});
