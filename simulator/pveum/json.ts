/** JSON as the node writes it: keys sorted, no blanks, numbers and strings told apart. */
import { sorted } from './text';

export function toJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = value as Readonly<Record<string, unknown>>;
  const keys = sorted(Object.keys(entries)).filter((key) => entries[key] !== undefined);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${toJson(entries[key])}`).join(',')}}`;
}
