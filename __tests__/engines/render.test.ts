import { expect, test } from 'vitest';
import { type Engine, renderEngine, renderExports } from '../../engines';

const ENGINE: Engine = {
  binary: "/opt/it's here/tofu",
  kind: 'tofu',
  version: '1.12.6',
  providers: 'stand-in',
  env: { TERRAFORM_BINARY_NAME: "/opt/it's here/tofu" },
  skipProviderLock: true,
  notes: ['a note'],
};

test('people get one row a fact', () => {
  expect(renderEngine(ENGINE)).toBe(
    [
      'engine        OpenTofu 1.12.6',
      "binary        /opt/it's here/tofu",
      'providers     stand-in',
      'cdktf deploy  with --skip-provider-lock',
      "environment   TERRAFORM_BINARY_NAME=/opt/it's here/tofu",
      'note          a note',
    ].join('\n'),
  );
});

test('a shell gets exports that survive quotes and blanks', () => {
  expect(renderExports(ENGINE)).toBe(`export TERRAFORM_BINARY_NAME='/opt/it'\\''s here/tofu'`);
});
