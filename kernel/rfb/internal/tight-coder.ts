import type { Rectangle } from '../screen.ts';
import { deflatedPiece } from './deflated-piece.ts';
import { TIGHT } from './encodings.ts';
import type { PixelFormat } from './pixel-format.ts';
import { PixelWriter } from './pixel-writer.ts';
import type { CodedTile, TileCoder } from './tile-coder.ts';
import { packIndices, paletteOf } from './tile-palette.ts';

/** Control bytes (rfbproto, "Tight Encoding"), all of the first of its four streams. */
const FILL = 0x80;
const COPY = 0x00;
const WITH_FILTER = 0x40;
const PALETTE_FILTER = 1;
/** Less is not packed. */
const LEAST_PACKED_BYTES = 12;
const MOST_COLOURS = 256;

/** Tight without JPEG: nothing is lost. */
export function tightCoder(format: PixelFormat): TileCoder {
  const writer = new PixelWriter(format, 'rgb');
  return {
    encoding: TIGHT,
    shared: true,
    key: `tight ${JSON.stringify(format)}`,
    code: (colours, area) => code(writer, colours, area),
    length: compactLength,
  };
}

function code(writer: PixelWriter, colours: Uint32Array, { width }: Rectangle): Promise<CodedTile> {
  const few = paletteOf(colours, MOST_COLOURS);
  if (!few) return packed(Buffer.from([COPY]), writer.write(colours));
  const { palette, indices } = few;
  const written = writer.write(palette);
  if (palette.length === 1) return Promise.resolve({ head: Buffer.concat([Buffer.from([FILL]), written]) });
  const head = Buffer.concat([Buffer.from([WITH_FILTER, PALETTE_FILTER, palette.length - 1]), written]);
  return packed(head, palette.length === 2 ? packIndices(indices, width, 1) : Buffer.from(indices.buffer));
}

async function packed(head: Buffer, bytes: Buffer): Promise<CodedTile> {
  if (bytes.length < LEAST_PACKED_BYTES) return { head: Buffer.concat([head, bytes]) };
  return { head, piece: await deflatedPiece(bytes) };
}

/** One to three bytes, seven bits each, the lowest first. */
function compactLength(bytes: number): Uint8Array {
  const low = bytes & 0x7f;
  if (bytes < 1 << 7) return Buffer.from([low]);
  const middle = (bytes >> 7) & 0x7f;
  if (bytes < 1 << 14) return Buffer.from([low | 0x80, middle]);
  return Buffer.from([low | 0x80, middle | 0x80, bytes >> 14]);
}
