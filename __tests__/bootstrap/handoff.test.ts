import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forgetHandoffs, openHandoff } from '../../bootstrap/handoff';
import { temporaryFolder } from '../support/node';
import { refusalOf } from './support';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a hand-off', () => {
  test('is 0600 in a folder of 0700, whatever the umask and whoever made the folder', async () => {
    const folder = join(temporaryFolder(), 'lab');
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    const before = process.umask(0);
    try {
      const handoff = await openHandoff(join(folder, 'nuc-1'));
      const [passing = ''] = readdirSync(folder);
      expect([modeOf(folder), modeOf(join(folder, passing))]).toEqual(['700', '600']);
      await handoff.write(crypto.randomUUID());
      expect(modeOf(join(folder, 'nuc-1'))).toBe('600');
    } finally {
      process.umask(before);
    }
  });

  test('holds the secret and nothing else, and has its name only then', async () => {
    const folder = join(temporaryFolder(), 'deep/er');
    const secret = crypto.randomUUID();
    const handoff = await openHandoff(join(folder, 'nuc-1'));
    expect(existsSync(join(folder, 'nuc-1'))).toBe(false);
    await handoff.write(secret);
    expect(readdirSync(folder)).toEqual(['nuc-1']);
    expect(readFileSync(join(folder, 'nuc-1'), 'utf8')).toBe(secret);
  });

  test('leaves nothing when it is abandoned', async () => {
    const folder = temporaryFolder();
    const handoff = await openHandoff(join(folder, 'nuc-1'));
    await handoff.abandon();
    await handoff.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('stays when it is abandoned after it was written', async () => {
    const folder = temporaryFolder();
    const handoff = await openHandoff(join(folder, 'nuc-1'));
    await handoff.write('x');
    await handoff.abandon();
    expect(readdirSync(folder)).toEqual(['nuc-1']);
  });

  test('replaces one of an earlier run', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'nuc-1'), 'older', { mode: 0o644 });
    await (await openHandoff(join(folder, 'nuc-1'))).write('newer');
    expect(readFileSync(join(folder, 'nuc-1'), 'utf8')).toBe('newer');
    expect(modeOf(join(folder, 'nuc-1'))).toBe('600');
  });

  test('of two runs at once is never mixed', async () => {
    const file = join(temporaryFolder(), 'nuc-1');
    const [one, two] = [await openHandoff(file), await openHandoff(file)];
    await Promise.all([one.write('1'.repeat(36)), two.write('2'.repeat(36))]);
    expect(readFileSync(file, 'utf8')).toMatch(/^(1{36}|2{36})$/);
  });

  test('that cannot be opened is refused before anything else happens', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'plain'), '');
    const file = join(folder, 'plain', 'lab', 'nuc-1');
    const refusal = await refusalOf(openHandoff(file));
    expect(refusal.message).toBe(
      [
        `The hand-off file \`${file}\` cannot be written: ENOTDIR.`,
        '  why: Through it the secret reaches the state; it is removed again in the same deploy.',
        '  fix: Make room, or make the folder writable, then deploy again: the secret is read from the node then.',
      ].join('\n'),
    );
    expect(readdirSync(folder)).toEqual(['plain']);
  });

  test('that cannot get its name leaves no secret behind', async () => {
    const folder = temporaryFolder();
    const handoff = await openHandoff(join(folder, 'nuc-1'));
    mkdirSync(join(folder, 'nuc-1'));
    expect((await refusalOf(handoff.write(crypto.randomUUID()))).code).toBe('HANDOFF_UNWRITABLE');
    expect(readdirSync(folder)).toEqual(['nuc-1']);
  });

  test('that cannot be abandoned hides no other error: the next sweep takes it', async () => {
    const folder = temporaryFolder();
    const handoff = await openHandoff(join(folder, 'nuc-1'));
    const [passing = ''] = readdirSync(folder);
    rmSync(join(folder, passing));
    mkdirSync(join(folder, passing));
    await handoff.abandon();
    expect(readdirSync(folder)).toEqual([passing]);
  });
});

test('hand-offs that cannot be deleted are told, with where they are', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'nuc-1'));
  const refusal = await refusalOf(forgetHandoffs(folder));
  expect([refusal.code, refusal.what]).toEqual([
    'HANDOFF_LEFT',
    `The hand-off files in \`${folder}\` cannot be deleted: ERR_FS_EISDIR.`,
  ]);
});

describe('forgetting', () => {
  test('deletes the hand-offs of an environment, those that were cut off too, and counts them', async () => {
    const folder = join(temporaryFolder(), 'lab');
    await (await openHandoff(join(folder, 'nuc-1'))).write('x');
    await openHandoff(join(folder, 'nuc-2'));
    expect(await forgetHandoffs(folder)).toBe(2);
    expect(existsSync(folder)).toBe(false);
  });

  test('finds nothing to do the second time', async () => {
    expect(await forgetHandoffs(join(temporaryFolder(), 'lab'))).toBe(0);
  });

  test('refuses what is no folder', async () => {
    const file = join(temporaryFolder(), 'lab');
    writeFileSync(file, '');
    const { code, what } = await refusalOf(forgetHandoffs(file));
    expect([code, what]).toEqual(['HANDOFF_LEFT', `The hand-off files in \`${file}\` cannot be deleted: ENOTDIR.`]);
  });
});
