import { describe, expect, test } from 'vitest';
import { floorOf } from '../../bench/floor';
import type { Bench, Measure } from '../../bench/measure';
import { readOptions } from '../../bench/options';
import { inPairs } from '../../bench/pairs';
import { renderMarkdown } from '../../bench/render/markdown';
import { renderSvg } from '../../bench/render/svg';
import type { Report } from '../../bench/report';
import { ratiosOf, Skipped, spreadOf } from '../../bench/result';
import { lineOf, runMeasures } from '../../bench/run';

const RATIO = {
  name: 'start',
  title: 'Start of `a` / `b`',
  unit: 'times',
  values: [2, 1, 4],
  target: 1.5,
  seconds: { ours: [2, 3, 4], other: [1, 3, 1] },
} as const;

const REPORT: Report = {
  machine: {
    processor: 'Some CPU',
    cores: 2,
    gigabytes: 8,
    system: 'linux x64',
    node: '20.0.0',
    engine: 'Terraform 1.5.7',
    providers: 'registry',
    day: '2026-01-02',
    load: 0.1,
  },
  results: [RATIO, { name: 'plan', title: 'A plan', unit: 'MB', values: [418.4] }],
  skipped: [{ name: 'one', reason: 'there is no `ssh` here' }],
};

test('the spread of runs is their median, with the least and the most', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1, high: 4 });
  expect(ratiosOf([2, 9], [1, 3])).toEqual([2, 3]);
});

test('pairs change places each time', async () => {
  const order: string[] = [];
  const side = (name: string) => async () => order.push(name);
  const seconds = await inPairs(3, { ours: side('ours'), other: side('other') }, () => undefined);
  expect(order).toEqual(['ours', 'other', 'other', 'ours', 'ours', 'other']);
  expect(seconds).toEqual({ ours: [1, 4, 5], other: [2, 3, 6] });
});

test('the floor is the same graph with nothing to run and no secret to check', () => {
  const block = {
    depends_on: ['a'],
    triggers: { id: '1' },
    provisioner: [{ 'local-exec': { command: 'access', interpreter: ['node', 'x.cjs'], environment: { A: '1' } } }],
    lifecycle: { ignore_changes: ['x'], postcondition: [{ condition: 'false' }] },
  };
  expect(floorOf({ locals: { a: 1 }, resource: { null_resource: { token: block, gate: {} } } })).toEqual({
    locals: { a: 1 },
    resource: {
      null_resource: {
        token: {
          depends_on: ['a'],
          triggers: { id: '1' },
          provisioner: [{ 'local-exec': { command: 'true', interpreter: ['true'], environment: { A: '1' } } }],
          lifecycle: { ignore_changes: ['x'] },
        },
        gate: {},
      },
    },
  });
});

describe('options', () => {
  test('are thorough by default, and tiny when quick', () => {
    const thorough = readOptions([]);
    expect([thorough.quick, thorough.scale.runs(5), thorough.scale.clusters(1000), thorough.scale.many]).toEqual([
      false,
      5,
      1000,
      100,
    ]);
    const { scale } = readOptions(['--quick']);
    expect([scale.runs(5), scale.clusters(1000), scale.many]).toEqual([1, 5, 2]);
    expect(readOptions(['--clusters', '20', '--measure', 'many'])).toMatchObject({
      measure: 'many',
      scale: { many: 20 },
    });
  });

  test.each(['0', 'many', '501'])('that make no sense are refused: %s clusters', (clusters) => {
    expect(() => readOptions(['--clusters', clusters])).toThrow(`from 1 to 500, got: ${clusters}`);
  });
});

test('a measure that fails or cannot be taken ends nothing but itself', async () => {
  const lines: string[] = [];
  const measure = (name: string, run: Measure['run']): Measure => ({ name, about: name, run });
  const found = await runMeasures(
    [
      measure('broken', () => Promise.reject(new Error('no engine'))),
      measure('lacking', () => Promise.reject(new Skipped('there is no `ssh` here'))),
      measure('good', async () => [RATIO]),
    ],
    { print: (line: string) => lines.push(line) } as unknown as Bench,
  );
  expect(found).toEqual({
    results: [RATIO],
    skipped: [
      { name: 'broken', reason: 'it failed' },
      { name: 'lacking', reason: 'there is no `ssh` here' },
    ],
    failed: true,
  });
  expect(lines).toContain(lineOf(RATIO));
  expect(lineOf(RATIO)).toBe('Start of `a` / `b`: 2.00 (1.00 to 4.00, wanted: at most 1.50)');
});

test('the table tells what was measured, where, and what was not', () => {
  expect(renderMarkdown(REPORT)).toMatchInlineSnapshot(`
    "# Benchmark

    <!-- Written by \`npm run bench\`: change that, not this. -->

    Ratios of times that were taken in turn on one machine, so they hold elsewhere; the seconds beside them do not. Median of the
    runs, with the least and the most. What is measured against what: [bench](../bench/README.md).

    ![The ratios of the table as bars](benchmark.svg)

    | measure | median | least to most | wanted | seconds, ours / other |
    | --- | --- | --- | --- | --- |
    | Start of \`a\` / \`b\` | 2.00 | 1.00 to 4.00 | ≤ 1.50 | 3.00 / 1.00 |
    | A plan | 418 MB | one run |  |  |

    Not measured: \`one\`, since there is no \`ssh\` here.

    On 2026-01-02: Some CPU, 2 cores, 8 GB, linux x64; Node.js 20.0.0, Terraform 1.5.7, providers: registry. Load of the machine before: 0.1.
    "
  `);
});

test('the chart has a bar a ratio and no other figure', () => {
  const svg = renderSvg(REPORT);
  expect(svg.match(/<rect /g)).toHaveLength(2);
  expect(svg).toContain('Start of a / b');
  expect(svg).not.toContain('A plan');
});
