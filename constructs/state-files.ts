import { relative, resolve } from 'node:path';
import { App, type IResolveContext, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { stackFolder, toPosix } from './paths';

const settled = new WeakMap<TerraformStack, readonly string[]>();

/**
 * The local state files that come to hold a stack's secrets, relative to the folder of `cdktf.json`: its own, and those of the
 * stacks that read from it. To be asked while the JSON is rendered: only then is it settled which backends there are, and
 * which stack reads from which.
 */
export function stateFilesOf(scope: Construct, { preparing }: Pick<IResolveContext, 'preparing'>): readonly string[] {
  if (preparing) return [];
  const stack = TerraformStack.of(scope);
  const files = settled.get(stack) ?? findStateFiles(stack);
  settled.set(stack, files);
  return files;
}

function findStateFiles(stack: TerraformStack): string[] {
  const stacks = App.of(stack).node.findAll().filter(TerraformStack.isStack);
  return stacks.filter((other) => other === stack || other.dependsOn(stack)).flatMap(stateFileOf);
}

/** None where the state is elsewhere. */
function stateFileOf(stack: TerraformStack): string[] {
  // Makes the backend that cdktf would make: a local one.
  const path: unknown = stack.ensureBackendExists().toTerraform().terraform.backend?.local?.path;
  return typeof path === 'string' ? [toPosix(relative('.', resolve(stackFolder(stack), path)))] : [];
}
