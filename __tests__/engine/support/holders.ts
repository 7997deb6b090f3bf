import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** Every file below a folder, by its relative path, without those below `except`. Links are not followed. */
export function filesBelow(folder: string, except: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(`${except}/`))
    .sort();
}

/** Those of the files that hold one of the texts, also packed: a saved plan is a ZIP archive. */
export function holdersOf(texts: Iterable<string>, folder: string, files: readonly string[]): string[] {
  const wanted = [...texts];
  return files.filter((file) => {
    const content = readFileSync(join(folder, file));
    return [content, ...unpacked(content)].some((part) => wanted.some((text) => part.includes(text)));
  });
}

function unpacked(archive: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = archive.indexOf(ENTRY); at >= 0; at = archive.indexOf(ENTRY, at + ENTRY.length)) {
    const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
    if (archive.readUInt16LE(at + 8) === DEFLATED) found.push(inflateRawSync(archive.subarray(start)));
  }
  return found;
}

/** What a file's header in a ZIP archive begins with. */
const ENTRY = Buffer.from('PK\u0003\u0004');
const DEFLATED = 8;
