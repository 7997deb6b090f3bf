import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache';
import { goBuild } from './golang';
import type { Machine } from './machine';
import { buildFailed, goNotFoundForOpenTofu } from './refusals';

/** The release that opentofu/go.mod asks for. */
export const OPENTOFU_VERSION = '1.12.6';

const MODULE = 'github.com/opentofu/opentofu';

/** Builds OpenTofu from its Go module unless it is there: about five minutes on two cores. Returns its path. */
export async function buildOpenTofu(machine: Machine): Promise<string> {
  const folder = join(cacheFolder(machine), `opentofu-${OPENTOFU_VERSION}-${machine.platform}`);
  await makeOnce(folder, async (draft) => {
    const go = await machine.which('go');
    if (go === undefined) throw goNotFoundForOpenTofu();
    const module = join(draft, 'module');
    await copyModule(module);
    const ran = await goBuild(machine, { go, module, args: buildArguments(join(draft, 'tofu')), seconds: 3600 });
    if (ran.code !== 0) throw buildFailed(`OpenTofu ${OPENTOFU_VERSION}`, ran.stderr);
    await rm(module, { recursive: true });
  });
  return join(folder, 'tofu');
}

/** `go build` may write to the module's files, so it gets a copy. */
async function copyModule(to: string): Promise<void> {
  await mkdir(to);
  for (const file of ['go.mod', 'go.sum']) await copyFile(join(__dirname, 'opentofu', file), join(to, file));
}

/** Without the flag `dev=no` it would call itself 1.12.6-dev. */
function buildArguments(output: string): readonly string[] {
  return ['-mod=mod', '-ldflags', `-s -w -X ${MODULE}/version.dev=no`, '-o', output, `${MODULE}/cmd/tofu`];
}
