import type { Report } from '../report';
import { type Result, spreadOf } from '../result';

/** `docs/benchmark.md`. */
export function renderMarkdown({ machine, results, skipped }: Report): string {
  const { processor, cores, gigabytes, system, node, engine, providers, day, load } = machine;
  return `# Benchmark

<!-- Written by \`npm run bench\`: change that, not this. -->

Ratios of times that were taken in turn on one machine, so they hold elsewhere; the seconds beside them do not. Median of the
runs, with the least and the most. What is measured against what: [bench](../bench/README.md).

![The ratios of the table as bars](benchmark.svg)

| measure | median | least to most | wanted | seconds, ours / other |
| --- | --- | --- | --- | --- |
${results.map(row).join('')}
${skipped.map(({ name, reason }) => `Not measured: \`${name}\`, since ${reason}.\n`).join('')}${skipped.length > 0 ? '\n' : ''}On ${day}: ${processor}, ${cores} cores, ${gigabytes} GB, ${system}; Node.js ${node}, ${engine}, providers: ${providers}. Load of the machine before: ${load}.
`;
}

function row(result: Result): string {
  const { title, unit, values, target, seconds } = result;
  const { median, low, high } = spreadOf(values);
  const cells = [
    title,
    figure(median, unit),
    values.length === 1 ? 'one run' : `${digits(low)} to ${digits(high)}`,
    target === undefined ? '' : `≤ ${figure(target, unit)}`,
    seconds === undefined ? '' : `${digits(spreadOf(seconds.ours).median)} / ${digits(spreadOf(seconds.other).median)}`,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

export function figure(value: number, unit: Result['unit']): string {
  return unit === 'times' ? digits(value) : `${digits(value)} ${unit}`;
}

function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toPrecision(value >= 1 ? 3 : 2);
}
