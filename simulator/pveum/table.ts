/** Tables on the terminal: unicode borders, ASCII ones in a locale without, or none. */
import type { ReturnProperty } from './return-property';
import { compareText, lengthOf } from './text';

export interface TableOptions {
  readonly border: boolean;
  readonly header: boolean;
  readonly utf8: boolean;
}

export interface Column {
  readonly key: string;
  readonly property: ReturnProperty;
}

export interface Row {
  /** What the rows are ordered by. */
  readonly sortValue: unknown;
  readonly cells: readonly string[];
}

const isNumber = (column: Column | undefined): boolean => column?.property.type === 'integer';

function compareRows(left: Row, right: Row, numeric: boolean): number {
  const [a, b] = [left.sortValue, right.sortValue];
  if (a === undefined || a === null || b === undefined || b === null) {
    return Number(a !== undefined && a !== null) - Number(b !== undefined && b !== null);
  }
  return numeric ? Number(a) - Number(b) : compareText(String(a), String(b));
}

function linesOf(cell: string): string[] {
  const lines = cell.split('\n');
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

function pad(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return right ? gap + text : text + gap;
}

interface Border {
  readonly left: string;
  readonly line: string;
  readonly cross: string;
  readonly right: string;
}
const UNICODE = {
  top: { left: '┌', line: '─', cross: '┬', right: '┐' },
  head: { left: '╞', line: '═', cross: '╪', right: '╡' },
  middle: { left: '├', line: '─', cross: '┼', right: '┤' },
  bottom: { left: '└', line: '─', cross: '┴', right: '┘' },
  bar: '│',
};
const PLAIN: Border = { left: '+', line: '-', cross: '+', right: '+' };
const ASCII = { top: PLAIN, head: { ...PLAIN, line: '=' }, middle: PLAIN, bottom: PLAIN, bar: '|' };

const ruler = ({ left, line, cross, right }: Border, widths: readonly number[]): string =>
  left + widths.map((width) => line.repeat(width + 2)).join(cross) + right;

/** One table row may take several lines. */
function rowLines(cells: readonly string[], widths: readonly number[]): string[][] {
  const split = cells.map(linesOf);
  const height = Math.max(1, ...split.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    split.map((lines, column) => [...(lines[line] ?? '')].slice(0, widths[column]).join('')),
  );
}

export function renderTable(columns: readonly Column[], rows: readonly Row[], options: TableOptions): string[] {
  const numeric = isNumber(columns[0]);
  const ordered = [...rows].sort((left, right) => compareRows(left, right, numeric));
  const titles = columns.map(({ key, property }) => property.title ?? key);
  const widths = columns.map(({ property }, index) => {
    const lines = ordered.flatMap(({ cells }) => linesOf(cells[index] ?? ''));
    const longest = Math.max(lengthOf(titles[index] ?? ''), ...lines.map(lengthOf));
    return Math.min(longest, property.maxLength ?? longest);
  });
  const style = options.utf8 ? UNICODE : ASCII;
  const format = (cells: readonly string[]): string => {
    const padded = cells.map((cell, index) => {
      // Without a border nothing stands behind the last column, so it is not filled up either.
      const open = !options.border && index === cells.length - 1;
      return open ? cell : pad(cell, widths[index] ?? 0, isNumber(columns[index]));
    });
    return options.border ? `${style.bar} ${padded.join(` ${style.bar} `)} ${style.bar}` : padded.join(' ');
  };
  const body = ordered.map(({ cells }) => rowLines(cells, widths).map(format));
  const head = options.header ? [format(titles)] : [];
  if (!options.border) return [...head, ...body.flat()];
  const lines = [ruler(style.top, widths), ...head];
  for (const [index, row] of body.entries()) {
    if (index > 0 || options.header) lines.push(ruler(index === 0 ? style.head : style.middle, widths));
    lines.push(...row);
  }
  return [...lines, ruler(style.bottom, widths)];
}
