/**
 * Where the keys of a tfvars file stand. The parser tells values alone, with the keys of every map sorted and the
 * earlier one of two equal keys dropped; people think in lines and in their own order. Made for text that parses:
 * literals in HCL, and JSON, which differs only in `:` for `=`.
 */
import { isMap } from './field';
import type { Lines, Path } from './place';

/** Literals of HCL and JSON, with what stands between them. */
export const TOKEN =
  /[^\S\n]+|\n|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\[\s\S])*"|<<-?([\p{L}_][\p{L}\p{N}_-]*)\r?\n(?:[\s\S]*?\n)??[^\S\n]*\1(?=\r?\n|$)|[\p{L}\p{N}_.-]+|[\s\S]/gu;

interface Frame {
  readonly path: Path;
  readonly isList: boolean;
  /** The key whose value is being read, or the index. */
  step?: string | number;
}

interface Spot {
  readonly line: number;
  readonly position: number;
  value?: Span;
}

/** Where the value of a key begins, and where its first token ends: a whole scalar, or the brace of a map. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface RepeatedKey {
  readonly path: Path;
  readonly line: number;
  readonly firstLine: number;
}

export class SourceLines implements Lines {
  private readonly spots = new Map<string, Spot>();
  readonly repeated: RepeatedKey[] = [];
  private frames: Frame[] = [{ path: [], isList: false }];
  private awaiting?: Spot;
  private last?: { readonly text: string; readonly line: number };

  constructor(text: string) {
    let line = 1;
    for (const { 0: token, index: start } of text.matchAll(TOKEN)) {
      if (!/^(\s|#|\/\/|\/\*)/.test(token)) this.take(token, line, { start, end: start + token.length });
      line += token.split('\n').length - 1;
    }
  }

  lineOf(path: Path): number | undefined {
    return this.spots.get(JSON.stringify(path))?.line;
  }

  /** For an edit that leaves the rest of the text as it is. */
  valueOf(path: Path): Span | undefined {
    return this.spots.get(JSON.stringify(path))?.value;
  }

  /** The same values with the keys of every map in the order of the file. */
  inFileOrder(value: unknown, path: Path = []): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.inFileOrder(item, [...path, index]));
    if (!isMap(value)) return value;
    const positionOf = (key: string) => this.spots.get(JSON.stringify([...path, key]))?.position ?? this.spots.size;
    const keys = Object.keys(value).sort((one, other) => positionOf(one) - positionOf(other));
    return Object.fromEntries(keys.map((key) => [key, this.inFileOrder(value[key], [...path, key])]));
  }

  private take(token: string, line: number, span: Span): void {
    if (this.awaiting) this.awaiting.value ??= span;
    this.awaiting = undefined;
    const frame = this.frames.at(-1) ?? { path: [], isList: false };
    if (frame.isList && !/^[,\]]/.test(token)) this.mark([...frame.path, frame.step ?? 0], line);
    if (/^[{[(]$/.test(token)) {
      const path = frame.step === undefined ? frame.path : [...frame.path, frame.step];
      this.frames.push({ path, isList: token === '[', ...(token === '[' && { step: 0 }) });
    } else if (/^[}\])]$/.test(token)) {
      this.frames.pop();
    } else if (token === ',') {
      frame.step = typeof frame.step === 'number' ? frame.step + 1 : undefined;
    } else if (/^[=:]$/.test(token) && !frame.isList && this.last) {
      frame.step = this.last.text;
      this.mark([...frame.path, frame.step], this.last.line, true);
      this.awaiting = this.spots.get(JSON.stringify([...frame.path, frame.step]));
    }
    this.last = /^[[{(}\]),=:]$/.test(token) ? undefined : { text: unquote(token), line };
  }

  private mark(path: Path, line: number, isKey = false): void {
    const key = JSON.stringify(path);
    const first = this.spots.get(key);
    if (first && isKey) this.repeated.push({ path, line, firstLine: first.line });
    if (!first) this.spots.set(key, { line, position: this.spots.size });
  }
}

/** The bracket that is opened last of those that are never closed, or not by their own kind. */
export function unclosed(text: string): { readonly bracket: string; readonly line: number } | undefined {
  const open: { readonly bracket: string; readonly line: number }[] = [];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^[{[(]$/.test(token)) open.push({ bracket: token, line });
    else if (/^[}\])]$/.test(token)) {
      const last = open.pop();
      if (last === undefined || CLOSED_BY[last.bracket] !== token) return last;
    }
    line += token.split('\n').length - 1;
  }
  return open.at(-1);
}

const CLOSED_BY: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

function unquote(token: string): string {
  if (!token.startsWith('"')) return token;
  try {
    return String(JSON.parse(token));
  } catch {
    // An escape that JSON does not know: the line cannot be told then, nothing else depends on it.
    return token.slice(1, -1);
  }
}
