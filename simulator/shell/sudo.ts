/** `sudo -n WORDS`: what the product sends. Anything else would need a terminal. */
import { type Result, result } from '../machine/program';
import type { Settings } from '../machine/settings';

/** `*` of the documented line stands for anything, blanks included. */
const ALLOWED: Record<Settings['sudo'], RegExp> = {
  all: /^/,
  documented: /^(?:pveum\b.*|cat \/etc\/pve\/user\.cfg|grep -F -e .* \/etc\/pve\/priv\/token\.cfg)$/s,
  pveum: /^pveum\b/,
  none: /^\b\B/,
};

export type SudoDecision = { readonly words: readonly string[] } | { readonly refusal: Result };

export function decideSudo(argv: readonly string[], user: string, sudo: Settings['sudo']): SudoDecision {
  const words = argv[0] === '-n' ? argv.slice(1) : argv;
  const line = words.join(' ').replace(/^(?:\/usr)?\/s?bin\//, '');
  if (words.length > 0 && (user === 'root' || ALLOWED[sudo].test(line))) return { words };
  return { refusal: result(1, '', 'sudo: a password is required\n') };
}
