/** One frame of the node's end: a word, and the texts behind it. */
export interface Frame {
  readonly word: string;
  readonly parts: readonly Buffer[];
}

/** No command that we run has so much to say. */
const LIMIT = 16 * 2 ** 20;
const NEWLINE = 0x0a;

/** What stands between the markers of a frame is not a frame: something else writes to the same output. */
export class BrokenFrame extends Error {}

/** Reads frames out of pieces of output. Whatever stands outside of them is noise, and the end of it is kept for a message. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);
  private pieces: Buffer[] = [];
  private size = 0;
  /** No frame can be whole before so many bytes are there. */
  private needed = 0;
  private readonly start: Buffer;
  private readonly end: Buffer;
  private skipped = '';

  constructor(marker: string) {
    this.start = Buffer.from(`\n${marker} `);
    this.end = Buffer.from(`\n${marker} end\n`);
  }

  /** The end of all that was no frame, with what may yet become one. */
  get noise(): string {
    return (this.skipped + Buffer.concat([this.rest, ...this.pieces]).toString('latin1')).slice(-2000);
  }

  push(piece: Buffer): Frame[] {
    this.pieces.push(piece);
    this.size += piece.length;
    if (this.size < this.needed) return [];
    this.rest = Buffer.concat([this.rest, ...this.pieces]);
    this.pieces = [];
    const frames: Frame[] = [];
    for (let frame = this.next(); frame !== undefined; frame = this.next()) frames.push(frame);
    this.size = this.rest.length;
    return frames;
  }

  private next(): Frame | undefined {
    this.needed = 0;
    const at = this.rest.indexOf(this.start);
    this.skip(at < 0 ? this.rest.length - this.start.length : at);
    const newline = at < 0 ? -1 : this.rest.indexOf(NEWLINE, this.start.length);
    if (newline < 0) return undefined;
    const [word = '', ...lengths] = this.rest.toString('latin1', this.start.length, newline).split(' ');
    const sizes = lengths.map(Number);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (!lengths.every((length) => /^\d{1,9}$/.test(length)) || total > LIMIT) throw new BrokenFrame(word);
    const body = newline + 1;
    this.needed = body + total + this.end.length;
    if (this.rest.length < this.needed) return undefined;
    if (
      !this.rest
        .subarray(body + total)
        .subarray(0, this.end.length)
        .equals(this.end)
    )
      throw new BrokenFrame(word);
    const parts = sizes.map((size, index) => {
      const from = sizes.slice(0, index).reduce((sum, other) => sum + other, body);
      return this.rest.subarray(from, from + size);
    });
    this.rest = this.rest.subarray(body + total + this.end.length);
    return { word, parts };
  }

  private skip(bytes: number): void {
    if (bytes <= 0) return;
    this.skipped = (this.skipped + this.rest.toString('latin1', 0, bytes)).slice(-2000);
    this.rest = this.rest.subarray(bytes);
  }
}

/** A command as the node's end takes it: the lengths of its words on a line, then their bytes. */
export function request(words: readonly string[]): Buffer {
  // The system would end an argument at a NUL, and cut off our mark with what somebody wrote before it.
  const bytes = words.map((word) => Buffer.from(word.replaceAll('\0', '')));
  return Buffer.concat([Buffer.from(`${bytes.map(({ length }) => length).join(' ')}\n`), ...bytes]);
}
