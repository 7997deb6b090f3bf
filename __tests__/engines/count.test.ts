import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useFolders } from './support';

const emptyFolder = useFolders();

interface Step {
  readonly name: string;
  readonly code?: number;
  /** What vitest wrote; absent where the step runs no tests. */
  readonly report?: unknown;
}

const PROGRAM = join(__dirname, '../../.ci/count.mjs');

/** Runs the counter on these steps. */
async function count(...steps: Step[]): Promise<{ code: number; lines: string[] }> {
  const folder = await emptyFolder();
  const rows: string[] = [];
  for (const [place, { name, code = 0, report }] of steps.entries()) {
    const file = report === undefined ? '' : join(folder, `${place}.json`);
    if (report !== undefined && report !== 'missing') await writeFile(file, JSON.stringify(report));
    rows.push(`${name}\t${code}\t${file}\n`);
  }
  await writeFile(join(folder, 'steps'), rows.join(''));
  return new Promise((done) => {
    execFile(process.execPath, [PROGRAM, join(folder, 'steps')], (error, stdout) => {
      done({ code: error === null ? 0 : 1, lines: stdout.trimEnd().split('\n') });
    });
  });
}

/** A report on one file whose tests ended like this. */
function aReport(...statuses: string[]) {
  const assertionResults = statuses.map((status, place) => ({ status, fullName: `test ${place}` }));
  const status = statuses.includes('failed') ? 'failed' : 'passed';
  return { testResults: [{ name: 'a.test.ts', status, message: '', assertionResults }] };
}

test('passed tests of all reports are added up', async () => {
  const steps = [{ name: 'one', report: aReport('passed', 'passed') }, { name: 'lint' }];
  expect(await count(...steps, { name: 'two', report: aReport('passed') })).toEqual({
    code: 0,
    lines: ['3 passed, 0 failed, 0 skipped'],
  });
});

test('a failed and a skipped test are named, and either is wrong', async () => {
  expect(await count({ name: 'one', code: 1, report: aReport('passed', 'failed', 'skipped', 'todo') })).toEqual({
    code: 1,
    lines: ['failed: one: test 1', 'skipped: one: test 2', 'skipped: one: test 3', '1 passed, 1 failed, 2 skipped'],
  });
  expect((await count({ name: 'one', report: aReport('passed', 'skipped') })).code).toBe(1);
});

test('a missing report, a failed step and no tests at all are failures', async () => {
  expect(await count({ name: 'one', report: 'missing' }, { name: 'lint', code: 2 })).toEqual({
    code: 1,
    lines: ['failed: one: no report', 'failed: lint: exit code 2', '0 passed, 2 failed, 0 skipped'],
  });
  expect((await count({ name: 'lint' })).code).toBe(1);
});

test('a file that fails outside its tests, and a run that fails though its tests passed, are failures', async () => {
  const broken = { testResults: [{ name: 'b.test.ts', status: 'failed', message: 'no module', assertionResults: [] }] };
  const steps = [
    { name: 'one', code: 1, report: broken },
    { name: 'two', code: 1, report: aReport('passed') },
  ];
  expect((await count(...steps)).lines).toEqual([
    'failed: one: b.test.ts: no module',
    'failed: two: exit code 1',
    '1 passed, 2 failed, 0 skipped',
  ]);
});
