import { describe, expect, test } from 'vitest';
import { OPERATIONS } from './operations';
import { runOperation } from './run';

/** A sample: `npm run test:faults` tries every operation, and with processes that are killed. */
describe('after a fault at any step the next deploy converges', () => {
  const sample = OPERATIONS.filter(({ name }) => ['9.1 fresh', '9.1 rotate in place'].includes(name));

  test.each(sample)('$name', async (operation) => {
    const { points, failures } = await runOperation(operation, undefined, 2);
    expect(failures).toEqual([]);
    expect(points).toBeGreaterThan(15);
  });
});

test('every operation has a name of its own', () => {
  expect(new Set(OPERATIONS.map(({ name }) => name)).size).toBe(OPERATIONS.length);
});
