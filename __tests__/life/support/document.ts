import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readable } from '../../engine/support/output';

/** One row of the life table. */
export interface Row {
  /** The short name in its first column. */
  readonly id: string;
  /** Whether its test runs `cdktf`: those that do not are marked with †. */
  readonly cdktf: boolean;
  readonly happens: string;
  /** The lines of its last column; `…` stands for any text. */
  readonly printed: readonly string[];
}

const DOCUMENT = readFileSync(join(__dirname, '../../../docs/life-cycle.md'), 'utf8');
const ROW = /^\| `([a-z0-9-]+)`( †)? \| .+? \| (.+?) \| (.+) \|$/gm;
/** Code between any number of backticks, as Markdown has it. */
const CODE = /(?<!`)(`+) ?(.+?) ?\1(?!`)/g;

/** Every row of the document, in its order. */
export function readRows(): readonly Row[] {
  return [...DOCUMENT.matchAll(ROW)].map(([, id = '', mark, happens = '', printed = '']) => ({
    id,
    cdktf: mark === undefined,
    happens,
    printed: [...printed.matchAll(CODE)].map(([, , code = '']) => code),
  }));
}

/** The code block of the document that follows this marker: `<!-- block: NAME -->`. */
export function readBlock(name: string): string {
  const [, block] = DOCUMENT.match(new RegExp(`<!-- block: ${name} -->\\n+\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``)) ?? [];
  if (block === undefined) throw new Error(`the document has no block ${name}`);
  return block;
}

/** Whether a line of the document stands in an output. */
export function stands(line: string, output: string): boolean {
  const parts = readable(line).trim().split('…');
  return new RegExp(parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*?')).test(
    readable(output),
  );
}
