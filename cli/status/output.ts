import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterEntry, OutputSpec } from '../../constructs/input/entry';
import { parseHcl, parseJson } from '../../constructs/input/parse';
import { errorCode } from '../../contract/error-code';
import { SECRET } from '../../contract/identifiers';

/** What an output file holds of one cluster. The secret is for comparing and for the API alone. */
export interface OutputFound {
  readonly file: string;
  /** Absent: why, in `missing`. */
  readonly secret?: string;
  readonly missing?: string;
  readonly ownStack?: true;
}

/** Reads every output file of an environment that holds the token of this entry. */
export async function readOutputFiles(
  folder: string,
  outputs: readonly OutputSpec[],
  entry: ClusterEntry,
): Promise<OutputFound[]> {
  const holding = outputs.filter(({ cluster }) => cluster === undefined || cluster === entry.name);
  return Promise.all(holding.map((output) => readOutputFile(folder, output, entry)));
}

async function readOutputFile(folder: string, output: OutputSpec, entry: ClusterEntry): Promise<OutputFound> {
  const { file, ownStack } = output;
  const base = { file, ...(ownStack && { ownStack }) };
  try {
    const token = await tokenIn(await readFile(join(folder, file), 'utf8'), output, entry.name);
    const secret = token?.startsWith(`${entry.identity}=`) ? token.slice(entry.identity.length + 1) : '';
    return SECRET.test(secret) ? { ...base, secret } : { ...base, missing: `does not hold token ${entry.identity}` };
  } catch (error) {
    const code = errorCode(error);
    return { ...base, missing: code === 'ENOENT' ? 'is not there' : `cannot be read: ${code}` };
  }
}

/** `user@realm!tokenid=secret`, from the place where `renderOutput` puts it. */
async function tokenIn(text: string, { file, format, variable }: OutputSpec, name: string) {
  if (format === 'env') {
    const suffixed = `${variable}_${name.replaceAll('-', '_')}`;
    const lines = text.matchAll(/^export TF_VAR_(\w+)='([^']*)'$/gm);
    return [...lines].find(([, key]) => key === variable || key === suffixed)?.[2];
  }
  const parsed = await (file.endsWith('.json') ? parseJson(text) : parseHcl(text));
  const value = 'values' in parsed ? at(parsed.values, variable) : undefined;
  const token = format === 'map' ? at(at(value, name), 'api_token') : value;
  return typeof token === 'string' ? token : undefined;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
