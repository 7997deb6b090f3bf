/** Exit codes, the same for every command. */
export const WELL = 0;
/** Refused or failed: standard error says what, why, and what to do. */
export const FAILED = 1;
/** Wrong use of the command line. */
export const USAGE = 2;
/** Differences or findings. */
export const FINDINGS = 3;
/** Ended by Ctrl-C, as shells count it. */
export const INTERRUPTED = 130;

/** The command line was wrong: what of it, in a sentence. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}
