/**
 * The one place that quotes words for a remote shell. Whatever root's login shell is (sh, bash, dash, zsh, fish), it sees
 * exactly these words.
 */

// Nothing in here means something to one of the shells; `%`, `^` (fish) and `~` do, and `=` at the start of a word (zsh).
const PLAIN = /^[A-Za-z0-9_/.,:@+-][A-Za-z0-9_/.,:@+=-]*$/;
// A terminal, a log or a line-based reader may act on these, and lone surrogates do not survive UTF-8.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const REFUSED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/u;

/** One command line out of words. Throws RangeError on control characters: no command of ours has any. */
export function quote(words: readonly string[]): string {
  return words.map((word, index) => quoteWord(word, index === 0)).join(' ');
}

function quoteWord(word: string, first: boolean): string {
  if (REFUSED.test(word)) throw new RangeError('a word of a remote command holds a control character');
  if (word === '') return "''";
  // As the first word `name=value` would be an assignment, not a program.
  if (PLAIN.test(word) && !(first && word.includes('='))) return word;
  // fish reads backslashes inside single quotes, the others do not: so a backslash stands outside, like the quote itself.
  return word.replace(/[^'\\]+|['\\]/g, (part) => (part === "'" || part === '\\' ? `\\${part}` : `'${part}'`));
}
