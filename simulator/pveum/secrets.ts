/** priv/token.cfg: a token and its secret a line. */
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
