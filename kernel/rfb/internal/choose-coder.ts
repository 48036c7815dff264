import { RAW, TIGHT, ZRLE } from './encodings.ts';
import type { PixelFormat } from './pixel-format.ts';
import { rawCoder } from './raw-coder.ts';
import { tightCoder } from './tight-coder.ts';
import type { TileCoder } from './tile-coder.ts';
import { zrleCoder } from './zrle-coder.ts';

const CODERS = new Map<number, (format: PixelFormat) => TileCoder>([
  [RAW, rawCoder],
  [TIGHT, tightCoder],
  [ZRLE, zrleCoder],
]);

/** The first of the viewer's encodings that is known here; raw, which every viewer has to know, when none is. */
export function chooseCoder(encodings: readonly number[], format: PixelFormat): TileCoder {
  const known = encodings.find((encoding) => CODERS.has(encoding));
  return CODERS.get(known ?? RAW)!(format);
}
