import type { Context } from './context';

const ONLY_READS = 'Nothing was changed: this command only reads.';

/** The work of a command that changes nothing yet, or an error as soon as Ctrl-C comes, whatever the work still waits for. */
export async function untilStopped<T>(
  { signal, terminal }: Context,
  work: () => Promise<T>,
  comfort = ONLY_READS,
): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      terminal.note(`Interrupted. ${comfort}`);
      reject(signal.reason);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([stopped, work()]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
