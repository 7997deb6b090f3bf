import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../contract/error-code';
import { HANDOFF_FOLDER } from '../contract/settings';
import { refuseLinks } from './links';
import { handoffLeft, handoffUnwritable } from './refusals';

/** A hand-off that is ready to take its one secret. */
export interface Handoff {
  /** Writes the secret to the disk, still under the passing name. */
  write(secret: string): Promise<void>;
  /** Gives it its own name, which says that all is done. */
  complete(): Promise<void>;
  /** Removes what was begun, unless it holds a secret. */
  abandon(): Promise<void>;
}

/** Longer than any secret: on a full disk the room is missed before the node is touched, not after. */
const ROOM = 64;
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/**
 * Opens the hand-off, relative to the project's folder, before anything happens on the node: a folder of 0700, a file of 0600
 * under a passing name.
 */
export async function openHandoff(project: string, handoff: string): Promise<Handoff> {
  const file = join(project, handoff);
  const passing = `${file}.${randomBytes(4).toString('hex')}.part`;
  let holdsSecret = false;
  // Whoever abandons has an error of his own to tell; what is left goes with the next sweep.
  const abandon = async () => {
    if (!holdsSecret) await rm(passing, { force: true }).catch(() => undefined);
  };
  const attempt = async <T>(make: () => Promise<T>): Promise<T> => {
    try {
      return await make();
    } catch (cause) {
      await abandon();
      throw handoffUnwritable(file, errorCode(cause));
    }
  };
  const write = (text: string) =>
    attempt(async () => {
      const handle = await open(passing, NEW, 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  await refuseLinks(project, handoff);
  await attempt(async () => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await chmod(dirname(file), 0o700);
  });
  await write(' '.repeat(ROOM));
  await ignoreHandoffs(join(project, HANDOFF_FOLDER));
  return {
    write: async (secret) => {
      await write(secret);
      holdsSecret = true;
    },
    complete: () => attempt(() => rename(passing, file)),
    abandon,
  };
}

/** Keeps the hand-offs of every environment out of git: in an app of somebody else's no other rule does. */
async function ignoreHandoffs(folder: string): Promise<void> {
  // No reason to refuse a deploy: the hand-off itself can be written, and goes with it.
  await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
}

/** Deletes every hand-off file of an environment, those of earlier runs that were cut off too. Returns how many there were. */
export async function forgetHandoffs(project: string, handoffs: string): Promise<number> {
  const folder = join(project, handoffs);
  await refuseLinks(project, handoffs);
  try {
    const names = await readdir(folder);
    for (const name of names) await rm(join(folder, name), { force: true });
    await rm(folder, { recursive: true, force: true });
    return names.length;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return 0;
    throw handoffLeft(folder, errorCode(cause));
  }
}
