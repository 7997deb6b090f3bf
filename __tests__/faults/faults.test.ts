import { describe, expect, test } from 'vitest';
import { OPERATIONS } from './operations';
import { readOptions } from './options';
import { runOperation } from './run';

/** A sample: `npm run test:faults` tries every operation, and with processes that are killed. */
describe('after a fault at any step the next deploy converges', () => {
  const sample = OPERATIONS.filter(({ name }) => ['9.1 fresh', '9.1 rotate in place'].includes(name));

  test.each(sample)('$name', async (operation) => {
    const { points, failures } = await runOperation(operation, undefined, 2);
    expect(failures).toEqual([]);
    expect(points).toBeGreaterThan(20);
  });
});

test('every operation has a name of its own', () => {
  expect(new Set(OPERATIONS.map(({ name }) => name)).size).toBe(OPERATIONS.length);
});

describe('the options of the whole run', () => {
  const chosen = (...args: readonly string[]) => readOptions(args, OPERATIONS).chosen.map(({ name }) => name);

  test('name a part of the operations, or share them out', () => {
    expect(chosen('--only', '8.4 fresh')).toEqual(['8.4 fresh', '8.4 fresh, privilege separation']);
    const shards = ['1/3', '2/3', '3/3'].flatMap((shard) => chosen('--shard', shard));
    expect(shards.sort()).toEqual(OPERATIONS.map(({ name }) => name).sort());
  });

  test('that choose nothing are refused', () => {
    for (const args of [
      ['--only', 'nonsense'],
      ['--shard', '9/3'],
      ['--shard', 'x'],
    ]) {
      expect(() => readOptions(args, OPERATIONS)).toThrow(RangeError);
    }
  });
});
