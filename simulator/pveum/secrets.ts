/** priv/token.cfg, priv/shadow.cfg and priv/tfa.cfg: small files with a line or an object of their own. */
import { createHash, randomBytes } from 'node:crypto';
import { splitToken } from './identifiers';
import { compareText } from './text';

type Warn = (line: string) => void;

export function parseSecrets(text: string | undefined, warn: Warn): Map<string, string> {
  const secrets = new Map<string, string>();
  for (const line of (text ?? '').split('\n')) {
    if (line.trim() === '') continue;
    const [, name = '', value = ''] = /^(\S+) (\S+)$/.exec(line) ?? [];
    if (splitToken(name)) secrets.set(name, value);
    else warn('skipping invalid token.cfg entry');
  }
  return secrets;
}

export const writeSecrets = (secrets: ReadonlyMap<string, string>): string =>
  [...secrets]
    .sort(([left], [right]) => compareText(left, right))
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');

export function parseShadow(text: string | undefined): Map<string, string> {
  const entries = (text ?? '').split('\n').flatMap((line) => {
    const [, name, hash] = /^\s*(\S+):(\S+):\s*$/.exec(line) ?? [];
    return name !== undefined && hash !== undefined ? [[name, hash] as const] : [];
  });
  return new Map(entries);
}

export const writeShadow = (entries: ReadonlyMap<string, string>): string =>
  [...entries].map(([name, hash]) => `${name}:${hash}:\n`).join('');

/** Has the form of a node's password hash. Nobody logs in here with a password of the pve realm, so it is no more. */
export function shadowHash(password: string): string {
  const salt = randomBytes(6).toString('base64').replace(/[+/]/g, '.');
  const digest = createHash('sha256').update(salt).update(password).digest('base64');
  return `$5$${salt}$${digest.replace(/=+$/, '').replace(/\+/g, '.')}`;
}

export interface SecondFactors {
  users?: Record<string, unknown>;
  [other: string]: unknown;
}

export function parseFactors(text: string | undefined): SecondFactors {
  return text === undefined || text.trim() === '' ? {} : (JSON.parse(text) as SecondFactors);
}

export function writeFactors(factors: SecondFactors): string {
  const { users, ...others } = factors;
  return JSON.stringify(users && Object.keys(users).length > 0 ? factors : others);
}
