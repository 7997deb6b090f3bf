/** The file of the run lock: where it stands, how it is opened, and a real lock on it. */
import { spawn } from 'node:child_process';
import { closeSync, constants, fchmodSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { reasonOf } from '../machine/reasons';

/** The node's own folder for locks; any other path is one of this machine. */
export const lockPath = (root: string, file: string): string =>
  file.startsWith('/run/lock/') ? join(root, file) : file;

/** Opens the file as the real script does, and tells why it cannot. */
export function unlockable(file: string): string | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_CREAT, O_EXCL } = constants;
  const read = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
  let reason: string | undefined;
  for (const flags of [read, read | O_CREAT | O_EXCL]) {
    try {
      const opened = openSync(file, flags);
      if (flags !== read) fchmodSync(opened, 0o666);
      const isPlain = fstatSync(opened).isFile();
      closeSync(opened);
      return isPlain ? undefined : 'it is no plain file';
    } catch (error) {
      reason = reasonOf(error);
    }
  }
  return reason;
}

/** Node has no flock. The kernel lets go of it with the child, and the child ends with its stdin. */
const FLOCK = `$| = 1; use Fcntl ":flock"; open F, "<", $ARGV[0] or die;
flock F, LOCK_EX | LOCK_NB or do { print "waiting\\n"; flock F, LOCK_EX or die }; print "held\\n"; <STDIN>`;

/** Undefined where the signal came first. */
export async function flock(file: string, onWait: () => void, signal: AbortSignal): Promise<(() => void) | undefined> {
  const child = spawn('perl', ['-e', FLOCK, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const release = () => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', release, { once: true });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'held') return release;
      onWait();
    }
    return undefined;
  } finally {
    signal.removeEventListener('abort', release);
  }
}
