import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of the life table. */
export interface Row {
  /** The short name in its first column. */
  readonly id: string;
  readonly you: string;
  readonly happens: string;
  /** The lines of its last column; `…` stands for any text. */
  readonly printed: readonly string[];
}

const DOCUMENT = readFileSync(join(__dirname, '../../../docs/life-cycle.md'), 'utf8');
const ROW = /^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \| (.+) \|$/gm;
/** Code between any number of backticks, as Markdown has it. */
const CODE = /(?<!`)(`+) ?(.+?) ?\1(?!`)/g;

/** Every row of the document, in its order. */
export function readRows(): readonly Row[] {
  return [...DOCUMENT.matchAll(ROW)].map(([, id = '', you = '', happens = '', printed = '']) => ({
    id,
    you,
    happens,
    printed: codeIn(printed),
  }));
}

/** Every piece of code in a line of Markdown. */
export function codeIn(markdown: string): string[] {
  return [...markdown.matchAll(CODE)].map(([, , code = '']) => code);
}

/** The code block of the document that follows this marker: `<!-- block: NAME -->`. */
export function readBlock(name: string): string {
  const [, block] = DOCUMENT.match(new RegExp(`<!-- block: ${name} -->\\n+\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``)) ?? [];
  if (block === undefined) throw new Error(`the document has no block ${name}`);
  return block;
}

/** What a person reads: no colours, no frames, every run of blanks one blank. */
export function flat(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor moves of a terminal
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[│╷╵\s]+/g, ' ');
}

/** Whether a line of the document stands in an output. */
export function stands(line: string, output: string): boolean {
  const parts = flat(line).trim().split('…');
  return new RegExp(parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*?')).test(flat(output));
}
