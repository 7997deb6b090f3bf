/** The lock that one run holds on a node, from before it looks until its connection ends. Whoever came first is first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flock } from './lock-file';

export type Release = () => void;

export interface LockRequest {
  readonly root: string;
  readonly file: string;
  readonly seconds: number;
  /** Told once, if another holds it. */
  readonly onWait: () => void;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

interface Queue {
  members: number;
  /** Settles when everybody so far has left. */
  last: Promise<unknown>;
}

const queues = new Map<string, Queue>();

/** Takes a place in the queue of this process. */
function queueUp(file: string): { readonly waits: boolean; readonly turn: Promise<unknown>; readonly leave: Release } {
  const queue = queues.get(file) ?? { members: 0, last: Promise.resolve() };
  queues.set(file, queue);
  const { last: turn } = queue;
  const waits = queue.members > 0;
  queue.members += 1;
  let settle: Release | undefined;
  const left = new Promise<void>((resolve) => {
    settle = resolve;
  });
  queue.last = turn.then(() => left);
  const leave = () => {
    if (settle === undefined) return;
    settle();
    settle = undefined;
    queue.members -= 1;
    if (queue.members === 0) queues.delete(file);
  };
  return { waits, turn, leave };
}

/** Where a real OpenSSH server serves the same folder, real scripts hold real locks. */
const isShared = (root: string): boolean => existsSync(join(root, 'var', 'sshd'));

/** Undefined where it could not be had in time. */
export async function takeRunLock({ root, file, seconds, onWait, signal }: LockRequest): Promise<Release | undefined> {
  const { waits, turn, leave } = queueUp(file);
  const over = new AbortController();
  const giveUp = () => over.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    if (timer) return;
    timer = setTimeout(giveUp, seconds * 1000);
    onWait();
  };
  try {
    if (waits) {
      wait();
      await Promise.race([turn, new Promise((resolve) => over.signal.addEventListener('abort', resolve))]);
    }
    const letGo = over.signal.aborted
      ? undefined
      : isShared(root)
        ? await flock(file, wait, over.signal)
        : () => undefined;
    if (letGo === undefined) {
      leave();
      return undefined;
    }
    return () => {
      letGo();
      leave();
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
