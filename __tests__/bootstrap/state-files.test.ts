import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guardStateFiles } from '../../bootstrap/state-files';
import { temporaryFolder } from '../support/node';
import { refusalOf } from './support';

const modes = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]),
  );

describe('local state files', () => {
  test('that are missing are made empty at 0600, with their backups: an engine keeps the mode', async () => {
    const folder = temporaryFolder();
    await guardStateFiles(folder, ['lab.tfstate']);
    expect(modes(folder)).toEqual({ 'lab.tfstate': '600', 'lab.tfstate.backup': '600' });
    expect(readFileSync(join(folder, 'lab.tfstate'), 'utf8')).toBe('');
  });

  test('that anybody may read are closed, backups with a time in their name too, and nothing else', async () => {
    const folder = temporaryFolder();
    const names = ['lab.tfstate', 'lab.tfstate.1700000000.backup', 'other.tfstate'];
    for (const name of names) writeFileSync(join(folder, name), '{}', { mode: 0o644 });
    await guardStateFiles(folder, ['lab.tfstate']);
    expect(modes(folder)).toEqual({
      'lab.tfstate': '600',
      'lab.tfstate.1700000000.backup': '600',
      'lab.tfstate.backup': '600',
      'other.tfstate': '644',
    });
    expect(readFileSync(join(folder, 'lab.tfstate'), 'utf8')).toBe('{}');
  });

  test('are none where the state is kept elsewhere', () => guardStateFiles(temporaryFolder()));

  test('that cannot be made are refused before a secret is', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'lab.tfstate'));
    await expect(guardStateFiles(folder, ['lab.tfstate'])).rejects.toThrow('cannot be kept at mode 0600: EISDIR');
  });

  test.each(['lab.tfstate', 'lab.tfstate.backup', 'states'])(
    'that a link leads away from are refused: %s',
    async (link) => {
      const [folder, target] = [temporaryFolder(), temporaryFolder()];
      mkdirSync(join(folder, ...(link === 'states' ? [] : ['states'])), { recursive: true });
      symlinkSync(target, join(folder, link === 'states' ? link : `states/${link}`));
      expect((await refusalOf(guardStateFiles(folder, ['states/lab.tfstate']))).code).toBe('PATH_IS_LINK');
      expect(readdirSync(target)).toEqual([]);
    },
  );

  test('that have too little room are refused', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lab.tfstate'), '');
    // A file with a hole takes no room, and would need three times its size.
    truncateSync(join(folder, 'lab.tfstate'), 2 ** 43);
    const { code, what } = await refusalOf(guardStateFiles(folder, ['lab.tfstate']));
    expect([code, what]).toEqual([
      'STATE_ROOMLESS',
      expect.stringMatching(/ bytes are free, 26388279066624 are needed\.$/),
    ]);
  });
});
