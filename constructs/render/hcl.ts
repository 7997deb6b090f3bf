/** HCL as `terraform fmt` would leave it (but for the alignment of keys with joining characters, which it counts oddly). */
import { isLeaf, type Value, Verbatim } from './value';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function renderHclAttribute(name: string, value: Value): string {
  return renderAttributes([[name, value]], '');
}

/** Equal signs stand below each other in neighbouring lines; a value of several lines parts its neighbours. */
function renderAttributes(attributes: readonly (readonly [string, Value])[], indent: string): string {
  const lines = attributes.map(([key, value]) => ({ key: renderKey(key), value: renderValue(value, indent) }));
  const groups: (typeof lines)[] = [];
  let open = false;
  for (const line of lines) {
    const joins = open && !line.value.includes('\n');
    if (joins) groups.at(-1)?.push(line);
    else groups.push([line]);
    open = !line.value.includes('\n');
  }
  return groups.map((group) => renderGroup(group, indent)).join('');
}

function renderGroup(group: readonly { key: string; value: string }[], indent: string): string {
  const width = Math.max(...group.map(({ key }) => widthOf(key)));
  return group.map(({ key, value }) => `${indent}${key}${' '.repeat(width - widthOf(key))} = ${value}\n`).join('');
}

function renderValue(value: Value, indent: string): string {
  if (value instanceof Verbatim) return `"${value.text}"`;
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return renderList(value, indent);
  const attributes = Object.entries(value);
  return attributes.length === 0 ? '{}' : `{\n${renderAttributes(attributes, `${indent}  `)}${indent}}`;
}

function renderList(items: readonly Value[], indent: string): string {
  if (items.every(isLeaf)) return `[${items.map((item) => renderValue(item, indent)).join(', ')}]`;
  const lines = items.map((item) => `${indent}  ${renderValue(item, `${indent}  `)},\n`);
  return `[\n${lines.join('')}${indent}]`;
}

const renderKey = (key: string): string => (IDENTIFIER.test(key) ? key : quote(key));

/** One line, whatever the text: `\n` for a line end, `\u0000` for what cannot be seen. */
function quote(text: string): string {
  const escaped = [...text].map((character) => {
    if (ESCAPES[character]) return ESCAPES[character];
    if (character >= ' ' && character !== '\u007f') return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** `terraform fmt` counts what people see as one character; a quote is one even before a character that joins. */
function widthOf(key: string): number {
  // Nothing joins in an identifier, and the segmenter takes its time.
  if (IDENTIFIER.test(key)) return key.length;
  const inner = key.startsWith('"') ? key.slice(1, -1) : key;
  return [...GRAPHEMES.segment(inner)].length + (key.length - inner.length);
}
