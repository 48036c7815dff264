import type { Rectangle } from '../screen.ts';
import type { ByteReader } from './byte-reader.ts';
import { brokenProtocol } from './protocol-error.ts';
import type { Canvas } from './zrle-decoder.ts';

const SIDE = 16;
/** Bits of a tile's first byte, RFC 6143 section 7.7.4. */
const IS_RAW = 1;
const HAS_BACKGROUND = 2;
const HAS_FOREGROUND = 4;
const HAS_PARTS = 8;
const PARTS_COLOURED = 16;

/** Hextile in BGRX. */
export async function decodeHextile(reader: ByteReader, area: Rectangle, canvas: Canvas): Promise<void> {
  let background: Buffer = BLACK;
  let foreground: Buffer = BLACK;
  for (let y = area.y; y < area.y + area.height; y += SIDE)
    for (let x = area.x; x < area.x + area.width; x += SIDE) {
      const width = Math.min(SIDE, area.x + area.width - x);
      const height = Math.min(SIDE, area.y + area.height - y);
      const tile = { x, y, width, height };
      const kind = await reader.u8();
      if (kind & IS_RAW) {
        const bytes = await reader.take(width * height * 4);
        for (let row = 0; row < height; row += 1) {
          const line = bytes.subarray(row * width * 4, (row + 1) * width * 4);
          canvas.pixels.set(line, ((y + row) * canvas.width + x) * 4);
        }
        continue;
      }
      if (kind & HAS_BACKGROUND) background = await reader.take(4);
      if (kind & HAS_FOREGROUND) foreground = await reader.take(4);
      fill(canvas, tile, background);
      if (kind & HAS_PARTS)
        await paintParts(reader, canvas, tile, kind & PARTS_COLOURED ? undefined : foreground);
    }
}

const BLACK = Buffer.alloc(4);

async function paintParts(
  reader: ByteReader,
  canvas: Canvas,
  tile: Rectangle,
  colour: Buffer | undefined,
): Promise<void> {
  const size = colour ? 2 : 6;
  const count = await reader.u8();
  const bytes = await reader.take(count * size);
  for (let at = 0; at < bytes.length; at += size) {
    const [place, extent] = [bytes[at + size - 2]!, bytes[at + size - 1]!];
    const part = { x: place >> 4, y: place & 15, width: (extent >> 4) + 1, height: (extent & 15) + 1 };
    if (part.x + part.width > tile.width || part.y + part.height > tile.height)
      throw brokenProtocol('a part of Hextile beyond its tile');
    fill(canvas, { ...part, x: tile.x + part.x, y: tile.y + part.y }, colour ?? bytes.subarray(at, at + 4));
  }
}

function fill(canvas: Canvas, { x, y, width, height }: Rectangle, colour: Buffer): void {
  const [blue, green, red] = [colour[0]!, colour[1]!, colour[2]!];
  for (let row = y; row < y + height; row += 1) {
    const start = (row * canvas.width + x) * 4;
    for (let at = start; at < start + width * 4; at += 4) {
      canvas.pixels[at] = blue;
      canvas.pixels[at + 1] = green;
      canvas.pixels[at + 2] = red;
    }
  }
}
