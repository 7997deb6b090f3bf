import { createHash } from 'node:crypto';
import { link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache';
import { goBuild } from './golang';
import type { Machine } from './machine';
import { buildFailed, goNotFound } from './refusals';

/** The published releases that the stand-ins behave like. Our stacks ask for ~> 3.2 and ~> 2.6. */
export const PROVIDERS = [
  { name: 'null', version: '3.2.4', wanted: '~> 3.2' },
  { name: 'local', version: '2.6.1', wanted: '~> 2.6' },
] as const;

/** Terraform and OpenTofu resolve the same short name to different hosts. */
const HOSTS = ['registry.terraform.io', 'registry.opentofu.org'] as const;

const SOURCES = join(__dirname, 'providers');

/** A provider mirror of our own, and the configuration that points to it. */
export interface StandIns {
  readonly folder: string;
  /** What `TF_CLI_CONFIG_FILE` has to say. */
  readonly configuration: string;
}

/** Where the stand-ins of this source are kept. They may not have been built yet. */
export async function locateStandIns(machine: Machine): Promise<StandIns> {
  const folder = join(cacheFolder(machine), `standins-${await hashOf(SOURCES)}-${machine.platform}`);
  return { folder, configuration: join(folder, 'cli.tfrc') };
}

/** Builds the stand-ins unless they are there: 20 seconds on two cores, the first time. */
export async function buildStandIns(machine: Machine): Promise<StandIns> {
  const standIns = await locateStandIns(machine);
  await makeOnce(standIns.folder, async (draft) => {
    await compile(machine, join(draft, 'bin'));
    await arrangeMirror(draft, machine.platform);
    await writeFile(join(draft, 'cli.tfrc'), renderConfiguration(join(standIns.folder, 'mirror')));
  });
  return standIns;
}

async function compile(machine: Machine, into: string): Promise<void> {
  const go = await machine.which('go');
  if (go === undefined) throw goNotFound();
  await mkdir(into);
  const packages = PROVIDERS.map(({ name }) => `./${name}`);
  const args = ['-ldflags', '-s -w', '-o', `${into}/`, ...packages];
  const ran = await goBuild(machine, { go, module: SOURCES, args, seconds: 900 });
  if (ran.code !== 0) throw buildFailed('Stand-ins of the null and local providers', ran.stderr);
}

async function arrangeMirror(folder: string, platform: string): Promise<void> {
  for (const { name, version } of PROVIDERS) {
    for (const host of HOSTS) {
      const place = join(folder, 'mirror', host, 'hashicorp', name, version, platform);
      await mkdir(place, { recursive: true });
      await link(join(folder, 'bin', name), join(place, `terraform-provider-${name}_v${version}`));
    }
  }
}

/** Takes the two providers from the mirror, and all others as ever. */
function renderConfiguration(mirror: string): string {
  const ours = JSON.stringify(HOSTS.flatMap((host) => PROVIDERS.map(({ name }) => `${host}/hashicorp/${name}`)));
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${ours}
  }
  direct {
    exclude = ${ours}
  }
}
`;
}

/** A short name for what the files of a folder say. */
async function hashOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash
      .update(file.slice(folder.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 12);
}
