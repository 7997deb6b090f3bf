import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guardStateFiles } from '../../bootstrap/state-files';
import { temporaryFolder } from '../support/node';

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('local state files', () => {
  test('that are missing are made empty at 0600, with their backups: an engine keeps the mode', async () => {
    const folder = temporaryFolder();
    expect(await guardStateFiles(folder, ['lab.tfstate'])).toEqual([]);
    for (const name of ['lab.tfstate', 'lab.tfstate.backup']) {
      expect(mode(join(folder, name))).toBe('600');
      expect(readFileSync(join(folder, name), 'utf8')).toBe('');
    }
  });

  test('that anybody may read are closed, their content untouched', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'lab.tfstate'), '{}', { mode: 0o644 });
    await guardStateFiles(folder, ['lab.tfstate']);
    expect(mode(join(folder, 'lab.tfstate'))).toBe('600');
    expect(readFileSync(join(folder, 'lab.tfstate'), 'utf8')).toBe('{}');
  });

  test('that cannot be made are told, and stop nothing', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'lab.tfstate'));
    expect(await guardStateFiles(folder, ['lab.tfstate'])).toEqual([
      `state: ${join(folder, 'lab.tfstate')} cannot be kept at mode 0600 (EISDIR): look after it yourself, it holds the secrets`,
    ]);
  });
});
