import { expect, test } from 'vitest';
import { BOOTSTRAP_KEYS } from '../../../constructs/input/check';
import { SSH_KEYS } from '../../../constructs/input/ssh';
import { inProps, pathInProps } from '../../../constructs/input/wording';

test.each([...BOOTSTRAP_KEYS, ...SSH_KEYS, 'api_token'])('%s has the name of its property', (key) => {
  expect(inProps(`Leave ${key} out.`)).toBe(`Leave ${pathInProps(['bootstrap', key])[1]} out.`);
  expect(inProps(key)).not.toContain('_');
});

test.each([
  ['Write on_existing = "adopt".', 'Write onExisting: "adopt".'],
  ['Write acl = [{ path = "/", propagate = true }].', 'Write acl: [{ path: "/", propagate: true }].'],
  ['is not a path, got: "ca_file = \\"x\\" on_existing"', 'is not a path, got: "ca_file = \\"x\\" on_existing"'],
  ['is unknown, got: "on_existing … (100 characters)', 'is unknown, got: "on_existing … (100 characters)'],
  ['stands in known_hosts', 'stands in known_hosts'],
])('%s becomes %s: keys and settings, never a value', (text, wanted) => {
  expect(inProps(text)).toBe(wanted);
});

test("a key of the caller's own is found in `attributes`", () => {
  expect(pathInProps(['my_tags', 0])).toEqual(['attributes', 'my_tags', 0]);
  expect(pathInProps(['bootstrap', 'ssh', 'identity_file'])).toEqual(['bootstrap', 'ssh', 'identityFile']);
});
