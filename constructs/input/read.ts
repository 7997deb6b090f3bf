import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../contract/error-code';
import type { Environment } from './entry';
import { checkNeighbours, type EnvFile } from './neighbours';
import { InvalidInput, type Problem } from './problem';
import { checkText, ENDING } from './text';

/**
 * Reads and checks one env file: `env/NAME.tfvars`, or the same as JSON in `env/NAME.tfvars.json`.
 * Throws {@link InvalidInput} with every problem of the file.
 */
export async function readEnvironment(file: string): Promise<Environment> {
  const found = await check(file);
  if (Array.isArray(found)) throw new InvalidInput(file, found);
  return found;
}

/**
 * Reads every `*.tfvars` and `*.tfvars.json` that stands directly in `folder`, sorted by name.
 * Throws {@link InvalidInput} with every problem of every file.
 */
export async function readEnvironments(folder: string): Promise<Environment[]> {
  const entries = await list(folder);
  const names = entries.filter(isEnvFile).map(({ name }) => name);
  const good: EnvFile[] = [];
  const problems = [...findMisnamed(folder, entries), ...findTwins(folder, names)];
  // One after the other: problems come in the order of the names.
  for (const name of names) {
    const file = join(folder, name);
    const found = await check(file);
    if (Array.isArray(found)) problems.push(...found);
    else good.push({ file, environment: found });
  }
  problems.push(...checkNeighbours(good));
  if (problems.length > 0) throw new InvalidInput(folder, problems);
  return good.map(({ environment }) => environment);
}

async function check(file: string): Promise<Environment | Problem[]> {
  if (!ENDING.test(file)) {
    const what = 'is not named like an env file';
    return [
      { place: file, what, why: 'The ending says how it is read.', fix: 'Name it NAME.tfvars or NAME.tfvars.json.' },
    ];
  }
  const text = await readText(file);
  return typeof text === 'string' ? checkText(file, text) : [text];
}

async function readText(file: string): Promise<string | Problem> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    return unreadable(file, error);
  }
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    throw new InvalidInput(folder, [unreadable(folder, error)]);
  }
}

function unreadable(place: string, error: unknown): Problem {
  const code = errorCode(error);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return { place, what: 'is not UTF-8 text', why: 'tfvars files are UTF-8.', fix: 'Save it as UTF-8.' };
  }
  const why = code === 'ENOENT' ? 'There is nothing of that name.' : `The system answered ${code}.`;
  return { place, what: 'cannot be read', why, fix: 'Check the path, and that you may read it.' };
}

const isEnvFile = (entry: Dirent) => ENDING.test(entry.name) && !entry.isDirectory();

/** What looks like an env file and would be passed over. */
function findMisnamed(folder: string, entries: readonly Dirent[]): Problem[] {
  const misnamed = entries.filter((entry) => /\.(tfvars(\.json)?|hcl)$/i.test(entry.name) && !isEnvFile(entry));
  return misnamed.map((entry) => ({
    place: join(folder, entry.name),
    what: entry.isDirectory() ? 'is a folder' : 'is not named like an env file',
    why: 'Env files are files that end in .tfvars or .tfvars.json, in small letters. Nothing else is read.',
    fix: 'Rename it, or move it out of this folder.',
  }));
}

/** `lab.tfvars` and `lab.tfvars.json` would be one stack. */
function findTwins(folder: string, names: readonly string[]): Problem[] {
  const twins = names.filter((name) => name.endsWith('.json') && names.includes(name.replace(/\.json$/, '')));
  return twins.map((name) => ({
    place: join(folder, name),
    what: `is there as ${name.replace(/\.json$/, '')} too`,
    why: 'Both are the same environment, and so the same stack.',
    fix: 'Keep one of the two files.',
  }));
}
