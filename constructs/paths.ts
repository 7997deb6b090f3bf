import { posix, relative, sep } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { HANDOFF_FOLDER } from '../contract/settings';

/** Every path in the synthesized JSON is relative and has forward slashes, so that any checkout deploys it. */
export const toPosix = (path: string): string => path.split(sep).join(posix.sep);

/** Where the engine and the bootstrap program run, relative to the folder of `cdktf.json`: `cdktf.out/stacks/lab`. */
export function stackFolder(scope: Construct): string {
  return posix.join(App.of(scope).outdir, 'stacks', TerraformStack.of(scope).node.id);
}

/** The way back: `../../..` with the usual output folder. */
export function projectFolder(scope: Construct): string {
  return toPosix(relative(stackFolder(scope), '.'));
}

/** A path that is given relative to the folder of `cdktf.json`, seen from the stack's folder. */
export function fromStack(scope: Construct, path: string): string {
  return posix.join(projectFolder(scope), path);
}

/** Where a stack's hand-off files stand, relative to the folder of `cdktf.json`. */
export function handoffFolder(scope: Construct): string {
  return posix.join(HANDOFF_FOLDER, TerraformStack.of(scope).node.id);
}
