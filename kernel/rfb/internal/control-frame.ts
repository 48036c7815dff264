/** A key of zeros masks nothing: keys are against pages that choose what is sent, and nobody chose this. */
const MASK = [0, 0, 0, 0];

/** `text` is cut to what there is room for: 123 bytes of UTF-8. */
export function closeFrame(code: number, text: string, how: { readonly masked: boolean }): Buffer {
  const words = new Uint8Array(123);
  const { written } = new TextEncoder().encodeInto(text, words);
  return controlFrame(8, [code >> 8, code & 0xff, ...words.subarray(0, written)], how.masked);
}

export const maskedPing = (): Buffer => controlFrame(9, [], true);

function controlFrame(opcode: number, payload: readonly number[], masked: boolean): Buffer {
  return Buffer.from([
    0x80 | opcode,
    (masked ? 0x80 : 0) | payload.length,
    ...(masked ? MASK : []),
    ...payload,
  ]);
}
