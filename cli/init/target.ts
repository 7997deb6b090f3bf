import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { checkNeighbours, type EnvFile } from '../../constructs/input/neighbours';
import { InvalidInput } from '../../constructs/input/problem';
import { readEnvironment } from '../../constructs/input/read';
import { checkText, ENDING } from '../../constructs/input/text';
import { envFile, writeChecked } from '../env-file/write';

/** The env file that is written or extended. */
export interface Target {
  readonly name: string;
  /** As people see it from where they stand: it is the beginning of every message. */
  readonly file: string;
  /** Below the folder of `cdktf.json`. */
  readonly shown: string;
  readonly json: boolean;
  /** Absent: there is no such file yet. */
  readonly text?: string;
  /** Clusters that it has already. */
  readonly clusters: readonly string[];
}

/** Throws InvalidInput on a file that would be refused as it is: nothing is added to that. */
export async function openTarget(folder: string, name: string): Promise<Target> {
  const path = envFile(folder, name);
  const [file, shown] = [relative('', path), relative(folder, path)];
  const target = { name, file, shown, json: file.endsWith('.json') };
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  if (text.trim() === '') return { ...target, ...(existsSync(file) && { text }), clusters: [] };
  const { clusters } = await readEnvironment(file);
  return { ...target, text, clusters: clusters.map((entry) => entry.name) };
}

/** Throws InvalidInput where the text would be refused, by itself or beside the other env files. */
export async function checkTarget({ name, file }: Target, text: string): Promise<void> {
  const found = await checkText(file, text);
  if (Array.isArray(found)) throw new InvalidInput(file, found);
  const others = (await readOthers(dirname(file))).filter(({ environment }) => environment.name !== name);
  const problems = checkNeighbours([...others, { file, environment: found }]);
  if (problems.length > 0) throw new InvalidInput(file, problems);
}

/** What is wrong in another file is told when that is read. */
async function readOthers(folder: string): Promise<EnvFile[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const files = names.filter((name) => ENDING.test(name)).map((name) => join(folder, name));
  const read = files.map((file) =>
    readEnvironment(file).then(
      (environment) => [{ file, environment }],
      () => [],
    ),
  );
  return (await Promise.all(read)).flat();
}

export async function writeTarget({ file }: Target, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeChecked(file, text);
}
