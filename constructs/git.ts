import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** Whether `git add` would take the file: it lies in a repository that does not ignore it. Without git nobody would. */
export function wouldBeCommitted(file: string): boolean {
  let folder = dirname(file);
  // Its folder may still have to be made, and another repository may begin there.
  while (!existsSync(folder)) folder = dirname(folder);
  const asked = spawnSync('git', ['check-ignore', '--quiet', '--', relative(folder, file)], {
    cwd: folder,
    stdio: 'ignore',
    timeout: 10_000,
  });
  // 0: ignored; 128: not in a repository.
  return asked.status === 1;
}
