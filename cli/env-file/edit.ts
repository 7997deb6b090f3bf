import { SourceLines } from '../../constructs/input/lines';
import { Refusal } from '../../contract/refusal';

/** One value to set in an env file: a text, or a list of texts. */
export interface Edit {
  readonly path: readonly string[];
  readonly value: string | readonly string[];
}

export const notEditable = (path: readonly string[]) =>
  new Refusal(
    'ENV_NOT_EDITABLE',
    `\`${path.join('.')}\` cannot be set in the env file by this command.`,
    'The map that it belongs to is not written out there.',
    'Edit the file by hand.',
    { unchanged: true },
  );

/**
 * The text with that value set, all else left to the byte. A missing key goes on a line of its own behind the brace of the
 * innermost map that is there, with the maps between. `json`: the file is tfvars JSON.
 */
export function setValue(text: string, { path, value }: Edit, json: boolean): string {
  const lines = new SourceLines(text);
  const span = lines.valueOf(path);
  const isList = (at: number) => text[at] === '[' || text[at] === '{';
  if (span !== undefined && !isList(span.start))
    return text.slice(0, span.start) + render(value) + text.slice(span.end);
  if (span !== undefined && text[span.start] === '[')
    return text.slice(0, span.start) + render(value) + text.slice(closing(text, span.start));
  for (let depth = path.length - 1; depth > 0; depth -= 1) {
    const map = lines.valueOf(path.slice(0, depth));
    if (map === undefined) continue;
    if (text[map.start] !== '{') break;
    return insert(text, map.end, path.slice(depth), value, json);
  }
  throw notEditable(path);
}

function render(value: Edit['value']): string {
  return typeof value === 'string'
    ? JSON.stringify(value)
    : `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
}

function insert(text: string, at: number, keys: readonly string[], value: Edit['value'], json: boolean): string {
  const assign = json ? ': ' : ' = ';
  const quote = (key: string) => (json ? JSON.stringify(key) : key);
  const nested = keys.reduceRight((inner, key, index) => {
    const body = `${quote(key)}${assign}${inner}`;
    return index === 0 ? body : `{ ${body} }`;
  }, render(value));
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const rest = text.slice(at);
  const isEmpty = /^\s*\}/.test(rest);
  // A map on one line stays on one line.
  if (!/^[^\S\n]*(#[^\n]*|\/\/[^\n]*)?\r?\n/.test(rest)) {
    return `${text.slice(0, at)} ${nested}${isEmpty ? ' ' : ', '}${rest.trimStart()}`;
  }
  const indent = `${/^\s*/.exec(line)?.[0] ?? ''}  `;
  const newline = rest.includes('\r\n') ? '\r\n' : '\n';
  const end = at + rest.indexOf('\n') + 1;
  return `${text.slice(0, end)}${indent}${nested}${json && !isEmpty ? ',' : ''}${newline}${text.slice(end)}`;
}

/** Behind the bracket that closes the list that opens there; brackets in texts don't count. */
function closing(text: string, at: number): number {
  const token = /"(?:[^"\\]|\\[\s\S])*"|#[^\n]*|\/\/[^\n]*|[[\]]/g;
  token.lastIndex = at;
  let depth = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '[') depth += 1;
    if (found[0] === ']') depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}
