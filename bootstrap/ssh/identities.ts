import { readFile } from 'node:fs/promises';

import { type AgentKey, listAgentKeys } from './agent';
import { type KeyFile, readKey } from './keys';
import { type Machine, PASSPHRASE_VARIABLE } from './machine';
import { keyFileMissing, keyFileNotAKey, keyFileUnreadable, keyFileUnsupported, passphraseWrong } from './refusals';
import type { Stop } from './route';

export interface LoadedKey {
  readonly path: string;
  readonly file: KeyFile;
}

/** What the operator's machine has to log in with at one stop. */
export interface Identities {
  readonly files: readonly LoadedKey[];
  readonly agentKeys: readonly AgentKey[];
  /** What was left out, and why: shown at once, and again if nothing else works. */
  readonly skipped: readonly string[];
}

export async function readIdentities(stop: Stop, machine: Machine): Promise<Identities> {
  const { agentKeys, trouble } = await readAgent(stop);
  const held = (blob?: Buffer) => blob !== undefined && agentKeys.some((key) => key.blob.equals(blob));
  const loaded: LoadedKey[] = [];
  const skipped: string[] = [...trouble];
  for (const { path, origin } of stop.identityFiles) {
    const file = await readKeyFile(path, origin === 'settings', machine.passphrase);
    if (file === undefined) continue;
    loaded.push({ path, file });
    if (held('blob' in file ? file.blob : undefined)) continue;
    if (origin === 'settings') refuseUnusable(path, file);
    skipped.push(...reasonToSkip(path, file));
  }
  return { files: loaded, agentKeys, skipped };
}

async function readAgent({ agentSocket, connectSeconds }: Stop) {
  if (agentSocket === undefined) return { agentKeys: [], trouble: [] };
  try {
    return { agentKeys: await listAgentKeys(agentSocket, connectSeconds * 1000), trouble: [] };
  } catch {
    return { agentKeys: [], trouble: [`the SSH agent at ${agentSocket} does not answer`] };
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // OpenSSH passes over its own and the config file's keys as well when they are not there.
    if (!explicit) return undefined;
    throw code === 'ENOENT' ? keyFileMissing(path) : keyFileUnreadable(path, code);
  }
}

/** The settings' own key must be usable. One that only lacks its passphrase may still be made up for by a password. */
function refuseUnusable(path: string, file: KeyFile): void {
  if (file.kind === 'none') throw keyFileNotAKey(path, 'neither a private nor a public key');
  if (file.kind === 'public') throw keyFileNotAKey(path, 'the public half of a key, and the SSH agent lacks the other');
  if (file.kind === 'unsupported') throw keyFileUnsupported(path);
  if (file.kind === 'locked' && file.passphrase === 'wrong') throw passphraseWrong(path);
}

function reasonToSkip(path: string, file: KeyFile): readonly string[] {
  if (file.kind === 'none') return [`${path} is not a key`];
  if (file.kind === 'unsupported') return [`${path} is a private key of a kind that is not supported`];
  if (file.kind !== 'locked') return [];
  if (file.passphrase === 'wrong') return [`${path} is encrypted, and ${PASSPHRASE_VARIABLE} does not open it`];
  return [`${path} is encrypted, and ${PASSPHRASE_VARIABLE} is not set`];
}
