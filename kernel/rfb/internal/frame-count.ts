/** What is no frame, or none that may pass. `code`: what the connection is closed with. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: 1002 | 1003 | 1009;

  constructor(code: FrameError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface FrameBounds {
  /** Clients mask what they send, servers do not. */
  readonly masked: boolean;
  readonly maxFrameBytes: number;
  /** Text ends it with 1003. */
  readonly binaryOnly: boolean;
}

const TEXT = 1;
const CLOSE = 8;
const KNOWN: ReadonlySet<number> = new Set([0, TEXT, 2, CLOSE, 9, 10]);
const MAX_CONTROL_BYTES = 125;
const MASK_BYTES = 4;

/** Knows where the frames of a WebSocket begin and end (RFC 6455, section 5.2) from their headers; looks at nothing else. */
export class FrameCount {
  readonly #bounds: FrameBounds;
  /** The header that is being read; without the mask. */
  readonly #header = Buffer.alloc(10);
  #headerBytes = 0;
  /** Of the frame that has begun; the mask counts with it. */
  #leftBytes = 0;
  #closing = false;

  constructor(bounds: FrameBounds) {
    this.#bounds = bounds;
  }

  /** No frame has begun that has not ended. */
  get isBetween(): boolean {
    return this.#leftBytes === 0 && this.#headerBytes === 0;
  }

  /** A close frame has come: nothing follows it. */
  get hasClosed(): boolean {
    return this.#closing && this.isBetween;
  }

  /** Where the frame that goes on at `from` ends, or the piece before it. Throws FrameError. */
  pass(bytes: Buffer, from: number): number {
    let at = from;
    while (this.#leftBytes === 0) {
      if (at === bytes.length) return at;
      this.#header[this.#headerBytes++] = bytes[at++]!;
      if (this.#isWhole() && this.#begin()) return at;
    }
    const step = Math.min(this.#leftBytes, bytes.length - at);
    this.#leftBytes -= step;
    return at + step;
  }

  #isWhole(): boolean {
    if (this.#headerBytes < 2) return false;
    const length = this.#header[1]! & 0x7f;
    return this.#headerBytes === (length < 126 ? 2 : length === 126 ? 4 : 10);
  }

  /** True for a frame that ends with its header. */
  #begin(): boolean {
    const [first, second] = [this.#header[0]!, this.#header[1]!];
    const { masked, maxFrameBytes, binaryOnly } = this.#bounds;
    const opcode = first & 0x0f;
    const length = this.#length(second & 0x7f);
    if (this.#closing || (first & 0x70) !== 0 || !KNOWN.has(opcode) || second >= 0x80 !== masked)
      throw new FrameError(1002, 'That is no frame.');
    if (opcode >= CLOSE && (first < 0x80 || length > MAX_CONTROL_BYTES))
      throw new FrameError(1002, 'A control frame is whole and short.');
    if (binaryOnly && opcode === TEXT) throw new FrameError(1003, 'A screen is spoken to in binary frames.');
    if (length > maxFrameBytes) throw new FrameError(1009, `A frame has at most ${maxFrameBytes} bytes.`);
    this.#closing = opcode === CLOSE;
    this.#headerBytes = 0;
    this.#leftBytes = length + (masked ? MASK_BYTES : 0);
    return this.#leftBytes === 0;
  }

  #length(short: number): number {
    if (short < 126) return short;
    return short === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2));
  }
}
