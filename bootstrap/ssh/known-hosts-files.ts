import { readIfThere } from './config-files';
import { type KnownHost, parseKnownHosts } from './known-hosts';

/** All entries of the files that are there, in their order. */
export async function readKnownHosts(files: readonly string[]): Promise<readonly KnownHost[]> {
  const entries: KnownHost[] = [];
  for (const file of files) entries.push(...parseKnownHosts((await readIfThere(file)) ?? '', file));
  return entries;
}
