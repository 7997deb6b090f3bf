import { expect, test } from 'vitest';
import { distance, nearest } from '../../../constructs/input/nearest';

test.each([
  ['', '', 0],
  ['role', 'role', 0],
  ['rolle', 'role', 1],
  ['rloe', 'role', 1],
  ['', 'role', 4],
  ['endpiont', 'endpoint', 1],
])('from "%s" to "%s" it is %i steps', (one, other, steps) => {
  expect(distance(one, other)).toBe(steps);
  expect(distance(other, one)).toBe(steps);
});

test('the nearest name is one that could have been meant', () => {
  expect(nearest('api_tokn', ['endpoint', 'api_token'])).toBe('api_token');
  expect(nearest('ROLE', ['role'])).toBe('role');
  expect(nearest('node_name', ['endpoint', 'api_token', 'username'])).toBeUndefined();
});
