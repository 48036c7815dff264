/** What a viewer says, RFC 6143 section 7.5, and QEMU's extended key event. */
export type ViewerMessage =
  | { readonly type: 'pixel-format'; readonly format: PixelFormat }
  | { readonly type: 'encodings'; readonly encodings: readonly number[] }
  | {
      readonly type: 'update-request';
      readonly incremental: boolean;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  | { readonly type: 'key'; readonly down: boolean; readonly keysym: number }
  | { readonly type: 'pointer' }
  | { readonly type: 'cut-text' }
  | { readonly type: 'set-size' };

export interface PixelFormat {
  readonly bytesPerPixel: 1 | 2 | 4;
  readonly bigEndian: boolean;
  readonly max: readonly [red: number, green: number, blue: number];
  readonly shift: readonly [red: number, green: number, blue: number];
}

/** Bytes of a message whose length is not known yet, and of those that end the connection. */
const MAX_CUT_TEXT_BYTES = 1024 * 1024;
const MAX_ENCODINGS = 1024;

/** Takes bytes in any pieces and gives whole messages. */
export class ViewerInput {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk]);
  }

  /** Exactly so many bytes, or undefined until they are there. */
  take(count: number): Buffer | undefined {
    if (this.#bytes.length < count) return undefined;
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** The next message; undefined until it is whole. Throws for what is no message: such a peer is not spoken to any more. */
  message(): ViewerMessage | undefined {
    const length = messageLength(this.#bytes);
    const bytes = length === undefined ? undefined : this.take(length);
    return bytes && parse(bytes);
  }
}

function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length === 0) return undefined;
  switch (bytes[0]!) {
    case 0:
      return 20;
    case 2: {
      if (bytes.length < 4) return undefined;
      const count = bytes.readUInt16BE(2);
      if (count > MAX_ENCODINGS) throw new RangeError(`${count} encodings`);
      return 4 + 4 * count;
    }
    case 3:
      return 10;
    case 4:
      return 8;
    case 5:
      return 6;
    case 6: {
      if (bytes.length < 8) return undefined;
      // A negative length marks the extended clipboard.
      const count = Math.abs(bytes.readInt32BE(4));
      if (count > MAX_CUT_TEXT_BYTES) throw new RangeError(`${count} bytes of text`);
      return 8 + count;
    }
    case 251:
      return bytes.length < 8 ? undefined : 8 + 16 * bytes[6]!;
    case 255:
      if (bytes.length < 2) return undefined;
      if (bytes[1] !== 0) throw new RangeError(`QEMU message ${bytes[1]}`);
      return 12;
    default:
      throw new RangeError(`message ${bytes[0]}`);
  }
}

function parse(bytes: Buffer): ViewerMessage {
  switch (bytes[0]!) {
    case 0:
      return { type: 'pixel-format', format: readPixelFormat(bytes.subarray(4)) };
    case 2:
      return {
        type: 'encodings',
        encodings: Array.from({ length: bytes.readUInt16BE(2) }, (_, index) =>
          bytes.readInt32BE(4 + 4 * index),
        ),
      };
    case 3:
      return {
        type: 'update-request',
        incremental: bytes[1] !== 0,
        x: bytes.readUInt16BE(2),
        y: bytes.readUInt16BE(4),
        width: bytes.readUInt16BE(6),
        height: bytes.readUInt16BE(8),
      };
    case 4:
      return { type: 'key', down: bytes[1] !== 0, keysym: bytes.readUInt32BE(4) };
    case 255:
      return { type: 'key', down: bytes.readUInt16BE(2) !== 0, keysym: bytes.readUInt32BE(4) };
    case 251:
      return { type: 'set-size' };
    default:
      return { type: bytes[0] === 5 ? 'pointer' : 'cut-text' };
  }
}

function readPixelFormat(bytes: Buffer): PixelFormat {
  const bits = bytes[0];
  if ((bits !== 8 && bits !== 16 && bits !== 32) || bytes[3] === 0)
    throw new RangeError(`a pixel format of ${bits} bits${bytes[3] === 0 ? ' with a colour map' : ''}`);
  return {
    bytesPerPixel: (bits / 8) as 1 | 2 | 4,
    bigEndian: bytes[2] !== 0,
    max: [bytes.readUInt16BE(4), bytes.readUInt16BE(6), bytes.readUInt16BE(8)],
    shift: [bytes[10]! & 31, bytes[11]! & 31, bytes[12]! & 31],
  };
}
