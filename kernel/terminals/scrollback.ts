export type OutputStream = 'stdout' | 'stderr';

/** A piece of one stream; `bytes` are not changed while they are kept, or a reader's `unread` is at or before them. */
export interface Piece {
  readonly offset: number;
  readonly stream: OutputStream;
  readonly bytes: Buffer;
}

/** Who hands pieces on without copying them. */
export interface ScrollbackReader {
  /** What was read before this offset is not looked at again. */
  readonly unread: number;
}

interface Block {
  readonly start: number;
  readonly buffer: Buffer;
  used: number;
}

/** An idle shell has said a prompt. */
const FIRST_BLOCK_BYTES = 4 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** Changes between the two streams that are remembered; each costs some 50 bytes. */
const MAX_CHANGES = 16_384;

/**
 * The last bytes that a process said, under one count of offsets. Holds `limitBytes` and up to two blocks more; what is still needed
 * is not forgotten, however much comes at once.
 */
export class Scrollback {
  readonly limitBytes: number;
  #blocks: Block[] = [];
  /** Where a stream begins that is another than the one before; the first is at or before `start`. */
  #changes: { readonly at: number; readonly stream: OutputStream }[] = [];
  #start = 0;
  #end = 0;
  readonly #readers = new Set<ScrollbackReader>();
  /** Of what was forgotten: a flood goes round in the same memory, as what it would throw away costs more than all else. */
  #spare: Buffer | undefined;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** Offset of the oldest byte that is kept. */
  get start(): number {
    return this.#start;
  }

  /** Offset of the next byte to come. */
  get end(): number {
    return this.#end;
  }

  /** Bytes of memory held. */
  get heldBytes(): number {
    return this.#blocks.reduce((sum, { buffer }) => sum + buffer.length, this.#spare?.length ?? 0);
  }

  /** Until it is disposed of, what the reader has yet to look at is not changed. */
  readBy(reader: ScrollbackReader): Disposable {
    this.#readers.add(reader);
    return { [Symbol.dispose]: () => void this.#readers.delete(reader) };
  }

  /** True when more would push out what is at or after `from`. Leaves room for two reads of a socket. */
  isFull(from: number): boolean {
    return this.#end - from >= this.limitBytes || this.#changes.length >= MAX_CHANGES;
  }

  /** `needed`: somebody has yet to be sent what is at or after this; absent: nobody waits. */
  append(bytes: Uint8Array, stream: OutputStream, needed = Number.POSITIVE_INFINITY): void {
    if (bytes.length === 0) return;
    if (this.#changes.at(-1)?.stream !== stream) this.#changes.push({ at: this.#end, stream });
    for (let taken = 0; taken < bytes.length;) {
      const block = this.#roomyBlock();
      const count = Math.min(bytes.length - taken, block.buffer.length - block.used);
      block.buffer.set(bytes.subarray(taken, taken + count), block.used);
      block.used += count;
      taken += count;
      this.#end += count;
    }
    this.#forget(needed);
  }

  /** What stands at `from`, of one stream and at most `maxBytes`; undefined at the end. `from` must be at or after `start`. */
  read(from: number, maxBytes: number): Piece | undefined {
    if (from >= this.#end) return undefined;
    const block = this.#blocks.findLast(({ start }) => start <= from)!;
    const index = this.#changes.findLastIndex(({ at }) => at <= from);
    const until = Math.min(
      block.start + block.used,
      from + maxBytes,
      this.#changes[index + 1]?.at ?? Number.POSITIVE_INFINITY,
    );
    return {
      offset: from,
      stream: this.#changes[index]!.stream,
      bytes: block.buffer.subarray(from - block.start, until - block.start),
    };
  }

  #roomyBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.used < last.buffer.length) return last;
    const buffer = this.#spare ?? Buffer.allocUnsafeSlow(this.#end === 0 ? FIRST_BLOCK_BYTES : BLOCK_BYTES);
    this.#spare = undefined;
    const block = { start: this.#end, buffer, used: 0 };
    this.#blocks.push(block);
    return block;
  }

  /** Not while it may be on its way into a socket. */
  #keepSpare({ start, buffer, used }: Block): void {
    if (buffer.length < BLOCK_BYTES || this.#spare) return;
    for (const { unread } of this.#readers) if (unread < start + used) return;
    this.#spare = buffer;
  }

  #forget(needed: number): void {
    // One read of the upstream socket may come after it was told to pause.
    const keep = this.limitBytes + 2 * BLOCK_BYTES;
    const until = Math.min(this.#end - keep, needed);
    while (this.#blocks.length > 1 && this.#blocks[1]!.start <= until) {
      this.#keepSpare(this.#blocks.shift()!);
    }
    this.#start = this.#blocks[0]!.start;
    while (this.#changes.length > 1 && this.#changes[1]!.at <= this.#start) this.#changes.shift();
  }
}
