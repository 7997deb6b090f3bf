import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach } from 'vitest';
import { Refusal } from '../../../contract/refusal';
import { type Engine, OPENTOFU_VERSION, prepareEngine, thisMachine } from '../../../engines';
import { findBinary } from '../../../engines/binary';
import { cacheFolder } from '../../../engines/cache';

/** OpenTofu of this machine, for what Terraform cannot do. Without it tests are skipped by name; under CI they fail. */
export function useOpenTofu(): () => Engine {
  let found: Engine | undefined;
  beforeAll(async () => {
    const binary = await findOpenTofu();
    if (binary !== undefined)
      found = await prepareEngine({ environment: { ...process.env, TERRAFORM_BINARY_NAME: binary } });
    else if (process.env.CI) throw new Error(MISSING);
  }, 900_000);
  beforeEach(({ skip }) => {
    if (found === undefined) skip(MISSING);
  });
  return () => {
    if (found === undefined) throw new Refusal('OPENTOFU_MISSING', MISSING, 'Only it encrypts.', 'Build it.');
    return found;
  };
}

const MISSING = 'OpenTofu is not there: neither as the engine, nor in OPENTOFU_BINARY, nor built before';

/** The engine itself if it is OpenTofu, else one that was named or built. */
async function findOpenTofu(): Promise<string | undefined> {
  const machine = thisMachine(process.env);
  const engine = await findBinary(machine).catch(() => undefined);
  if (engine?.kind === 'tofu') return engine.binary;
  const built = join(cacheFolder(machine), `opentofu-${OPENTOFU_VERSION}-${machine.platform}`, 'tofu');
  return [process.env.OPENTOFU_BINARY ?? '', built].find(existsSync) ?? machine.which('tofu');
}
