import { printable } from '../foreign-text';

/** What pveum, perl and the shell write to stderr beside the cause: the wait for a lock, locale warnings, usage. */
const CHATTER =
  /^(trying to (acquire|get|aquire)|got lock|perl: warning:|locale:|LANGUAGE|LC_|LANG |are supported and installed|user config - ignore|usage:|pveum |\+ )/i;

/** Why a command failed, as one line: the last line of stderr that says something; what looks like a secret is masked. */
export function lastWords({ stderr }: { readonly stderr: string }): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const words = lines.findLast((line) => !CHATTER.test(line)) ?? lines.at(-1);
  return words === undefined ? 'it gave no reason' : printable(words, 300);
}
