import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './entry';
import { ENDING, inspectText } from './inspect';
import { InvalidInput, type Problem } from './problem';

/**
 * Reads and checks one env file: `env/NAME.tfvars`, or the same as JSON in `env/NAME.tfvars.json`.
 * Throws {@link InvalidInput} with every problem of the file.
 */
export async function readEnvironment(file: string): Promise<Environment> {
  const found = await inspect(file);
  if (Array.isArray(found)) throw new InvalidInput(file, found);
  return found;
}

/**
 * Reads every `*.tfvars` and `*.tfvars.json` that stands directly in `folder`, sorted by name.
 * Throws {@link InvalidInput} with every problem of every file.
 */
export async function readEnvironments(folder: string): Promise<Environment[]> {
  const names = await list(folder);
  const good: [string, Environment][] = [];
  const problems = findTwins(folder, names);
  // One after the other: problems come in the order of the names.
  for (const name of names) {
    const found = await inspect(join(folder, name));
    if (Array.isArray(found)) problems.push(...found);
    else good.push([name, found]);
  }
  problems.push(...findSharedFiles(folder, good));
  if (problems.length > 0) throw new InvalidInput(folder, problems);
  return good.map(([, environment]) => environment);
}

async function inspect(file: string): Promise<Environment | Problem[]> {
  if (!ENDING.test(file)) {
    const what = 'is not named like an env file';
    return [
      { place: file, what, why: 'The ending says how it is read.', fix: 'Name it NAME.tfvars or NAME.tfvars.json.' },
    ];
  }
  const text = await readText(file);
  return typeof text === 'string' ? inspectText(file, text) : [text];
}

async function readText(file: string): Promise<string | Problem> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    return unreadable(file, error);
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => ENDING.test(entry.name) && !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw new InvalidInput(folder, [unreadable(folder, error)]);
  }
}

function unreadable(place: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return { place, what: 'is not UTF-8 text', why: 'tfvars files are UTF-8.', fix: 'Save it as UTF-8.' };
  }
  const why = code === 'ENOENT' ? 'There is nothing of that name.' : `The system answered ${code}.`;
  return { place, what: 'cannot be read', why, fix: 'Check the path, and that you may read it.' };
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

/** Pairs of a file's name and what it says. */
function findSharedFiles(folder: string, found: readonly (readonly [string, Environment])[]): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [source, { name, outputs }] of found) {
    for (const { file } of outputs) {
      const owner = owners.get(file);
      owners.set(file, owner ?? name);
      if (owner === undefined || owner === name) continue;
      problems.push({
        place: `${join(folder, source)}: output`,
        what: `writes ${file}, as ${owner} does`,
        why: 'The later deploy would overwrite the file of the earlier one.',
        fix: 'Give each environment an output file of its own.',
      });
    }
  }
  return problems;
}
