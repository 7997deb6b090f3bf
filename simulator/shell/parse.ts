/** Reads a command line that is one simple command; of anything more a real shell has to make sense. */

interface Cursor {
  readonly text: string;
  at: number;
}

const SPECIAL = new Set([...'|&;<>()`*?[]{}\n']);
const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  e: '\x1b',
};

function singleQuoted(cursor: Cursor): string | undefined {
  const end = cursor.text.indexOf("'", cursor.at);
  if (end < 0) return undefined;
  const content = cursor.text.slice(cursor.at, end);
  cursor.at = end + 1;
  return content;
}

/** $'…' with the usual escapes; rarer ones are left to the shell. */
function ansiQuoted(cursor: Cursor): string | undefined {
  let content = '';
  for (;;) {
    const character = cursor.text[cursor.at++];
    if (character === undefined) return undefined;
    if (character === "'") return content;
    const escaped = character === '\\' ? ESCAPES[cursor.text[cursor.at++] ?? ''] : character;
    if (escaped === undefined) return undefined;
    content += escaped;
  }
}

function doubleQuoted(cursor: Cursor): string | undefined {
  let content = '';
  for (;;) {
    const character = cursor.text[cursor.at++];
    if (character === undefined || character === '$' || character === '`') return undefined;
    if (character === '"') return content;
    const next = cursor.text[cursor.at] ?? '';
    if (character === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      content += next === '\n' ? '' : next;
      cursor.at++;
    } else content += character;
  }
}

/** The part of a word that starts here, or undefined where a shell is needed. */
function piece(cursor: Cursor, isStart: boolean): string | undefined {
  const character = cursor.text[cursor.at++] ?? '';
  if (character === "'") return singleQuoted(cursor);
  if (character === '"') return doubleQuoted(cursor);
  if (character === '$') {
    if (cursor.text[cursor.at] !== "'") return undefined;
    cursor.at++;
    return ansiQuoted(cursor);
  }
  if (character === '\\') {
    const next = cursor.text[cursor.at++];
    return next === undefined || next === '\n' ? undefined : next;
  }
  if (SPECIAL.has(character)) return undefined;
  if (isStart && '#~'.includes(character)) return undefined;
  return character;
}

function word(cursor: Cursor): string | undefined {
  let content = '';
  const start = cursor.at;
  while (cursor.at < cursor.text.length && !' \t'.includes(cursor.text[cursor.at] ?? '')) {
    const part = piece(cursor, cursor.at === start);
    if (part === undefined) return undefined;
    content += part;
  }
  return content;
}

export interface SimpleCommand {
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

/** Undefined for whatever is more than words and quotes. */
export function parseSimpleCommand(line: string): SimpleCommand | undefined {
  const cursor = { text: line.trim(), at: 0 };
  const env: Record<string, string> = {};
  const words: string[] = [];
  while (cursor.at < cursor.text.length) {
    const rest = cursor.text.slice(cursor.at);
    const [, name] = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(rest) ?? [];
    const content = word(cursor);
    if (content === undefined) return undefined;
    if (name !== undefined && words.length === 0) env[name] = content.slice(name.length + 1);
    else words.push(content);
    while (' \t'.includes(cursor.text[cursor.at] ?? 'x')) cursor.at++;
  }
  return words.length > 0 ? { env, words } : undefined;
}
