import { describe, expect, test } from 'vitest';
import { errorLines, isResult, isWithoutRegistry, stepLine } from '../../../cli/deploy/lines';

describe('of what an engine prints, people see', () => {
  test.each([
    ['lab  null_resource.nuc_token (clusters/nuc/token) (local-exec): token a@pve!b: made', 'nuc: token a@pve!b: made'],
    ['     null_resource.sweep (local-exec): hand-off: none left', 'sweep: hand-off: none left'],
    ['lab  terraform_data.revocation["old"] (local-exec): user a@pve: deleted', 'old: user a@pve: deleted'],
    [
      'lab  null_resource.nuc_access_done (local-exec): role r: set to 2 privileges',
      'nuc: role r: set to 2 privileges',
    ],
    ['\u001b[1mlab\u001b[0m  null_resource.a_b_access (local-exec): role r: deleted', 'a_b: role r: deleted'],
  ])('what the program said: %j', (line, shown) => {
    expect(stepLine(line)).toBe(shown);
  });

  test.each([
    'lab  null_resource.nuc_token (local-exec): Executing: ["node" "x"]',
    'lab  null_resource.nuc_token: Creation complete after 1s',
    '',
  ])('and nothing of: %j', (line) => {
    expect(stepLine(line)).toBeUndefined();
  });
});

test('an engine without a registry is known by what it says, however its lines are broken', () => {
  const terraform =
    'home  Error: Failed to query available provider packages\n  could not connect to\n  registry.terraform.io: failed';
  const tofu = 'Error: Failed to resolve provider packages';
  expect([terraform, tofu, 'Error: it is full'].map(isWithoutRegistry)).toEqual([true, true, false]);
});

test('an engine that is through says so', () => {
  const said = [
    'lab  Apply complete! Resources: 1 added',
    'lab  No changes. Your infrastructure',
    'lab  Plan: 1 to add',
  ];
  expect(said.map(isResult)).toEqual([true, true, false]);
});

test('an error is told once: what a provisioner said was shown as it came', () => {
  const output = [
    'lab  Error: local-exec provisioner error',
    '',
    '       with null_resource.nuc_access,',
    '     Error running command',
    'lab  Error: Failed to query available provider packages',
    '',
    '     Could not retrieve the list',
    '0 Stacks deploying     1 Stack done     0 Stacks waiting',
  ].join('\n');
  expect(errorLines(output)).toEqual([
    'Error: Failed to query available provider packages',
    'Could not retrieve the list',
  ]);
});
