import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { errorCode } from '../../../contract/error-code';
import { certificateUnused } from '../config/login';
import { type Machine, PASSPHRASE_VARIABLE } from '../machine';
import type { Stop } from '../stop';
import { type AgentKey, listAgentKeys } from './agent';
import { type KeyFile, readKey } from './keys';
import {
  keyFileMissing,
  keyFileNotAKey,
  keyFileUnreadable,
  keyFileUnsupported,
  passphraseWrong,
  type Skipped,
} from './refusals';

export interface LoadedKey {
  readonly path: string;
  readonly file: KeyFile;
}

/** What the operator's machine has to log in with at one stop. */
export interface Identities {
  readonly files: readonly LoadedKey[];
  readonly agentKeys: readonly AgentKey[];
  /** What was left out, and why: shown at once, and again if nothing else works. */
  readonly skipped: readonly Skipped[];
}

export async function readIdentities(stop: Stop, machine: Machine): Promise<Identities> {
  const { agentKeys, trouble } = await readAgent(stop);
  const held = (blob?: Buffer) => blob !== undefined && agentKeys.some((key) => key.blob.equals(blob));
  const loaded: LoadedKey[] = [];
  const skipped: Skipped[] = [...stop.unused.map((reason) => ({ reason })), ...trouble];
  for (const { path, explicit } of stop.identityFiles) {
    const file = await readKeyFile(path, explicit, machine.passphrase);
    if (file === undefined) continue;
    loaded.push({ path, file });
    // `ssh` logs in with a certificate that stands beside its key.
    const certificate = `${path}-cert.pub`;
    if (existsSync(certificate)) skipped.push({ reason: certificateUnused(certificate) });
    if (held('blob' in file ? file.blob : undefined)) continue;
    if (explicit) refuseUnusable(path, file);
    skipped.push(...reasonToSkip(path, file));
  }
  return { files: loaded, agentKeys, skipped };
}

async function readAgent({ agentSocket, connectSeconds }: Stop) {
  if (agentSocket === undefined) return { agentKeys: [], trouble: [] };
  try {
    return { agentKeys: await listAgentKeys(agentSocket, connectSeconds * 1000), trouble: [] };
  } catch {
    return { agentKeys: [], trouble: [{ reason: `the SSH agent at ${agentSocket} does not answer` }] };
  }
}

async function readKeyFile(path: string, explicit: boolean, passphrase?: string): Promise<KeyFile | undefined> {
  try {
    const file = readKey(await readFile(path, 'utf8'), passphrase);
    // An encrypted key of the old format does not show its public half; ssh-keygen wrote it beside.
    if (file.kind !== 'locked' || file.blob !== undefined) return file;
    const beside = readKey(await readFile(`${path}.pub`, 'utf8').catch(() => ''));
    return { ...file, blob: beside.kind === 'public' ? beside.blob : undefined };
  } catch (error) {
    // OpenSSH passes over those of its config, too.
    if (!explicit) return undefined;
    const code = errorCode(error);
    throw code === 'ENOENT' ? keyFileMissing(path) : keyFileUnreadable(path, code);
  }
}

/** The settings' own key must be usable. One that only lacks its passphrase may still be made up for by a password. */
function refuseUnusable(path: string, file: KeyFile): void {
  if (file.kind === 'none') throw keyFileNotAKey(path, 'It holds neither a private nor a public key.');
  if (file.kind === 'public') {
    throw keyFileNotAKey(path, 'It is a public key, and the SSH agent does not hold the private one.');
  }
  if (file.kind === 'unsupported') throw keyFileUnsupported(path);
  if (file.kind === 'locked' && file.passphrase === 'wrong') throw passphraseWrong(path);
}

function reasonToSkip(path: string, file: KeyFile): readonly Skipped[] {
  if (file.kind === 'none') return [{ reason: `${path} is not a key` }];
  if (file.kind === 'unsupported') return [{ reason: `${path} is a private key of an unsupported type` }];
  if (file.kind !== 'locked') return [];
  const why = file.passphrase === 'wrong' ? 'does not decrypt it' : 'is not set';
  return [{ reason: `${path} is encrypted, and ${PASSPHRASE_VARIABLE} ${why}`, encrypted: true }];
}
