/** Before a command runs, or after it took effect and before its answer. */
export type Cut = 'before' | 'after';

/** Counts commands and tells which of them to cut. */
export class CutPlan {
  #count = 0;
  readonly #cuts = new Map<number, Cut>();

  plan(cut: Cut, n: number): void {
    this.#cuts.set(this.#count + n, cut);
  }

  /** Called once a command. */
  next(): Cut | undefined {
    this.#count += 1;
    return this.#cuts.get(this.#count);
  }
}
