import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Machine } from './machine';

/** Where things that take long to build are kept, outside the checkout. */
export function cacheFolder({ environment, home }: Pick<Machine, 'environment' | 'home'>): string {
  const base = environment.XDG_CACHE_HOME || join(home, '.cache');
  return environment.CDKTF_PROXMOX_TOKENS_CACHE || join(base, 'cdktf-proxmox-tokens');
}

/**
 * Makes a folder once: built beside its place, then renamed, so that it is either absent or whole.
 * Of two that build at the same time, the later one throws its own away.
 */
export async function makeOnce(folder: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.draft-`);
  try {
    await make(draft);
    await rename(draft, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
