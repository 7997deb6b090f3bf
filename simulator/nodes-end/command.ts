/** The command line that starts the node's end, and its requests as people read them. */

export interface Start {
  /** Length of the script that comes first on stdin. */
  readonly bytes: number;
  readonly marker: string;
  readonly lockFile: string;
  /** How long to wait for the run lock. */
  readonly seconds: number;
  readonly sudo: boolean;
}

const LINE =
  /^exec env LC_ALL=C\.UTF-8 perl -C0 -e 'read\(STDIN,\$s,(\d+)\);eval \$s;die \$@ if \$@' (\S+) (\S+) (\d+(?:\.\d+)?) ([01])$/;

/** Undefined for any other command line. */
export function parseStart(line: string): Start | undefined {
  const [, bytes, marker, lockFile, seconds, sudo] = LINE.exec(line) ?? [];
  if (marker === undefined || lockFile === undefined) return undefined;
  return { bytes: Number(bytes), marker, lockFile, seconds: Number(seconds), sudo: sudo === '1' };
}

/** The start of the node's end among the commands of a node. */
export const START = 'nodes-end';

/** One readable line: quotes stand only where a word needs them. */
export const describe = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./!-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
