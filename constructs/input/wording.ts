/** Complaints in the words of whoever wrote the input: an env file has keys in snake case, props have properties in camel case. */
import type { Path } from './place';

/** Keys that are properties; all others of an entry are the caller's own, and stand in `attributes`. */
const PROPERTIES = [
  'endpoint',
  'api_token',
  'insecure',
  'username',
  'bootstrap',
  'clusters',
  'file',
  'format',
  'variable',
];
const IN_SNAKE_CASE = [
  ...['api_token', 'manage_access', 'change_others', 'privilege_separation', 'on_existing', 'ca_file'],
  ...['identity_file', 'host_key'],
];
const KEYS = new RegExp(`\\b(?:${IN_SNAKE_CASE.join('|')})\\b`, 'g');
const SETTING = /\b([A-Za-z][\w.]*) = /g;
/** Values stay as they are; one that was cut has no second quote. */
const QUOTED = /("(?:[^"\\]|\\.)*"?)/;

export const camelCase = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `on_existing = "adopt"` to `onExisting: "adopt"`. */
export function inProps(text: string): string {
  const parts = text.split(QUOTED);
  return parts.map((part, index) => (index % 2 === 1 ? part : translate(part))).join('');
}

const translate = (text: string): string => text.replace(KEYS, camelCase).replace(SETTING, '$1: ');

/** `bootstrap.on_existing` to `bootstrap.onExisting`, `tags` to `attributes.tags`. */
export function pathInProps(path: Path): Path {
  const [first] = path;
  if (typeof first === 'string' && !PROPERTIES.includes(first)) return ['attributes', ...path];
  return path.map((key) => (typeof key === 'string' ? camelCase(key) : key));
}
