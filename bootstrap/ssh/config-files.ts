import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, parse as parsePath } from 'node:path';

import { type ConfigFile, type ConfigLine, parseConfig } from './config-lines';
import { DEFAULT_SYSTEM_FOLDER, type Machine } from './machine';
import { matchesPattern } from './patterns';
import { sshConfigBroken, sshFileUnreadable } from './refusals';

/** As OpenSSH has it: deeper is a loop. */
const INCLUDE_DEPTH = 16;

interface Scope {
  readonly home: string;
  /** Where relative `Include` paths start. */
  readonly folder: string;
  readonly depth: number;
}

/** The user's ssh config, then the system's; what is not there says nothing. */
export async function readConfigFiles(machine: Machine): Promise<readonly ConfigFile[]> {
  const user = join(machine.home, '.ssh');
  const system = machine.systemFolder ?? DEFAULT_SYSTEM_FOLDER;
  return [
    await readConfig(join(user, 'config'), { home: machine.home, folder: user, depth: 0 }),
    await readConfig(join(system, 'ssh_config'), { home: machine.home, folder: system, depth: 0 }),
  ];
}

async function readConfig(path: string, scope: Scope): Promise<ConfigFile> {
  const lines: ConfigLine[] = [];
  for (const line of parseConfig((await readIfThere(path)) ?? '', path)) {
    lines.push(line.keyword === 'include' ? { ...line, included: await readIncluded(line, scope) } : line);
  }
  return lines;
}

async function readIncluded(line: ConfigLine, scope: Scope): Promise<readonly ConfigFile[]> {
  if (scope.depth >= INCLUDE_DEPTH) throw sshConfigBroken(line.place, '`Include` goes in circles');
  const files: ConfigFile[] = [];
  for (const word of line.words) {
    for (const path of await findFiles(word, scope)) {
      files.push(await readConfig(path, { ...scope, depth: scope.depth + 1 }));
    }
  }
  return files;
}

async function findFiles(word: string, scope: Scope): Promise<readonly string[]> {
  const path = word.startsWith('~/') ? join(scope.home, word.slice(2)) : word;
  const full = isAbsolute(path) ? path : join(scope.folder, path);
  const { root } = parsePath(full);
  return expand(root, full.slice(root.length).split(/[\\/]/).filter(Boolean));
}

async function expand(folder: string, segments: readonly string[]): Promise<readonly string[]> {
  const [head, ...rest] = segments;
  if (head === undefined) return [folder];
  if (!/[*?]/.test(head)) return expand(join(folder, head), rest);
  // A folder that is not there or not readable matches nothing, as in a shell.
  const names = await readdir(folder).catch(() => []);
  const hits = names.filter((name) => matchesPattern(head, name) && (head.startsWith('.') || !name.startsWith('.')));
  return (await Promise.all(hits.sort().map((name) => expand(join(folder, name), rest)))).flat();
}

/** Text of a file, or undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw sshFileUnreadable(path, code, error);
  }
}
