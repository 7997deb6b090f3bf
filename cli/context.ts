import type { Clock } from '../bootstrap/clock';
import type { Machine } from '../bootstrap/ssh';

/** What a command takes from its process: the entry file gives the real things, tests their own. */
export interface Context {
  /** `process.cwd()`: the folder of `cdktf.json`. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly machine: Omit<Machine, 'project'>;
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Where a person, or a pipe, reads along. */
export interface Terminal {
  /** A line of the result, on standard output. */
  print(line: string): void;
  /** A line beside the result, on standard error. */
  note(line: string): void;
  /** Shows what is going on in one line that the next call replaces; nothing in a pipe or under CI. */
  progress(line: string): void;
  /** Asks a question; absent where nobody can answer. */
  readonly ask?: (question: string, hidden?: boolean) => Promise<string>;
  readonly columns: number;
  /** Whether colours may be used: a terminal, and `NO_COLOR` is not set. */
  readonly colour: boolean;
}
