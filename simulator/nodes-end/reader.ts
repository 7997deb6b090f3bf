/** Reads a stream by lengths and lines. Undefined wherever it ends too early. */
export class Reader {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(input: AsyncIterable<Buffer>) {
    this.#pieces = input[Symbol.asyncIterator]();
  }

  async bytes(length: number): Promise<Buffer | undefined> {
    while (this.#rest.length < length) if (!(await this.#more())) return undefined;
    return this.#take(length);
  }

  /** Without its line break. */
  async line(): Promise<string | undefined> {
    let end = this.#rest.indexOf('\n');
    while (end < 0) {
      if (!(await this.#more())) return undefined;
      end = this.#rest.indexOf('\n');
    }
    return this.#take(end + 1).toString('latin1', 0, end);
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  async #more(): Promise<boolean> {
    try {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
      return true;
    } catch {
      // The connection broke.
      return false;
    }
  }
}
