/** Brings recorded and simulated answers to a form in which they have to be equal. */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const PASSWORD_HASH = /\$5\$[./A-Za-z0-9]{8}\$[./A-Za-z0-9]{43}/g;

export const hideSecrets = (text: string): string =>
  text.replace(UUID, '<secret>').replace(PASSWORD_HASH, '<password hash>');

export const secretsIn = (text: string): string[] => text.match(UUID) ?? [];

/** As the recordings hold output: bytes that are no UTF-8 stand as \xNN. */
export function recorded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
  }
}

/** Arrays come in the order of a hash, which is random from call to call. */
function withSortedArrays(value: unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(withSortedArrays);
    return parts.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withSortedArrays(part)]));
}

/** Compact JSON is compared as a value with its order of keys; all else as text. */
export function comparable(stdout: string): unknown {
  const hidden = hideSecrets(stdout);
  if (!/^[[{]/.test(hidden)) return hidden;
  const pretty = hidden.includes('\n ') ? 'pretty' : 'compact';
  return { pretty, json: JSON.stringify(withSortedArrays(JSON.parse(hidden))), end: hidden.slice(-2).trimStart() };
}

/** The recordings are without the lines that show how to call a program. */
export function withoutUsage(stderr: string): string {
  const lines = stderr.split('\n');
  return lines.filter((line) => !/^(?:USAGE:| *pveum )/.test(line)).join('\n');
}

/** Lists of things that are wrong come in random order, too. */
export const errorLines = (stderr: string): string[] => hideSecrets(withoutUsage(stderr)).split('\n').sort();
