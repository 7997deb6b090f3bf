/** sudo as far as it can be told without a terminal. */
import type { Settings } from '../machine/settings';

export type SudoDecision =
  | { readonly kind: 'run'; readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'refuse'; readonly stderr: string }
  | { readonly kind: 'unknown' };

const NEEDS_TERMINAL =
  'sudo: a terminal is required to read the password; either use the -S option to read from standard input' +
  ' or configure an askpass helper\n';
const NEEDS_PASSWORD = 'sudo: a password is required\n';

const OPTIONS_WITH_VALUE = new Set(['-u', '-g', '-p', '--user', '--group', '--prompt']);

function isAllowed(user: string, words: readonly string[], sudo: Settings['sudo']): boolean {
  if (user === 'root' || sudo === 'all') return true;
  return sudo === 'pveum' && /^(?:(?:\/usr)?\/s?bin\/)?pveum$/.test(words[0] ?? '');
}

/** What becomes of `sudo WORDS…`. */
export function decideSudo(words: readonly string[], user: string, sudo: Settings['sudo']): SudoDecision {
  const left = [...words];
  const env: Record<string, string> = {};
  let quiet = false;
  for (let word = left[0]; word !== undefined && /^-|^[A-Za-z_]\w*=/.test(word); word = left[0]) {
    left.shift();
    if (word === '--') break;
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    else if (word === '-n' || word === '--non-interactive') quiet = true;
    else if (OPTIONS_WITH_VALUE.has(word)) left.shift();
    else if (!/^-[HEn]+$/.test(word)) return { kind: 'unknown' };
    else quiet ||= word.includes('n');
  }
  if (left.length === 0) return { kind: 'unknown' };
  if (!isAllowed(user, left, sudo)) return { kind: 'refuse', stderr: (quiet ? '' : NEEDS_TERMINAL) + NEEDS_PASSWORD };
  return { kind: 'run', words: left, env };
}
