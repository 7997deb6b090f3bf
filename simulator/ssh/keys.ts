/** Key pairs of a node: made once, kept in its root, so that a restart shows the same host key. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { utils } from 'ssh2';

export interface KeyPair {
  readonly privateFile: string;
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…` */
  readonly publicLine: string;
  readonly publicBlob: Buffer;
  /** `SHA256:` and 43 characters. */
  readonly fingerprint: string;
}

/** Now and then the library makes a key that it cannot read itself, so each is read before it is kept. */
function makeKey(): { private: string; public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519', { comment: 'simulated-node' });
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

function readKey(file: string): KeyPair {
  const privateKey = readFileSync(file, 'utf8');
  const [type = '', base64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
  const publicBlob = Buffer.from(base64, 'base64');
  const digest = createHash('sha256').update(publicBlob).digest('base64').replace(/=+$/, '');
  return {
    privateFile: file,
    privateKey,
    publicLine: `${type} ${base64}`,
    publicBlob,
    fingerprint: `SHA256:${digest}`,
  };
}

/** The key pair of that name, made at first use. */
export function keyPair(root: string, name: 'host_key' | 'authorized_key'): KeyPair {
  const file = join(root, 'var', 'ssh', name);
  if (!existsSync(file)) {
    const pair = makeKey();
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.pub`, `${pair.public.trim()}\n`);
    writeFileSync(file, pair.private.endsWith('\n') ? pair.private : `${pair.private}\n`, { mode: 0o600 });
  }
  return readKey(file);
}

/** The line that known_hosts needs for a server on another port than 22. */
export const knownHostsLine = (host: string, port: number, key: KeyPair): string =>
  `[${host}]:${port} ${key.publicLine}`;
