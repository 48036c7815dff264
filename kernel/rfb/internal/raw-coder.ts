import { RAW } from './encodings.ts';
import type { PixelFormat } from './pixel-format.ts';
import { PixelWriter } from './pixel-writer.ts';
import type { TileCoder } from './tile-coder.ts';

export function rawCoder(format: PixelFormat): TileCoder {
  const writer = new PixelWriter(format);
  return {
    encoding: RAW,
    shared: false,
    key: `raw ${JSON.stringify(format)}`,
    code: (colours) => Promise.resolve({ head: writer.write(colours) }),
    length: () => new Uint8Array(0),
  };
}
