/** The few habits of Perl strings that show in files and messages. */

/** Perl's truth: neither empty nor zero. */
export const isTrue = (value: string | number | null | undefined): value is string | number =>
  value !== undefined && value !== null && value !== '' && value !== '0' && value !== 0;

/** Splits at comma, semicolon and blanks; empty parts vanish. */
export function splitList(text: string | undefined): string[] {
  if (text === undefined) return [];
  if (text.includes('\0')) return text.split('\0');
  return text
    .replace(/[,;]/g, ' ')
    .split(/\s+/)
    .filter((part) => part !== '');
}

/** Percent-encodes control and high characters and `:`, as comments stand in user.cfg; since 8 `%` too. */
export const encodeText = (text: string, percent: boolean): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x3a && !(percent && byte === 0x25);
      return plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** The inverse; its argument holds one character a byte. */
export const decodeText = (text: string): string =>
  Buffer.from(
    text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/**
 * The bytes that a plain print of a character string yields: one a character while all fit into one,
 * UTF-8 as soon as one does not.
 */
export function printedBytes(text: string): Buffer {
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) > 0xff) return Buffer.from(text, 'utf8');
  }
  return Buffer.from(text, 'latin1');
}

/** Byte order, which is what a plain sort of strings gives on the node. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export const sorted = (texts: Iterable<string>): string[] => [...texts].sort(compareText);

/** Anchors a pattern as the node does: its `$` also lets a final line break pass. */
export const wholly = (pattern: string): RegExp => new RegExp(`^(?:${pattern})\\n?$`, 'u');

/** Length in characters, not in UTF-16 units. */
export const lengthOf = (text: string): number => [...text].length;
