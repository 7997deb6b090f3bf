import { type Value, Verbatim } from './value';

/** JSON with two spaces, as `JSON.stringify` writes it, but with the placeholder of a secret as it is. */
export function renderJson(value: Value, indent = ''): string {
  if (value instanceof Verbatim) return `"${value.text}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => renderJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${renderJson(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return items.length === 0 ? `${open}${close}` : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
}
