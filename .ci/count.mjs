// Sums up what .ci/run did. Each line of its argument is a step: name, exit code, report (vitest's JSON) or nothing.
// Names what failed and what was skipped; under CI both are wrong. The last line is the count.
import { readFileSync } from 'node:fs';

const total = { passed: 0, failed: 0, skipped: 0 };

function note(kind, name) {
  total[kind] += 1;
  if (kind !== 'passed') console.log(`${kind}: ${name}`);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return undefined;
  }
}

/** A file can fail without a failed test: it did not load, or a hook threw. */
function countFile(step, { name, status, message, assertionResults }) {
  for (const test of assertionResults) {
    const kind = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
    note(kind, `${step}: ${test.fullName}`);
  }
  const told = assertionResults.some((test) => test.status === 'failed');
  if (status === 'failed' && !told) note('failed', `${step}: ${name}: ${message || 'outside its tests'}`);
}

function countStep([step, code, report]) {
  const before = total.failed;
  const files = report === '' ? [] : readReport(report);
  if (files === undefined) note('failed', `${step}: no report`);
  for (const file of files ?? []) countFile(step, file);
  if (code !== '0' && total.failed === before) note('failed', `${step}: exit code ${code}`);
}

const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean);
for (const line of lines) countStep(line.split('\t'));
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.skipped > 0 || total.passed === 0 ? 1 : 0;
