/** Brings recorded and simulated answers to a form in which they have to be equal. */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export const hideSecrets = (text: string): string => text.replace(UUID, '<secret>');

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

/** JSON is compared as a value with its order of keys; all else as text. */
export function comparable(stdout: string): unknown {
  const hidden = hideSecrets(stdout);
  return /^[[{]/.test(hidden) ? JSON.stringify(withSortedArrays(JSON.parse(hidden))) : hidden;
}

/** Lists of things that are wrong come in random order. The recordings are without the lines that show how to call a program. */
export function errorLines(stderr: string): string[] {
  const isUsage = (line: string) => /^(?:USAGE:| *pveum |$)/.test(line);
  const lines = hideSecrets(stderr).split('\n');
  return lines.filter((line) => !isUsage(line)).sort();
}
