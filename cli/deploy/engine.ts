import { readConfiguration, thisMachine } from '../../engines';
import { engineMissing } from './refusals';

/** The engine that `cdktf` is told to use, and what it needs to hear beside. */
export interface FoundEngine {
  readonly binary: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The engine as `cdktf` takes it: `TERRAFORM_BINARY_NAME`, else Terraform, else OpenTofu. Where a mirror gives the providers,
 * `cdktf` must not write a lock file: the command for it asks the registry and nobody else (measured).
 */
export async function findEngine(environment: Readonly<Record<string, string | undefined>>): Promise<FoundEngine> {
  const machine = thisMachine(environment);
  const named = environment.TERRAFORM_BINARY_NAME;
  for (const name of named ? [named] : ['terraform', 'tofu']) {
    const binary = await machine.which(name);
    if (binary === undefined) continue;
    const { mirrors } = await readConfiguration(machine, name.includes('tofu') ? 'tofu' : 'terraform');
    const lock: Record<string, string> = mirrors ? { CDKTF_SKIP_PROVIDER_LOCK: 'true' } : {};
    return { binary, environment: { TERRAFORM_BINARY_NAME: binary, CHECKPOINT_DISABLE: '1', ...lock } };
  }
  throw engineMissing(named);
}
