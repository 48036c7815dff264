import { linkEnded } from './protocol-error.ts';

/** Takes exact numbers of bytes from pieces of any size. One reader at a time; callers bound what they ask for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #head: Buffer = Buffer.alloc(0);
  /** Bytes asked for and given, in all. */
  taken = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Valid for as long as one likes. Rejects with ServiceUnavailable when the link ends before so many came. */
  async take(count: number): Promise<Buffer> {
    this.taken += count;
    if (this.#head.length >= count) return this.#cut(count);
    const whole = Buffer.allocUnsafe(count);
    let filled = this.#head.copy(whole);
    for (;;) {
      const chunk = await this.#pull();
      const wanted = count - filled;
      filled += chunk.copy(whole, filled, 0, wanted);
      if (filled < count) continue;
      this.#head = chunk.subarray(wanted);
      return whole;
    }
  }

  /** At least one byte, at most so many. */
  async some(most: number): Promise<Buffer> {
    if (this.#head.length === 0) this.#head = await this.#pull();
    const count = Math.min(most, this.#head.length);
    this.taken += count;
    return this.#cut(count);
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) left -= (await this.some(left)).length;
  }

  async u8(): Promise<number> {
    return (await this.take(1))[0]!;
  }

  async u16(): Promise<number> {
    return (await this.take(2)).readUInt16BE();
  }

  async u32(): Promise<number> {
    return (await this.take(4)).readUInt32BE();
  }

  async s32(): Promise<number> {
    return (await this.take(4)).readInt32BE();
  }

  #cut(count: number): Buffer {
    const cut = this.#head.subarray(0, count);
    this.#head = this.#head.subarray(count);
    return cut;
  }

  async #pull(): Promise<Buffer> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done) throw linkEnded();
      if (value.length > 0) return Buffer.from(value.buffer, value.byteOffset, value.length);
    }
  }
}
