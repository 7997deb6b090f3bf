import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Environment } from '../../constructs/input/entry';
import { InvalidInput } from '../../constructs/input/problem';
import { readEnvironment } from '../../constructs/input/read';
import { Refusal } from '../../contract/refusal';
import { ENV_FOLDER, readChosen } from '../environments';
import { type Finding, foundIn } from './finding';

export const ENV_FILE = 'env-file';

/** What is left to look at where a file of the folder is bad: synthesis would refuse all of them, a look need not. */
export interface EnvFiles {
  readonly environments: readonly Environment[];
  readonly findings: readonly Finding[];
}

export async function readEnvFiles(folder: string, name: string | undefined): Promise<EnvFiles> {
  try {
    return { environments: await readChosen(folder, name), findings: [] };
  } catch (error) {
    if (error instanceof InvalidInput)
      return { environments: await readGood(folder, name), findings: findingsIn(error) };
    if (error instanceof Refusal) return { environments: [], findings: [{ check: ENV_FILE, ...foundIn(error) }] };
    throw error;
  }
}

function findingsIn({ problems }: InvalidInput): Finding[] {
  return problems.map(({ place, what, why, fix }) => {
    const [, environment] = /([^/]+)\.tfvars/.exec(place) ?? [];
    const where = environment === undefined ? {} : { environment };
    return { check: ENV_FILE, ...where, tier: 'error', what: `${place}: ${what}`, why, fix };
  });
}

async function readGood(folder: string, chosen: string | undefined): Promise<readonly Environment[]> {
  const env = relative('', join(folder, ENV_FOLDER));
  const files = existsSync(env) ? readdirSync(env).filter((name) => /\.tfvars(\.json)?$/.test(name)) : [];
  const wanted = files.filter((name) => chosen === undefined || name.replace(/\.tfvars(\.json)?$/, '') === chosen);
  const read = wanted.map(async (name) => {
    try {
      return [await readEnvironment(join(env, name))];
    } catch (error) {
      if (error instanceof InvalidInput) return [];
      throw error;
    }
  });
  return (await Promise.all(read)).flat();
}
