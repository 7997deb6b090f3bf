/** A frame as the node's end prints it. */
export function frame(marker: string, word: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const bytes = parts.map((part) => Buffer.from(part));
  const head = ['', [marker, word, ...bytes.map(({ length }) => length)].join(' '), ''].join('\n');
  return Buffer.concat([Buffer.from(head), ...bytes, Buffer.from(`\n${marker} end\n`)]);
}
