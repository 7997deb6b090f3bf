import { type Print, printRun } from './print';

/** Each takes its time in seconds; what it has to prepare does not count. */
export interface Pair {
  readonly ours: () => Promise<number>;
  readonly other: () => Promise<number>;
}

export interface Paired {
  readonly ours: readonly number[];
  readonly other: readonly number[];
}

/** Both in turn, and the other way round in every second pair, so that neither always comes after the other. */
export async function inPairs(runs: number, { ours, other }: Pair, print: Print): Promise<Paired> {
  const seconds = { ours: [] as number[], other: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    const order = run % 2 === 0 ? (['ours', 'other'] as const) : (['other', 'ours'] as const);
    for (const side of order) seconds[side].push(await (side === 'ours' ? ours() : other()));
    printRun(print, run, runs, seconds.ours.at(-1), seconds.other.at(-1));
  }
  return seconds;
}
