import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forgetHandoffs, openHandoff } from '../../bootstrap/handoff';
import { temporaryFolder } from '../support/node';
import { refusalOf } from './support';

const LAB = '.handoff/lab';
const NUC = `${LAB}/nuc-1`;
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** A project, with the folder of its hand-offs where that is asked for. */
function aProject({ made = false } = {}) {
  const project = temporaryFolder();
  const [folder, file] = [join(project, LAB), join(project, NUC)];
  if (made) mkdirSync(folder, { recursive: true });
  return { project, folder, file };
}

describe('a hand-off', () => {
  test('is 0600 in a folder of 0700, whatever the umask and whoever made the folder', async () => {
    const { project, folder, file } = aProject({ made: true });
    chmodSync(folder, 0o755);
    const before = process.umask(0);
    try {
      const handoff = await openHandoff(project, NUC);
      const [passing = ''] = readdirSync(folder);
      expect([modeOf(folder), modeOf(join(folder, passing))]).toEqual(['700', '600']);
      await handoff.write(crypto.randomUUID());
      await handoff.complete();
      expect(modeOf(file)).toBe('600');
    } finally {
      process.umask(before);
    }
  });

  test('holds the secret and nothing else, and has its name only then', async () => {
    const { project, folder, file } = aProject();
    const secret = crypto.randomUUID();
    const handoff = await openHandoff(project, NUC);
    expect(existsSync(file)).toBe(false);
    await handoff.write(secret);
    expect(existsSync(file)).toBe(false);
    await handoff.complete();
    await handoff.abandon();
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['nuc-1'], secret]);
  });

  test('keeps itself out of git, in an app that has no rule for it', async () => {
    const { project } = aProject();
    await openHandoff(project, NUC);
    expect(readFileSync(join(project, '.handoff/.gitignore'), 'utf8')).toBe('*\n');
  });

  test('leaves nothing when it is abandoned', async () => {
    const { project, folder } = aProject();
    const handoff = await openHandoff(project, NUC);
    await handoff.abandon();
    await handoff.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that holds a secret is not thrown away: the next sweep takes it', async () => {
    const { project, folder } = aProject();
    const secret = crypto.randomUUID();
    const handoff = await openHandoff(project, NUC);
    await handoff.write(secret);
    await handoff.abandon();
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([secret]);
  });

  test('replaces one of an earlier run', async () => {
    const { project, file } = aProject({ made: true });
    writeFileSync(file, 'older', { mode: 0o644 });
    const handoff = await openHandoff(project, NUC);
    await handoff.write('newer');
    await handoff.complete();
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['newer', '600']);
  });

  test('of two runs at once is never mixed', async () => {
    const { project, file } = aProject();
    const [one, two] = [await openHandoff(project, NUC), await openHandoff(project, NUC)];
    await Promise.all([one.write('1'.repeat(36)), two.write('2'.repeat(36))]);
    await Promise.all([one.complete(), two.complete()]);
    expect(readFileSync(file, 'utf8')).toMatch(/^(1{36}|2{36})$/);
  });

  test('that cannot be opened is refused before anything else happens', async () => {
    const { project } = aProject();
    writeFileSync(join(project, 'plain'), '');
    const refusal = await refusalOf(openHandoff(project, 'plain/lab/nuc-1'));
    expect(refusal.what.replace(project, '')).toBe('The hand-off file `/plain/lab/nuc-1` cannot be written: ENOTDIR.');
    expect(readdirSync(project)).toEqual(['plain']);
  });

  test('that cannot get its name keeps the secret, since an older token may be gone by then', async () => {
    const { project, folder, file } = aProject();
    const handoff = await openHandoff(project, NUC);
    await handoff.write(crypto.randomUUID());
    mkdirSync(file);
    expect((await refusalOf(handoff.complete())).code).toBe('HANDOFF_UNWRITABLE');
    expect(readdirSync(folder)).toEqual(['nuc-1', expect.stringMatching(/^nuc-1\..*\.part$/)]);
  });

  test('that cannot be abandoned hides no other error: the next sweep takes it', async () => {
    const { project, folder } = aProject();
    const handoff = await openHandoff(project, NUC);
    const [passing = ''] = readdirSync(folder);
    rmSync(join(folder, passing));
    mkdirSync(join(folder, passing));
    await handoff.abandon();
    expect(readdirSync(folder)).toEqual([passing]);
  });
});

describe('a symbolic link', () => {
  test.each(['.handoff', LAB, NUC])('at %s is refused, and what it points to stays as it is', async (link) => {
    const { project } = aProject();
    const target = temporaryFolder();
    writeFileSync(join(target, 'nuc-1'), 'precious');
    mkdirSync(join(project, link, '..'), { recursive: true });
    symlinkSync(link === NUC ? join(target, 'nuc-1') : target, join(project, link));
    expect((await refusalOf(openHandoff(project, NUC))).message.replace(project, '')).toContain(
      `\`/${link}\` is a symbolic link.`,
    );
    if (link !== NUC) expect((await refusalOf(forgetHandoffs(project, LAB))).code).toBe('PATH_IS_LINK');
    expect(readdirSync(target)).toEqual(['nuc-1']);
    expect(readFileSync(join(target, 'nuc-1'), 'utf8')).toBe('precious');
  });

  test("above the project is the user's own business", async () => {
    const { project } = aProject();
    const link = join(temporaryFolder(), 'project');
    symlinkSync(project, link);
    await (await openHandoff(link, NUC)).write('x');
    expect(await forgetHandoffs(link, LAB)).toBe(1);
  });
});

describe('forgetting', () => {
  test('deletes the hand-offs of an environment, those that were cut off too, and counts them', async () => {
    const { project, folder } = aProject();
    await (await openHandoff(project, NUC)).write('x');
    await openHandoff(project, `${LAB}/nuc-2`);
    expect([await forgetHandoffs(project, LAB), existsSync(folder), await forgetHandoffs(project, LAB)]).toEqual([
      2,
      false,
      0,
    ]);
  });

  test('tells what it cannot delete, and refuses what is no folder', async () => {
    const { project, folder, file } = aProject({ made: true });
    mkdirSync(file);
    expect((await refusalOf(forgetHandoffs(project, LAB))).what).toMatch(/lab` cannot be deleted: ERR_FS_EISDIR\.$/);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect((await refusalOf(forgetHandoffs(project, LAB))).what).toMatch(/cannot be deleted: ENOTDIR\.$/);
  });
});
