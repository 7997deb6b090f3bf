import type { Engine } from '../../../engines';

/** For projects that are synthesized alone: an engine that cannot be started. */
export const NO_ENGINE: Engine = {
  binary: '/nowhere/terraform',
  kind: 'terraform',
  version: '0.0.0',
  providers: 'registry',
  env: { TERRAFORM_BINARY_NAME: '/nowhere/terraform', CHECKPOINT_DISABLE: '1' },
  skipProviderLock: true,
  notes: [],
};
