import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine';
import { renderMarkdown } from './render/markdown';
import { renderSvg } from './render/svg';
import type { Result, Skip } from './result';

/** Everything that one run of all measures found. */
export interface Report {
  readonly machine: Machine;
  readonly results: readonly Result[];
  readonly skipped: readonly Skip[];
}

export function writeReport(report: Report, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'benchmark.json'), `${JSON.stringify(rounded(report), undefined, 2)}\n`);
  writeFileSync(join(folder, 'benchmark.md'), renderMarkdown(report));
  writeFileSync(join(folder, 'benchmark.svg'), renderSvg(report));
}

/** To what a clock can tell. */
function rounded(report: Report): Report {
  return JSON.parse(JSON.stringify(report), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value,
  );
}
