import type { Rectangle } from '../screen.ts';
import { deflatedPiece } from './deflated-piece.ts';
import { ZRLE } from './encodings.ts';
import type { PixelFormat } from './pixel-format.ts';
import { PixelWriter } from './pixel-writer.ts';
import type { TileCoder } from './tile-coder.ts';
import { packIndices, paletteOf, type TilePalette } from './tile-palette.ts';

const NOTHING = new Uint8Array(0);
const MOST_COLOURS = 127;

/** ZRLE, RFC 6143 section 7.7.6; each rectangle is one tile. */
export function zrleCoder(format: PixelFormat): TileCoder {
  const writer = new PixelWriter(format, 'compact');
  return {
    encoding: ZRLE,
    shared: true,
    key: `zrle ${JSON.stringify(format)}`,
    code: async (colours, area) => ({
      head: NOTHING,
      piece: await deflatedPiece(tileBytes(writer, colours, area)),
    }),
    length: (bytes) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes);
      return length;
    },
  };
}

function tileBytes(writer: PixelWriter, colours: Uint32Array, { width }: Rectangle): Buffer {
  const few = paletteOf(colours, MOST_COLOURS);
  if (!few) return Buffer.concat([Buffer.from([0]), writer.write(colours)]);
  const { palette, indices } = few;
  const size = palette.length;
  const kind = Buffer.from([size <= 16 ? size : 128 + size]);
  const written = writer.write(palette);
  if (size === 1) return Buffer.concat([kind, written]);
  if (size > 16) return Buffer.concat([kind, written, runs(few)]);
  return Buffer.concat([kind, written, packIndices(indices, width, size <= 2 ? 1 : size <= 4 ? 2 : 4)]);
}

/** An index for a single pixel; for more, the index with its high bit set and the length less one, in bytes that add up. */
function runs({ indices }: TilePalette): Buffer {
  const bytes = Buffer.allocUnsafe(indices.length * 2);
  let at = 0;
  for (let start = 0, end = 0; start < indices.length; start = end) {
    const index = indices[start]!;
    while (end < indices.length && indices[end] === index) end += 1;
    let rest = end - start - 1;
    bytes[at++] = rest === 0 ? index : index | 0x80;
    if (rest === 0) continue;
    for (; rest >= 255; rest -= 255) bytes[at++] = 255;
    bytes[at++] = rest;
  }
  return bytes.subarray(0, at);
}
