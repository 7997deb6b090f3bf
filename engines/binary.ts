import type { Binary } from './engine';
import type { Machine } from './machine';
import { engineNotFound, namedEngineNotFound } from './refusals';
import { parseVersion } from './version';

/** The engine that the user named, else `terraform`, else `tofu`. */
export async function findBinary(machine: Machine): Promise<Binary> {
  const binary = await locate(machine);
  const ran = await machine.run(binary, ['version'], { env: { CHECKPOINT_DISABLE: '1' }, seconds: 30 });
  return parseVersion(binary, ran.code === 0 ? ran.stdout : ran.stdout + ran.stderr);
}

async function locate(machine: Machine): Promise<string> {
  const named = machine.environment.TERRAFORM_BINARY_NAME;
  if (named) {
    const found = await machine.which(named);
    if (found === undefined) throw namedEngineNotFound(named);
    return found;
  }
  const found = (await machine.which('terraform')) ?? (await machine.which('tofu'));
  if (found === undefined) throw engineNotFound();
  return found;
}
