/** Which calls of pveum a node has seen, in the order of their ends; shims in other processes add theirs. */
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface PveumRun {
  readonly argv: readonly string[];
  /** Whether it changed a file. */
  readonly writes: boolean;
  readonly exit: number;
}

const fileOf = (root: string): string => join(root, 'var', 'pveum.jsonl');

export const logRun = (root: string, run: PveumRun): void => appendFileSync(fileOf(root), `${JSON.stringify(run)}\n`);

export const clearRuns = (root: string): void => rmSync(fileOf(root), { force: true });

export function readRuns(root: string): readonly PveumRun[] {
  if (!existsSync(fileOf(root))) return [];
  const lines = readFileSync(fileOf(root), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as PveumRun);
}
