import type { PixelFormat } from './pixel-format.ts';

/** `full`: as the format says. `compact`: three bytes where the colours are in three (ZRLE's CPIXEL). `rgb`: Tight's three bytes. */
export type PixelLayout = 'full' | 'compact' | 'rgb';

/** Writes colours (`0xRRGGBB`) as a viewer wants its pixels. */
export class PixelWriter {
  readonly bytesPerPixel: number;
  readonly #red: Uint32Array;
  readonly #green: Uint32Array;
  readonly #blue: Uint32Array;
  /** Of each byte, how far right the value is shifted for it. */
  readonly #bytes: readonly number[];

  constructor(format: PixelFormat, layout: PixelLayout = 'full') {
    const rgb = layout === 'rgb' && isEightBitTriple(format);
    const shift = rgb ? [16, 8, 0] : format.shift;
    const [red, green, blue] = format.max.map((max, index) => channel(max, shift[index]!));
    this.#red = red!;
    this.#green = green!;
    this.#blue = blue!;
    this.#bytes = rgb ? [16, 8, 0] : byteShifts(format, layout === 'compact');
    this.bytesPerPixel = this.#bytes.length;
  }

  write(colours: Uint32Array): Buffer {
    const bytes = Buffer.allocUnsafe(colours.length * this.bytesPerPixel);
    const [red, green, blue] = [this.#red, this.#green, this.#blue];
    const [first = 0, second = 0, third = 0, fourth = 0] = this.#bytes;
    const size = this.bytesPerPixel;
    let at = 0;
    for (let index = 0; index < colours.length; index += 1) {
      const colour = colours[index]!;
      const value = red[colour >>> 16]! | green[(colour >>> 8) & 0xff]! | blue[colour & 0xff]!;
      bytes[at] = value >>> first;
      if (size > 1) bytes[at + 1] = value >>> second;
      if (size > 2) bytes[at + 2] = value >>> third;
      if (size > 3) bytes[at + 3] = value >>> fourth;
      at += size;
    }
    return bytes;
  }
}

/** Formats whose Tight pixels are three bytes (rfbproto, TPIXEL). */
export const isEightBitTriple = ({ bytesPerPixel, depth, max }: PixelFormat): boolean =>
  bytesPerPixel === 4 && depth === 24 && max.every((one) => one === 255);

function channel(max: number, shift: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, value) => Math.round((value * max) / 255) << shift);
}

function byteShifts(format: PixelFormat, compact: boolean): readonly number[] {
  const little = Array.from({ length: format.bytesPerPixel }, (_, index) => index * 8);
  const used = compact ? compactBytes(format, little) : little;
  return format.bigEndian ? used.toReversed() : used;
}

/** RFC 6143 section 7.7.5: three bytes when the colours are all in the lower or all in the upper three of four. */
function compactBytes({ bytesPerPixel, depth, max, shift }: PixelFormat, all: number[]): number[] {
  if (bytesPerPixel !== 4 || depth > 24) return all;
  const ends = max.map((one, index) => shift[index]! + Math.log2(one + 1));
  if (Math.max(...ends) <= 24) return all.slice(0, 3);
  return Math.min(...shift) >= 8 ? all.slice(1) : all;
}
