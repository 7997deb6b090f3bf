import { describe, expect, test } from 'vitest';
import { inspectText } from '../../../constructs/input/inspect';
import { InvalidInput } from '../../../constructs/input/problem';
import { readBrokenFiles } from './broken';

const files = readBrokenFiles();
const SECRET = 'c0ffee00-1234-4abc-8def-0123456789ab';

describe('a broken env file is refused with the whole message', () => {
  test.each(files)('$title', async ({ name, text, message }) => {
    const found = await inspectText(`env/${name}`, text);
    const problems = Array.isArray(found) ? found : [];
    expect(new InvalidInput(`env/${name}`, problems).message).toBe(message);
  });

  test('the table is as long as it should be, and no title stands for two files', () => {
    expect(files.length).toBeGreaterThanOrEqual(120);
    expect(new Set(files.map(({ title }) => title)).size).toBe(files.length);
  });

  test('no message shows the secret of its file, nor the password', () => {
    for (const { message } of files) {
      for (const part of [SECRET, ...SECRET.split('-'), 'hunter2']) expect(message).not.toContain(part);
    }
  });

  test('every problem says what, why and how to put it right', async () => {
    for (const { name, text } of files) {
      const found = await inspectText(`env/${name}`, text);
      for (const problem of Array.isArray(found) ? found : []) {
        expect(problem.place).toMatch(new RegExp(`^env/${name}(:\\d+)?(: .+)?$`));
        for (const part of [problem.what, problem.why, problem.fix]) expect(part).toMatch(/\S{2}/);
        for (const part of [problem.why, problem.fix]) expect(part).toMatch(/^(?:[A-Z`]|root@pam)/);
      }
    }
  });
});
