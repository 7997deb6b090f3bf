const counts = new Map<string, number>();

/** Counts what the lives consisted of, so that a model which has ceased to try anything shows. */
export function tally(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

export function tallied(): string {
  return [...counts].map(([what, count]) => `${what} ${count}`).join(', ');
}
