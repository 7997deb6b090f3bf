import { type ParsedKey, utils } from 'ssh2';

import { fieldsOf } from '../public-key';

/** What a key file turned out to hold. Whoever gets this never needs the text again. */
export type KeyFile =
  | { readonly kind: 'unlocked'; readonly key: ParsedKey; readonly blob: Buffer }
  /** Encrypted; `blob` is its public half, where the file shows it. */
  | { readonly kind: 'locked'; readonly blob?: Buffer; readonly passphrase: 'missing' | 'wrong' }
  /** The public half alone: the private one may be with the agent. */
  | { readonly kind: 'public'; readonly blob: Buffer }
  /** A private key in a form that is not supported. */
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'none' };

const OPENSSH = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/;
const MAGIC = 'openssh-key-v1\0';

/** ssh2 tells an absent passphrase, a wrong one and a broken file apart by wording alone, so the text is looked at first. */
export function readKey(text: string, passphrase?: string): KeyFile {
  const isPrivate = /PRIVATE KEY-----|^PuTTY-User-Key-File-/m.test(text);
  const header = openSshHeader(text);
  const locked = header ? header.cipher !== 'none' : /^Proc-Type: 4,ENCRYPTED|^Encryption: (?!none)/m.test(text);
  if (isPrivate && locked && passphrase === undefined) {
    return { kind: 'locked', blob: header?.blob, passphrase: 'missing' };
  }
  const key = parseOne(text, isPrivate && locked ? passphrase : undefined);
  if (key === undefined) {
    if (isPrivate && locked) return { kind: 'locked', blob: header?.blob, passphrase: 'wrong' };
    return { kind: isPrivate ? 'unsupported' : 'none' };
  }
  const blob = key.getPublicSSH();
  return key.isPrivateKey() ? { kind: 'unlocked', key, blob } : { kind: 'public', blob };
}

function parseOne(text: string, passphrase?: string): ParsedKey | undefined {
  const parsed: unknown = utils.parseKey(text, passphrase);
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  return isParsedKey(key) ? key : undefined;
}

const isParsedKey = (value: unknown): value is ParsedKey =>
  typeof value === 'object' && value !== null && !(value instanceof Error) && 'getPublicSSH' in value;

/** OpenSSH's own format leaves the public half readable: `magic, cipher, kdf, kdf options, count, public key, …` */
function openSshHeader(text: string): { readonly cipher: string; readonly blob: Buffer } | undefined {
  const body = Buffer.from(OPENSSH.exec(text)?.[1] ?? '', 'base64');
  if (body.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined;
  const next = fieldsOf(body, MAGIC.length);
  const [cipher] = [next(), next(), next()];
  next(4);
  const blob = next();
  return cipher && blob && { cipher: cipher.toString('latin1'), blob };
}
