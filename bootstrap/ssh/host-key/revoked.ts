import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

import { errorCode } from '../../../contract/error-code';
import type { OpenSsh } from '../machine';
import { type PublicKey, publicKey } from '../public-key';
import { revokedLineBroken, revokedListUnreadable } from './refusals';

/** The file that revokes a key, or undefined. */
export type Revocation = (key: PublicKey) => string | undefined;

const KRL_MAGIC = 'SSHKRL\n\0';
const KRL_MILLISECONDS = 10_000;

/** The lists of `RevokedHostKeys`: public keys line by line, or OpenSSH's own format. One that is not there is no empty one. */
export async function readRevoked(files: readonly string[], ssh?: OpenSsh): Promise<Revocation> {
  const lists = await Promise.all(files.map(async (file) => ({ file, revokes: toList(file, await read(file), ssh) })));
  return (key) => lists.find(({ revokes }) => revokes(key))?.file;
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw revokedListUnreadable(file, errorCode(cause), cause);
  }
}

function toList(file: string, content: Buffer, ssh?: OpenSsh): (key: PublicKey) => boolean {
  if (content.subarray(0, KRL_MAGIC.length).toString('latin1') === KRL_MAGIC) return (key) => !passes(file, key, ssh);
  const lines = content.toString('latin1').split(/\r?\n/);
  const keys = lines.flatMap((line, index) => (/^\s*(#|$)/.test(line) ? [] : [keyOf(line, `${file}:${index + 1}`)]));
  return ({ blob }) => keys.some((revoked) => revoked.equals(blob));
}

/** A line that makes no sense may mean any key. */
function keyOf(line: string, place: string): Buffer {
  const [type, base64 = ''] = line.trim().split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  if (publicKey(blob).type !== type) throw revokedLineBroken(place);
  return blob;
}

/** `ssh-keygen` reads its own format. It opens its input by name: that works with a pipe, and not with Node's sockets. */
function passes(file: string, { type, blob }: PublicKey, ssh?: OpenSsh): boolean {
  const line = 'cat | exec ssh-keygen -Q -f "$1" /dev/stdin';
  const input = `${type} ${blob.toString('base64')}\n`;
  const options = { input, env: ssh?.environment, timeout: KRL_MILLISECONDS };
  return spawnSync('/bin/sh', ['-c', line, 'sh', file], options).status === 0;
}
