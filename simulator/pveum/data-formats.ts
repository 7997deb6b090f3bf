/** JSON and YAML as the node's modules write them: keys sorted, numbers and strings told apart. */
import { sorted } from './text';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const quote = (text: string): string => JSON.stringify(text);
const scalar = (value: unknown): string => (typeof value === 'string' ? quote(value) : JSON.stringify(value ?? null));
const present = (value: Record<string, unknown>): [string, unknown][] =>
  sorted(Object.keys(value))
    .filter((key) => value[key] !== undefined)
    .map((key) => [key, value[key]]);

export function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (!isRecord(value)) return scalar(value);
  return `{${present(value)
    .map(([key, part]) => `${quote(key)}:${toJson(part)}`)
    .join(',')}}`;
}

export function toPrettyJson(value: unknown, indent = ''): string {
  const inner = `${indent}   `;
  const block = (open: string, parts: string[], close: string) =>
    parts.length === 0 ? open + close : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
  if (Array.isArray(value))
    return block(
      '[',
      value.map((part) => toPrettyJson(part, inner)),
      ']',
    );
  if (!isRecord(value)) return scalar(value);
  const parts = present(value).map(([key, part]) => `${quote(key)} : ${toPrettyJson(part, inner)}`);
  return block('{', parts, '}');
}

const AMBIGUOUS = /^(?:~|null|true|false|)$/;
const NUMERIC = /^\s*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf(?:inity)?|nan)\s*$/i;
const NEEDS_QUOTES = /^(?:[-?:](?: |$)|---|[,[\]{}#&*!|>'"%@` ])|: |:$| #| $/;

function yamlText(text: string): string {
  if ([...text].some((character) => character < ' ' || character === '\x7f')) return JSON.stringify(text);
  if (AMBIGUOUS.test(text) || NUMERIC.test(text) || NEEDS_QUOTES.test(text)) return `'${text.replace(/'/g, "''")}'`;
  return text;
}

function yamlLines(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((part) => yamlNode(part).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`));
  }
  if (!isRecord(value))
    return [value === null || value === undefined ? '~' : typeof value === 'string' ? yamlText(value) : String(value)];
  return present(value).flatMap(([key, part]) => {
    const lines = yamlNode(part);
    const inline = !isRecord(part) || lines[0] === '[]' || lines[0] === '{}';
    if (inline) return [`${yamlText(key)}: ${lines[0] ?? ''}`];
    // A list hangs below its key without a step to the right, an object with one.
    return [`${yamlText(key)}:`, ...lines.map((line) => (Array.isArray(part) ? line : `  ${line}`))];
  });
}

function yamlNode(value: unknown): string[] {
  if (Array.isArray(value) && value.length === 0) return ['[]'];
  if (isRecord(value) && !Array.isArray(value) && present(value).length === 0) return ['{}'];
  return yamlLines(value);
}

/** Text beyond the 80th column is folded at the next single blank, deeper than its key by one step. */
function fold(line: string): string {
  const [, lead = '', key = '', first = ''] = /^((?:- | )*)([^ "][^:]*: )?(.?)/.exec(line) ?? [];
  if (first === '"') return line;
  const indent = ' '.repeat(key === '' ? lead.length : lead.length + 2);
  let column = 0;
  return [...line].reduce((text, character, at) => {
    const isBreak = character === ' ' && column > 80 && line[at - 1] !== ' ' && line[at + 1] !== ' ';
    column = isBreak ? indent.length : column + 1;
    return isBreak ? `${text}\n${indent}` : text + character;
  }, '');
}

export function toYaml(value: unknown): string {
  const lines = yamlNode(value).map(fold);
  const block = isRecord(value) && lines[0] !== '[]' && lines[0] !== '{}';
  return block ? `---\n${lines.join('\n')}\n` : `--- ${lines.join('\n')}\n`;
}
