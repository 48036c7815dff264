import type { Writable } from 'node:stream';

/** Loopback and fast networks bring so much at a time; each read costs a turn of JavaScript and two calls of the system. */
const READ_BYTES = 1 << 20;
/** Less room is not read into. */
const LEAST_BYTES = 64 * 1024;

/**
 * Where bytes are read that go on to `to` uncopied: two buffers, the second made when it is first needed. What was read stays as it is
 * for as long as `to` holds anything, for it may be that; where both are full and the source goes on all the same (TLS brings what it
 * has opened, 64 KiB) a read gets memory of its own.
 */
export class LentReads {
  readonly #to: Writable;
  #current: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #at = 0;
  #other: Buffer | undefined;
  #isOtherFree = true;
  #last: Buffer = this.#current;

  /** `to` has let go of all that it was given when its `writableLength` is 0, as sockets have. */
  constructor(to: Writable) {
    this.#to = to;
  }

  /** For the next read. */
  next(): Buffer {
    if (this.#to.writableLength === 0) {
      this.#at = 0;
      this.#isOtherFree = true;
    } else if (this.#current.length - this.#at < LEAST_BYTES) {
      if (!this.#isOtherFree) return (this.#last = Buffer.allocUnsafeSlow(LEAST_BYTES));
      const free = this.#other ?? Buffer.allocUnsafeSlow(READ_BYTES);
      this.#other = this.#current;
      this.#isOtherFree = false;
      this.#current = free;
      this.#at = 0;
    }
    return (this.#last = this.#at === 0 ? this.#current : this.#current.subarray(this.#at));
  }

  /** So much was read into what `next` gave. */
  received(count: number): Buffer {
    if (this.#last.buffer === this.#current.buffer) this.#at += count;
    return this.#last.subarray(0, count);
  }
}
