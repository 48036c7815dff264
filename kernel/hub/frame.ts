/** One unfragmented, unmasked text message as it stands on the wire (RFC 6455, 5.2), made once however many sockets get it. */
export interface Frame {
  /** Header and payload, contiguous. */
  readonly bytes: Buffer;
  /** The payload part of `bytes`. */
  readonly payload: Buffer;
}

const FIN_TEXT = 0x81;

export function encodeFrame(payload: Uint8Array): Frame {
  const size = payload.byteLength;
  const headerSize = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerSize + size);
  bytes[0] = FIN_TEXT;
  if (headerSize === 2) bytes[1] = size;
  else if (headerSize === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(size, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(size), 2);
  }
  bytes.set(payload, headerSize);
  return { bytes, payload: bytes.subarray(headerSize) };
}
