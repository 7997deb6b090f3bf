import { resolve } from 'node:path';
import { readCa } from '../bootstrap/program';
import type { Api } from '../bootstrap/verify';
import type { ClusterEntry } from '../constructs/input/entry';
import type { Context } from './context';

/** The API of an entry with the text of its CA certificates; absent where the entry says `verify = false`. */
export async function apiOf(
  { verify }: Pick<ClusterEntry, 'verify'>,
  { folder, machine }: Pick<Context, 'folder' | 'machine'>,
): Promise<Api | undefined> {
  return verify && { ...verify, ca: await readCa(verify, resolve(folder), machine.home) };
}
