/** Calls `then` once after `milliseconds`; the returned function calls it off. */
export function after(milliseconds: number, then: () => void): () => void {
  const timer = setTimeout(then, milliseconds);
  return () => clearTimeout(timer);
}

/** Runs `work` with a signal that is aborted when the time is up; the timer never outlives the work. */
export async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const cancel = after(milliseconds, () => limit.abort());
  try {
    return await work(limit.signal);
  } finally {
    cancel();
  }
}
