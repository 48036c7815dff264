import { promisify } from 'node:util';
import { crc32, deflate, type InputType, type ZlibOptions } from 'node:zlib';
import type { Screen } from './screen.ts';

/** Pixels that are read before others get a turn: about a millisecond. */
const PIXELS_A_TURN = 2 ** 17;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Filter "up": what is alike in two rows becomes zero. */
const UP = 2;

const deflated = promisify<InputType, ZlibOptions, Buffer>(deflate);

/**
 * The picture as PNG (RGB, 8 bits), made smaller to at most `maxWidth` pixels, each the mean of those it stands for. What changes
 * meanwhile may show in part. Takes, while it lasts, three bytes for each pixel of the result.
 */
export async function pngOf(
  screen: Pick<Screen, 'width' | 'height' | 'pixels'>,
  maxWidth = Infinity,
): Promise<Buffer> {
  // A resize leaves this array alone.
  const { width, height, pixels } = screen;
  const wide = Math.max(1, Math.min(width, Math.floor(maxWidth)));
  const high = Math.max(1, Math.round((height * wide) / width));
  const rowBytes = wide * 3;
  const rows = Buffer.alloc((1 + rowBytes) * high);
  let above = new Uint8Array(rowBytes);
  let read = 0;
  for (let row = 0; row < high; row += 1) {
    const [from, to] = [span(row, high, height), span(row + 1, high, height)];
    const line = meanRow({ width, pixels }, from, Math.max(to, from + 1), wide);
    const at = row * (1 + rowBytes);
    rows[at] = UP;
    for (let index = 0; index < rowBytes; index += 1) rows[at + 1 + index] = line[index]! - above[index]!;
    above = line;
    read += Math.max(1, to - from) * width;
    if (read < PIXELS_A_TURN) continue;
    read = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(wide, high)),
    chunk('IDAT', await deflated(rows, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const span = (index: number, count: number, size: number): number => Math.floor((index * size) / count);

function meanRow(
  { width, pixels }: { readonly width: number; readonly pixels: Uint8Array },
  top: number,
  bottom: number,
  wide: number,
): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(wide * 3);
  for (let column = 0; column < wide; column += 1) {
    const left = span(column, wide, width);
    const right = Math.max(span(column + 1, wide, width), left + 1);
    let [red, green, blue] = [0, 0, 0];
    for (let row = top; row < bottom; row += 1)
      for (let at = (row * width + left) * 4; at < (row * width + right) * 4; at += 4) {
        blue += pixels[at]!;
        green += pixels[at + 1]!;
        red += pixels[at + 2]!;
      }
    const count = (right - left) * (bottom - top);
    line[column * 3] = Math.round(red / count);
    line[column * 3 + 1] = Math.round(green / count);
    line[column * 3 + 2] = Math.round(blue / count);
  }
  return line;
}

function header(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  // Eight bits of red, green, blue; no interlacing.
  bytes.set([8, 2, 0, 0, 0], 8);
  return bytes;
}

function chunk(type: string, content: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, 'latin1');
  content.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}
