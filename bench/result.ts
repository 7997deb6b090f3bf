/** What one measure gave. */
export interface Result {
  readonly name: string;
  readonly title: string;
  /** `times`: how many times as long as what it is compared with. */
  readonly unit: 'times' | 's' | 'MB';
  /** One a run, in the order of the runs. */
  readonly values: readonly number[];
  /** At most this is wanted. */
  readonly target?: number;
  /** The seconds that the ratios come from, run by run. */
  readonly seconds?: { readonly ours: readonly number[]; readonly other: readonly number[] };
}

/** A measure that this machine cannot take, and why. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** Thrown by a measure that lacks what it needs. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(0),
    high: at(sorted.length - 1),
  };
}

/** The ratio of each pair: what slows the machine down for a while slows down both. */
export function ratiosOf(ours: readonly number[], other: readonly number[]): number[] {
  return ours.map((seconds, index) => seconds / (other[index] ?? Number.NaN));
}
