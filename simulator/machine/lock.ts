/** The cluster-wide lock of user.cfg: a directory that only one can make. */
import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pveFile } from './node-files';
import type { LockTimes } from './settings';

export const LOCK_NAME = 'file-user_cfg';

const lockPath = (root: string): string => pveFile(root, `priv/lock/${LOCK_NAME}`);

export function tryLock(root: string): boolean {
  try {
    mkdirSync(lockPath(root));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export const unlock = (root: string): void => rmSync(lockPath(root), { recursive: true, force: true });

export interface Acquired {
  readonly got: boolean;
  /** Lines that a waiting program prints. */
  readonly notices: number;
}

/** Waits for the lock as long as a node would. */
export async function acquireLock(root: string, times: LockTimes): Promise<Acquired> {
  const start = performance.now();
  for (;;) {
    const waited = performance.now() - start;
    if (tryLock(root)) return { got: true, notices: Math.floor(waited / times.noticeMs) };
    // The last interval ends with the failure, not with another line.
    if (waited >= times.timeoutMs) return { got: false, notices: Math.ceil(times.timeoutMs / times.noticeMs) - 1 };
    await delay(times.pollMs);
  }
}
