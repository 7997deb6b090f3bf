import { constants } from 'node:fs';
import { chmod, open, readdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../contract/error-code';
import { refuseLinks } from './links';
import { stateRoomless, stateUnguarded } from './refusals';

const MODE = 0o600;
/** An engine writes the new state and a backup of the old one. */
const COPIES = 3;
const SMALLEST = 2 ** 20;

/**
 * Keeps local state files and their backups at 0600, those with a time in their name too, and sees to room for them. An engine
 * makes them with the umask's mode, usually readable to all, and keeps the mode of a file that is there (seen on both engines):
 * so a missing one is made, empty, before the first secret comes.
 */
export async function guardStateFiles(project: string, files: readonly string[] = []): Promise<void> {
  for (const file of files) await guardStateFile(project, file);
}

async function guardStateFile(project: string, file: string): Promise<void> {
  const path = join(project, file);
  const folder = dirname(path);
  try {
    for (const name of [basename(path), `${basename(path)}.backup`]) {
      await refuseLinks(project, join(dirname(file), name));
      await (
        await open(join(folder, name), constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, MODE)
      ).close();
    }
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isFile() && entry.name.startsWith(basename(path))) await chmod(join(folder, entry.name), MODE);
    }
    await seeToRoom(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && 'syscall' in cause) throw stateUnguarded(file, errorCode(cause));
    throw cause;
  }
}

async function seeToRoom(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const { size } = await stat(path);
  const needed = Math.max(SMALLEST, COPIES * size);
  if (bavail * bsize < needed) throw stateRoomless(dirname(path), bavail * bsize, needed);
}
