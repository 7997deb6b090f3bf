import { ACCESS_CHECKS } from './access';
import { CONNECTION_CHECKS } from './connection';
import { ENDPOINT_CHECKS } from './endpoint';
import { ENV_FILE } from './env-files';
import { ENVIRONMENT_CHECKS } from './files';
import { MACHINE_CHECKS } from './machine';

export const CLUSTER_CHECKS = [...CONNECTION_CHECKS, ...ACCESS_CHECKS, ...ENDPOINT_CHECKS];

/** Every check there is, for `--list`: its name, and what it looks at. */
export const ALL_CHECKS: readonly { readonly name: string; readonly about: string }[] = [
  ...MACHINE_CHECKS,
  { name: ENV_FILE, about: 'the env files can be read, and say nothing that a deploy refuses' },
  ...ENVIRONMENT_CHECKS,
  ...CLUSTER_CHECKS,
];
