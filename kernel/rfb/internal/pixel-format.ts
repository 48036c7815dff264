import { brokenProtocol } from './protocol-error.ts';

/** RFC 6143 section 7.4; true colour only. */
export interface PixelFormat {
  readonly bytesPerPixel: 1 | 2 | 4;
  readonly depth: number;
  readonly bigEndian: boolean;
  readonly max: readonly [red: number, green: number, blue: number];
  readonly shift: readonly [red: number, green: number, blue: number];
}

/** A Screen's own: blue, green, red, unused. */
export const BGRX: PixelFormat = {
  bytesPerPixel: 4,
  depth: 24,
  bigEndian: false,
  max: [255, 255, 255],
  shift: [16, 8, 0],
};

/** Throws BadRequest for a format that is not 8, 16 or 32 bits of true colour. */
export function readPixelFormat(bytes: Buffer): PixelFormat {
  const bits = bytes[0]!;
  if (bits !== 8 && bits !== 16 && bits !== 32) throw brokenProtocol(`a pixel format of ${bits} bits`);
  if (bytes[3] === 0)
    throw brokenProtocol('a pixel format with a colour map; only true colour is known here');
  const format: PixelFormat = {
    bytesPerPixel: (bits / 8) as 1 | 2 | 4,
    depth: bytes[1]!,
    bigEndian: bytes[2] !== 0,
    max: [bytes.readUInt16BE(4), bytes.readUInt16BE(6), bytes.readUInt16BE(8)],
    shift: [bytes[10]!, bytes[11]!, bytes[12]!],
  };
  for (const [index, max] of format.max.entries()) {
    const wide = Math.log2(max + 1);
    if (max === 0 || !Number.isInteger(wide) || format.shift[index]! + wide > bits)
      throw brokenProtocol(`a pixel format with a channel of maximum ${max} at bit ${format.shift[index]!}`);
  }
  return format;
}

/** 16 bytes. */
export function writePixelFormat({ bytesPerPixel, depth, bigEndian, max, shift }: PixelFormat): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.set([bytesPerPixel * 8, depth, bigEndian ? 1 : 0, 1]);
  for (const [index, value] of max.entries()) bytes.writeUInt16BE(value, 4 + 2 * index);
  bytes.set(shift, 10);
  return bytes;
}
