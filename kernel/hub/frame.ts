/** One unfragmented, unmasked text message as it stands on the wire (RFC 6455, 5.2), made once however many sockets get it. */
export interface Frame {
  /** Header and payload, contiguous. */
  readonly bytes: Buffer;
  /** The payload part of `bytes`. */
  readonly payload: Buffer;
}

const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;

export function encodeFrame(payload: Uint8Array): Frame {
  const size = payload.byteLength;
  const bytes = Buffer.allocUnsafe(headerBytes(size) + size);
  const headerSize = writeHeader(bytes, 0, size);
  bytes.set(payload, headerSize);
  return { bytes, payload: bytes.subarray(headerSize) };
}

/** Frames that are made in one piece: about this many bytes. */
const PIECE_BYTES = 64 * 1024;

/** Many messages as frames, one behind the other in few buffers, so that a small message costs no buffer and no write. */
export function joinFrames(messages: readonly string[]): readonly Buffer[] {
  const sizes = messages.map((message) => Buffer.byteLength(message));
  const pieces: Buffer[] = [];
  let from = 0;
  while (from < messages.length) {
    let to = from;
    let total = 0;
    while (to < messages.length && (to === from || total < PIECE_BYTES)) {
      total += headerBytes(sizes[to]!) + sizes[to]!;
      to += 1;
    }
    const piece = Buffer.allocUnsafe(total);
    let at = 0;
    for (; from < to; from += 1) {
      at = writeHeader(piece, at, sizes[from]!);
      at += piece.write(messages[from]!, at);
    }
    pieces.push(piece);
  }
  return pieces;
}

function headerBytes(size: number): number {
  return size < 126 ? 2 : size < 65_536 ? 4 : 10;
}

/** What stands before a binary message of so many bytes. */
export function binaryHeader(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes(size));
  writeHeader(bytes, 0, size, FIN_BINARY);
  return bytes;
}

/** Returns where the payload begins. */
function writeHeader(bytes: Buffer, at: number, size: number, kind = FIN_TEXT): number {
  bytes[at] = kind;
  const header = headerBytes(size);
  if (header === 2) bytes[at + 1] = size;
  else if (header === 4) {
    bytes[at + 1] = 126;
    bytes.writeUInt16BE(size, at + 2);
  } else {
    bytes[at + 1] = 127;
    bytes.writeBigUInt64BE(BigInt(size), at + 2);
  }
  return at + header;
}
