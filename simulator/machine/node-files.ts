/** The node's configuration files below ROOT/etc/pve. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from '../pveum/session';

const NAMES = ['user.cfg', 'domains.cfg', 'priv/token.cfg', 'priv/shadow.cfg', 'priv/tfa.cfg'] as const;

/** What a node has right after its installation. */
const FRESH = 'user:root@pam:1:0:::root@example.invalid:::\n';

export const pveFile = (root: string, name: string): string => join(root, 'etc', 'pve', name);

export function readFiles(root: string): Files {
  const read = (name: string) => {
    const file = pveFile(root, name);
    return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
  };
  return Object.fromEntries(NAMES.map((name) => [name, read(name)]));
}

/** Readers see the old content or the new one, never a part. */
export function replaceFile(root: string, name: string, content: Buffer): void {
  const file = pveFile(root, name);
  const draft = `${file}.tmp.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, content, { mode: name.startsWith('priv/') ? 0o600 : 0o640 });
  renameSync(draft, file);
}

/** Back to a fresh installation: only root@pam, no realms configured. */
export function resetFiles(root: string): void {
  for (const name of NAMES) rmSync(pveFile(root, name), { force: true });
  replaceFile(root, 'user.cfg', Buffer.from(FRESH));
}

/** Lays out a root; what an earlier node left there stays. */
export function prepareRoot(root: string): void {
  for (const part of ['etc/pve/priv/lock', 'run/lock', 'bin', 'var', 'home'])
    mkdirSync(join(root, part), { recursive: true });
  if (!existsSync(pveFile(root, 'user.cfg'))) resetFiles(root);
}
