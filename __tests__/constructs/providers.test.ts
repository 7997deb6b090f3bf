import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { ProxmoxCluster } from '../../constructs';
import { LEAST, synthesizeIn } from './support';

test.each(['before', 'after'])("the stack's own provider is used, made %s the cluster", (when) => {
  const { provider, terraform } = synthesizeIn((stack) => {
    if (when === 'after') new ProxmoxCluster(stack, 'nuc', LEAST);
    new NullProvider(new Construct(stack, 'nested'), 'mine', { alias: undefined });
    if (when === 'before') new ProxmoxCluster(stack, 'nuc', LEAST);
  });
  expect(provider.null).toEqual([{}]);
  expect(terraform.required_providers.null.version).toBe('3.2.4');
});

test('without one of its own the stack asks for a range of releases', () => {
  const { provider, terraform } = synthesizeIn((stack) => new ProxmoxCluster(stack, 'nuc', LEAST));
  expect(provider).toEqual({ null: [{}] });
  expect(terraform.required_providers).toEqual({ null: { source: 'null', version: '~> 3.2' } });
});
