/** What the node's programs have in common. */
import type { Settings } from './settings';

export interface Execution {
  readonly root: string;
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `root`, or a user who has to go through sudo. */
  readonly user: string;
}

export interface Result {
  readonly exit: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Undefined where this machine's program of the same name has to do it. */
export type Program = (execution: Execution, settings: Settings) => Promise<Result | undefined>;

export const result = (exit: number, stdout = '', stderr = ''): Result => ({
  exit,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});
