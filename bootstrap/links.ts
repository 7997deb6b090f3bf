import { lstat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { isLink } from './refusals';

/** Refuses a path whose parts below the project's folder lead elsewhere: secrets go where they are said to go. */
export async function refuseLinks(project: string, path: string): Promise<void> {
  let part = project;
  for (const name of normalize(path).split(sep)) {
    part = join(part, name);
    const found = await lstat(part).catch(() => undefined);
    if (found?.isSymbolicLink()) throw isLink(part);
  }
}
