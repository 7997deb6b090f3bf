import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { kill } from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';

import { within } from './limits';

export interface Ended {
  /** Null after a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Around {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly seconds: number;
}

/**
 * A program of this machine to its end, without input. Undefined when its time is up: then it is killed with all that it
 * started. Rejects if it cannot be started.
 */
export function run(program: string, words: readonly string[], around: Around): Promise<Ended | undefined> {
  const { environment: env, seconds } = around;
  // In a process group of its own, or what it started could not be ended with it.
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  return within(seconds * 1000, async (signal) => {
    // Its own end counts: what it leaves behind may hold stderr open. Two turns bring in what it wrote there.
    const over = Promise.all([once(child, 'exit'), once(child.stdout, 'close')]).then(() => turn().then(() => turn()));
    await Promise.race([over, once(signal, 'abort')]);
    if (signal.aborted) killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
    return signal.aborted ? undefined : { status: child.exitCode, stdout: stdout(), stderr: stderr() };
  });
}

function gather(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString('utf8');
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended, or the system knows no groups.
  }
}
