/** What can be made to go wrong with a node while it runs. */

/** Before a command runs, or after it took effect and before its answer. */
export type Cut = 'before' | 'after';

export interface Faults {
  /** The n-th command from now on does not run; its connection is destroyed instead. 1 is the next one. */
  cutBefore(n: number): void;
  /** The n-th command from now on takes effect, but its connection is destroyed before the answer. */
  cutAfter(n: number): void;
  /** Holds the configuration lock until the function that it returns is called. */
  holdLock(): () => void;
  /** Told of both moments of every command, which waits meanwhile; `cut` destroys its connection there. */
  onCommand?: (moment: Cut, line: string) => undefined | 'cut' | Promise<undefined | 'cut'>;
  /** Every write of pveum fails for want of space; `halfway`: after the first file of a call that writes several. */
  diskFull: boolean | 'halfway';
  /** Added to every call of pveum, in milliseconds. */
  slowMs: number;
  /** Perl's complaint about a missing locale before everything else on stderr. */
  localeWarnings: boolean;
  /** New SSH connections are dropped at once. */
  refuseConnections: boolean;
}

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
