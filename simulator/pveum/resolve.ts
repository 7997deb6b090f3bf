/** Finds a command by its words: exact names, unambiguous beginnings, one level of aliases. */
import type { Branch, Command } from './command';

export interface Resolved {
  /** Undefined for an unknown command; a branch for an incomplete one. */
  readonly node: Command | Branch | undefined;
  readonly words: string;
  readonly args: readonly string[];
}

/** Names that could be meant; aliases have to be written out. */
function candidates(node: Branch, word: string): string[] {
  if (Object.hasOwn(node.children, word)) return [word];
  return Object.keys(node.children).filter((name) => name.startsWith(word) && node.children[name]?.kind !== 'alias');
}

export function resolve(root: Branch, argv: readonly string[]): Resolved {
  let node: Branch = root;
  let words = 'pveum';
  for (const [index, word] of argv.entries()) {
    const meant = candidates(node, word);
    const name = meant.length === 1 ? (meant[0] ?? word) : word;
    words += ` ${name}`;
    const child = Object.hasOwn(node.children, name) ? node.children[name] : undefined;
    if (!child) return { node: meant.length > 0 ? node : undefined, words, args: argv.slice(1) };
    if (child.kind === 'alias') {
      return resolve(root, [...argv.slice(0, index), ...child.target.split(' '), ...argv.slice(index + 1)]);
    }
    if (child.kind === 'command') return { node: child, words, args: argv.slice(index + 1) };
    node = child;
  }
  return { node, words, args: argv.slice(1) };
}
