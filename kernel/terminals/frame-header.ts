/** RFC 6455, 5.2: the head of an unmasked, whole, binary frame, as servers send it. */
export function frameHeader(payloadBytes: number): Buffer {
  if (payloadBytes < 126) return Buffer.of(BINARY, payloadBytes);
  const extended = payloadBytes < 65_536 ? 4 : 10;
  const header = Buffer.allocUnsafe(extended);
  header[0] = BINARY;
  header[1] = extended === 4 ? 126 : 127;
  if (extended === 4) header.writeUInt16BE(payloadBytes, 2);
  else header.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return header;
}

const BINARY = 0x82;
