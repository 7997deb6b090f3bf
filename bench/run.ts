import type { Bench, Measure } from './measure';
import { figure } from './render/markdown';
import type { Report } from './report';
import { type Result, type Skip, Skipped, spreadOf } from './result';

/** Takes the measures one after the other. One that fails ends nothing but itself, and is told with those that were skipped. */
export async function runMeasures(
  measures: readonly Measure[],
  bench: Bench,
): Promise<Omit<Report, 'machine'> & { readonly failed: boolean }> {
  const results: Result[] = [];
  const skipped: Skip[] = [];
  let failed = false;
  for (const { name, about, run } of measures) {
    bench.print(`\n== ${name}: ${about}`);
    try {
      const found = await run(bench);
      for (const result of found) bench.print(lineOf(result));
      results.push(...found);
    } catch (error) {
      const isSkip = error instanceof Skipped;
      failed ||= !isSkip;
      skipped.push({ name, reason: isSkip ? error.message : 'it failed' });
      bench.print(isSkip ? `  skipped: ${error.message}` : `  failed: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { results, skipped, failed };
}

export function lineOf({ title, unit, values, target }: Result): string {
  const { median, low, high } = spreadOf(values);
  const wanted = target === undefined ? '' : `, wanted: at most ${figure(target, unit)}`;
  return `${title}: ${figure(median, unit)} (${figure(low, unit)} to ${figure(high, unit)}${wanted})`;
}
