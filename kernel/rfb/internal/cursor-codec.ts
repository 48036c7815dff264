import type { Cursor, Rectangle } from '../screen.ts';
import type { ByteReader } from './byte-reader.ts';
import { ALPHA_CURSOR, CURSOR, RAW, VMWARE_CURSOR } from './encodings.ts';
import type { PixelFormat } from './pixel-format.ts';
import { PixelWriter } from './pixel-writer.ts';
import { brokenProtocol } from './protocol-error.ts';
import { MAX_CURSOR_SIDE, rectangleHead } from './rectangles.ts';

/** Best first: VMware's and the alpha cursor are the same in every pixel format. */
const KINDS = [VMWARE_CURSOR, ALPHA_CURSOR, CURSOR];

/** Undefined: this viewer knows no cursors. */
export function cursorRectangle(
  cursor: Cursor,
  encodings: readonly number[],
  format: PixelFormat,
): Buffer | undefined {
  const kind = KINDS.find((one) => encodings.includes(one));
  if (kind === undefined) return undefined;
  const { width, height, hotX, hotY } = cursor;
  const head = rectangleHead({ x: hotX, y: hotY, width, height }, kind);
  switch (kind) {
    case VMWARE_CURSOR:
      // Kind 1, with alpha, and padding.
      return Buffer.concat([head, Buffer.from([1, 0]), rgba(cursor, false)]);
    case ALPHA_CURSOR: {
      const inner = Buffer.alloc(4);
      inner.writeInt32BE(RAW);
      return Buffer.concat([head, inner, rgba(cursor, true)]);
    }
    default:
      return Buffer.concat([head, masked(cursor, format)]);
  }
}

function rgba({ pixels }: Cursor, premultiplied: boolean): Buffer {
  const bytes = Buffer.alloc(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3]!;
    const share = premultiplied ? alpha / 255 : 1;
    bytes[at] = Math.round(pixels[at + 2]! * share);
    bytes[at + 1] = Math.round(pixels[at + 1]! * share);
    bytes[at + 2] = Math.round(pixels[at]! * share);
    bytes[at + 3] = alpha;
  }
  return bytes;
}

/** RFC 6143 section 7.8.1: pixels, then a bit for each that is to be seen. */
function masked({ width, height, pixels }: Cursor, format: PixelFormat): Buffer {
  const colours = new Uint32Array(width * height);
  const rowBytes = Math.ceil(width / 8);
  const mask = Buffer.alloc(rowBytes * height);
  for (let index = 0; index < colours.length; index += 1) {
    const at = index * 4;
    colours[index] = (pixels[at + 2]! << 16) | (pixels[at + 1]! << 8) | pixels[at]!;
    const x = index % width;
    if (pixels[at + 3]! >= 128) mask[Math.floor(index / width) * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
  }
  return Buffer.concat([new PixelWriter(format).write(colours), mask]);
}

/** Reads what stands behind the rectangle's head. `bgra`: QEMU's order in the alpha cursor, which is not the specified one. */
export async function readCursor(
  reader: ByteReader,
  encoding: number,
  { x, y, width, height }: Rectangle,
  bgra: boolean,
): Promise<Cursor> {
  if (width > MAX_CURSOR_SIDE || height > MAX_CURSOR_SIDE)
    throw brokenProtocol(`a cursor of ${width} × ${height} pixels`);
  const area = { width, height, hotX: x, hotY: y };
  if (encoding === ALPHA_CURSOR) {
    const inner = await reader.s32();
    if (inner !== RAW) throw brokenProtocol(`a cursor in encoding ${inner}`);
    return { ...area, pixels: straight(await reader.take(width * height * 4), bgra) };
  }
  const pixels = Uint8Array.from(await reader.take(width * height * 4));
  const rowBytes = Math.ceil(width / 8);
  const mask = await reader.take(rowBytes * height);
  for (let index = 0; index < width * height; index += 1) {
    const column = index % width;
    const bit = mask[Math.floor(index / width) * rowBytes + (column >> 3)]! & (0x80 >> (column & 7));
    pixels[index * 4 + 3] = bit ? 255 : 0;
  }
  return { ...area, pixels };
}

/** Of premultiplied pixels. */
function straight(bytes: Buffer, bgra: boolean): Uint8Array {
  const pixels = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 4) {
    const alpha = bytes[at + 3]!;
    for (let index = 0; index < 3; index += 1) {
      const value = bytes[at + (bgra ? index : 2 - index)]!;
      pixels[at + index] = alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
    }
    pixels[at + 3] = alpha;
  }
  return pixels;
}
