import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Answers } from './answers';
import { caFileDiffers } from './refusals';

/** Throws a Refusal where the file holds other certificates, and nobody says that it may be replaced. */
export async function settleCaFile(folder: string, file: string, text: string, answers: Answers): Promise<void> {
  const path = join(folder, file);
  if (!existsSync(path) || (await readFile(path, 'utf8')) === text) return;
  if (!(await answers.trust(`${file} holds other certificates. Replace it?`))) throw caFileDiffers(file);
}

/** Whoever is cut off leaves the old file or the new one. */
export async function writeCaFile(folder: string, file: string, text: string): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(`${path}.new`, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
}
