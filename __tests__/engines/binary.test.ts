import { describe, expect, test } from 'vitest';
import { findBinary } from '../../engines/binary';
import { aMachine, TERRAFORM, TERRAFORM_ANSWERS } from './fakes';

const BOTH = { terraform: '/bin/terraform', tofu: '/bin/tofu' };
const BOTH_ANSWERS = { ...TERRAFORM_ANSWERS, '/bin/tofu version': { stdout: 'OpenTofu v1.12.6\non linux_amd64\n' } };

const refusalOf = async (machine: Parameters<typeof aMachine>[0]) => {
  const problem = await findBinary(aMachine(machine)).catch((error: unknown) => error);
  return problem instanceof Error ? problem.message : 'nothing was refused';
};

describe('the engine', () => {
  test('is terraform where both are on PATH', async () => {
    const found = await findBinary(aMachine({ commands: BOTH, answers: BOTH_ANSWERS }));
    expect(found).toEqual({ binary: '/bin/terraform', kind: 'terraform', version: '1.11.4' });
  });

  test('is tofu where terraform is not on PATH', async () => {
    const found = await findBinary(aMachine({ commands: { tofu: '/bin/tofu' }, answers: BOTH_ANSWERS }));
    expect(found).toEqual({ binary: '/bin/tofu', kind: 'tofu', version: '1.12.6' });
  });

  test('is the one that TERRAFORM_BINARY_NAME names', async () => {
    const environment = { TERRAFORM_BINARY_NAME: 'tofu' };
    const found = await findBinary(aMachine({ commands: BOTH, answers: BOTH_ANSWERS, environment }));
    expect(found.kind).toBe('tofu');
  });

  test('is known by what it prints, whatever its name', async () => {
    const answers = { '/opt/tf version': { stdout: 'Warning: something\n\nOpenTofu v1.13.0-beta1\n' } };
    const environment = { TERRAFORM_BINARY_NAME: 'tf' };
    const found = await findBinary(aMachine({ commands: { tf: '/opt/tf' }, answers, environment }));
    expect(found).toEqual({ binary: '/opt/tf', kind: 'tofu', version: '1.13.0' });
  });

  test.for([
    ['Terraform v1.5.0', 'terraform'],
    ['OpenTofu v1.6.0', 'tofu'],
    ['Terraform v2.0.0', 'terraform'],
  ] as const)('may be %s', async ([stdout, kind]) => {
    const found = await findBinary(aMachine({ ...TERRAFORM, answers: { '/bin/terraform version': { stdout } } }));
    expect(found.kind).toBe(kind);
  });
});

describe('a refusal says what, why and how to go on', () => {
  test('when there is no engine', async () => {
    expect(await refusalOf({})).toBe(
      [
        'Neither `terraform` nor `tofu` is on PATH.',
        '  why: One of them applies what is synthesized here.',
        '  fix: Install Terraform 1.5 or OpenTofu 1.6 or later, or set `TERRAFORM_BINARY_NAME` to where it is.',
      ].join('\n'),
    );
  });

  test('when the named engine is not there, though another one is', async () => {
    expect(await refusalOf({ ...TERRAFORM, environment: { TERRAFORM_BINARY_NAME: 'tofu' } })).toBe(
      [
        '`TERRAFORM_BINARY_NAME` names a program that is not there, got: tofu.',
        '  why: Another engine is not taken in its place: it may be unable to read the state that this one wrote.',
        '  fix: Correct the variable (a name on PATH, or a path), or unset it.',
      ].join('\n'),
    );
  });

  test.for([
    ['Terraform v1.4.7', 'Terraform 1.4.7', 'Terraform 1.5.0'],
    ['Terraform v0.15.5', 'Terraform 0.15.5', 'Terraform 1.5.0'],
    ['OpenTofu v1.5.9', 'OpenTofu 1.5.9', 'OpenTofu 1.6.0'],
  ] as const)('when it is %s', async ([stdout, name, floor]) => {
    expect(await refusalOf({ ...TERRAFORM, answers: { '/bin/terraform version': { stdout } } })).toBe(
      [
        `${name} is too old, found at: /bin/terraform.`,
        `  why: The stacks need what ${floor} and later can do.`,
        `  fix: Upgrade it to ${floor} or later, or set \`TERRAFORM_BINARY_NAME\` to another engine.`,
      ].join('\n'),
    );
  });

  test('when it does not name itself', async () => {
    const answers = { '/bin/terraform version': { code: 127, stderr: 'cannot execute\n' } };
    expect(await refusalOf({ ...TERRAFORM, answers })).toBe(
      [
        '`/bin/terraform version` did not name Terraform or OpenTofu, got: cannot execute.',
        '  why: The settings differ between the two, and old releases lack what the stacks need.',
        '  fix: Set `TERRAFORM_BINARY_NAME` to a working `terraform` or `tofu`.',
      ].join('\n'),
    );
  });
});
