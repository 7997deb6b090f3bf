import { beforeAll, describe, expect, test } from 'vitest';
import { InvalidInput, type Problem } from '../../../constructs/input/problem';
import { checkText } from '../../../constructs/input/text';
import { BROKEN, type BrokenFile, readBrokenFiles, renderBrokenFile } from './broken';

const files = readBrokenFiles();
const SECRET = 'c0ffee00-1234-4abc-8def-0123456789ab';

interface Refused extends BrokenFile {
  readonly problems: readonly Problem[];
  readonly message: string;
}

describe('a broken env file', () => {
  let refused: Refused[];
  beforeAll(async () => {
    refused = await Promise.all(
      files.map(async (file) => {
        const found = await checkText(`env/${file.name}`, file.text);
        const problems = Array.isArray(found) ? found : [];
        return { ...file, problems, message: new InvalidInput(`env/${file.name}`, problems).message };
      }),
    );
  });

  test('is refused with the whole message', async () => {
    const table = refused.map((file) => renderBrokenFile(file, file.message)).join('\n');
    await expect(table).toMatchFileSnapshot(BROKEN);
    expect(refused.filter(({ problems }) => problems.length === 0).map(({ head }) => head)).toEqual([]);
  });

  test('stands in the table once, and the table is as long as it should be', () => {
    expect(files.length).toBeGreaterThanOrEqual(120);
    expect(new Set(files.map(({ head }) => head)).size).toBe(files.length);
  });

  test('never shows its secret, nor its password', () => {
    for (const { message } of refused) {
      for (const part of [SECRET, ...SECRET.split('-'), 'hunter2']) expect(message).not.toContain(part);
    }
  });

  test('is told what is wrong, why, and how to put it right', () => {
    for (const { name, problems } of refused) {
      for (const problem of problems) {
        expect(problem.place).toMatch(new RegExp(`^env/${name}(:\\d+)?(: .+)?$`));
        for (const part of [problem.what, problem.why, problem.fix]) expect(part).toMatch(/\S{2}/);
        for (const part of [problem.why, problem.fix]) expect(part).toMatch(/^(?:[A-Z`]|root@pam)/);
      }
    }
  });
});
