import { chmod, open } from 'node:fs/promises';
import { join } from 'node:path';

const MODE = 0o600;

/**
 * Keeps a local state file and its backup at 0600. An engine makes both with the umask's mode, usually readable to all, and
 * keeps the mode of a file that is there (seen on both engines): so a missing one is made, empty, before the first secret comes.
 * Returns what could not be done: that is no reason to leave a node half-way.
 */
export async function guardStateFiles(project: string, files: readonly string[]): Promise<readonly string[]> {
  const all = files.flatMap((file) => [file, `${file}.backup`]);
  const complaints = await Promise.all(all.map((file) => guard(join(project, file))));
  return complaints.flatMap((complaint) => complaint ?? []);
}

async function guard(file: string): Promise<string | undefined> {
  try {
    await (await open(file, 'a', MODE)).close();
    await chmod(file, MODE);
    return undefined;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
    return `state: ${file} cannot be kept at mode 0600 (${code}): look after it yourself, it holds the secrets`;
  }
}
