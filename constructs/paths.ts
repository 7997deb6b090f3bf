import { posix, relative, sep } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { HANDOFF_FOLDER } from '../contract/settings';

/**
 * From a stack's folder (the working folder of the engine and of the bootstrap program) to the folder of `cdktf.json`:
 * `../../..` with the usual output folder. The synthesized JSON holds relative paths alone, so that any checkout deploys it.
 */
export function projectFolder(scope: Construct): string {
  const stack = TerraformStack.of(scope);
  const folder = relative(posix.join(App.of(scope).outdir, 'stacks', stack.node.id), '.');
  return folder.split(sep).join(posix.sep);
}

/** A path that is given relative to the folder of `cdktf.json`, seen from the stack's folder. */
export function fromStack(scope: Construct, path: string): string {
  return posix.join(projectFolder(scope), path);
}

const STATE_FILES = 'cdktf-proxmox-tokens:state-files';

/** Names the local state files of an environment, relative to the folder of `cdktf.json`: before anything else is in the stack. */
export function guardStateFiles(stack: TerraformStack, files: readonly string[]): void {
  stack.node.setContext(STATE_FILES, files);
}

/** The local state files that the bootstrap program keeps at 0600; nothing where the state is elsewhere. */
export function guardedStateFiles(scope: Construct): { readonly state_files?: readonly string[] } {
  const files: readonly string[] | undefined = scope.node.tryGetContext(STATE_FILES);
  return files === undefined ? {} : { state_files: files };
}

/** Where a stack's hand-off files stand, relative to the folder of `cdktf.json`. */
export function handoffFolder(scope: Construct): string {
  return posix.join(HANDOFF_FOLDER, TerraformStack.of(scope).node.id);
}
