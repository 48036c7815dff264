/** A piece of a message, as one read of the socket brought it. */
export interface FramePart {
  /** The chunk's own, not copied; empty only for an empty message. */
  readonly bytes: Buffer;
  readonly begins: boolean;
  readonly ends: boolean;
  readonly binary: boolean;
}

export interface FrameListener {
  onPart(part: FramePart): void;
  onPing(payload: Buffer): void;
  /** The server closes; nothing is read after it. 1005: without a code. */
  onConclude(code: number): void;
  /** The server does not keep to the protocol; nothing is read after it. */
  onFault(error: Error): void;
}

const CONTINUATION = 0;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

const FIN = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
const MAX_CONTROL_BYTES = 125;
const NO_CODE = 1005;

/**
 * Reads the frames that a WebSocket's server sends (RFC 6455, without extensions), and hands on what is in them as it comes: no
 * message is gathered and no byte of one copied, so that a flood costs no memory.
 */
export class FrameReader {
  readonly #listener: FrameListener;
  /** Of a header, or of a control frame, that the last chunk has not brought whole. */
  #kept: Buffer | undefined;
  /** Bytes to come of the frame that is being read. */
  #left = 0;
  #final = false;
  /** A message has begun and its last frame has not been read. */
  #open = false;
  #told = false;
  #binary = false;
  #over = false;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  read(chunk: Buffer): void {
    let bytes = this.#kept ? Buffer.concat([this.#kept, chunk]) : chunk;
    this.#kept = undefined;
    while (!this.#over && bytes.length > 0) {
      const taken = this.#left > 0 ? this.#payload(bytes) : this.#frame(bytes);
      if (taken === 0) {
        this.#kept = Buffer.from(bytes);
        return;
      }
      bytes = bytes.subarray(taken);
    }
  }

  /** Like all that read here: tells how many bytes it took, 0 when it needs more at once. */
  #payload(bytes: Buffer): number {
    const count = Math.min(this.#left, bytes.length);
    this.#left -= count;
    this.#part(bytes.subarray(0, count));
    return count;
  }

  #part(bytes: Buffer): void {
    const ends = this.#left === 0 && this.#final;
    if (bytes.length === 0 && !ends) return;
    const begins = !this.#told;
    this.#told = true;
    if (ends) this.#open = false;
    this.#listener.onPart({ bytes, begins, ends, binary: this.#binary });
  }

  #frame(bytes: Buffer): number {
    if (bytes.length < 2) return 0;
    const [first, second] = [bytes[0]!, bytes[1]!];
    const opcode = first & 0x0f;
    const fault = faultOf(first, second, this.#open);
    if (fault !== undefined) return this.#fail(fault);
    if (opcode >= CLOSE) return this.#control(opcode, bytes, second);
    const header = headerBytes(second);
    if (bytes.length < header) return 0;
    const length = payloadBytes(bytes, second);
    if (!Number.isSafeInteger(length)) return this.#fail('a frame that is too long');
    if (opcode !== CONTINUATION) {
      this.#open = true;
      this.#told = false;
      this.#binary = opcode === BINARY;
    }
    this.#final = (first & FIN) !== 0;
    this.#left = length;
    if (length === 0) this.#part(bytes.subarray(0, 0));
    return header;
  }

  #control(opcode: number, bytes: Buffer, length: number): number {
    const end = 2 + length;
    if (bytes.length < end) return 0;
    const payload = bytes.subarray(2, end);
    if (opcode === PING) this.#listener.onPing(payload);
    if (opcode === CLOSE) {
      this.#over = true;
      this.#listener.onConclude(length < 2 ? NO_CODE : payload.readUInt16BE(0));
    }
    return end;
  }

  #fail(fault: string): number {
    this.#over = true;
    this.#listener.onFault(new Error(`The server does not speak WebSocket as agreed: it sent ${fault}.`));
    return 0;
  }
}

function faultOf(first: number, second: number, open: boolean): string | undefined {
  const opcode = first & 0x0f;
  if ((first & RESERVED) !== 0) return 'a frame of an extension';
  if ((second & MASKED) !== 0) return 'a masked frame';
  if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) return `a frame of kind ${opcode}`;
  if (opcode >= CLOSE)
    return (first & FIN) === 0 || second > MAX_CONTROL_BYTES ? 'a control frame that is too long' : undefined;
  if ((opcode === CONTINUATION) !== open) return 'the frames of a message out of order';
  return undefined;
}

function headerBytes(second: number): number {
  if (second < 126) return 2;
  return second === 126 ? 4 : 10;
}

function payloadBytes(bytes: Buffer, second: number): number {
  if (second < 126) return second;
  return second === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
}
