import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput } from '../../constructs/input/problem';
import { checkText } from '../../constructs/input/text';
import { ENV_FOLDER } from '../environments';
import { type Edit, setValue } from './edit';

/** The env file of that name, as HCL or as JSON. */
export function envFile(folder: string, name: string): string {
  const file = join(folder, ENV_FOLDER, `${name}.tfvars`);
  return existsSync(`${file}.json`) ? `${file}.json` : file;
}

/**
 * Sets values in an env file. The new text is checked first, and takes the place of the old one in one step: whoever is cut off
 * leaves the one or the other.
 */
export async function editEnvFile(file: string, edits: readonly Edit[]): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = edits.reduce((text, edit) => setValue(text, edit, file.endsWith('.json')), before);
  if (after !== before) await writeChecked(file, after);
}

export async function writeChecked(file: string, text: string): Promise<void> {
  const found = await checkText(file, text);
  if (Array.isArray(found)) throw new InvalidInput(file, found);
  const passing = `${file}.new`;
  try {
    const mode = existsSync(file) ? (await stat(file)).mode & 0o777 : 0o644;
    const handle = await open(passing, 'w', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(passing, file);
  } catch (error) {
    await rm(passing, { force: true });
    throw error;
  }
}
