import type { ScreenPart } from '../screen.ts';
import type { ByteReader } from './byte-reader.ts';

const PART_BYTES = 16;
/** More monitors than anybody has; of what is beyond nothing is kept. */
const MAX_PARTS = 16;

export async function readLayout(reader: ByteReader, count: number): Promise<ScreenPart[]> {
  const bytes = await reader.take(count * PART_BYTES);
  return Array.from({ length: Math.min(count, MAX_PARTS) }, (_, index) => {
    const [id, x, y, width, height, flags] = [
      bytes.readUInt32BE(index * PART_BYTES),
      ...[4, 6, 8, 10].map((at) => bytes.readUInt16BE(index * PART_BYTES + at)),
      bytes.readUInt32BE(index * PART_BYTES + 12),
    ] as [number, number, number, number, number, number];
    return { id, x, y, width, height, flags };
  });
}

export function writeLayout(layout: readonly ScreenPart[]): Buffer {
  const bytes = Buffer.alloc(layout.length * PART_BYTES);
  for (const [index, { id, x, y, width, height, flags }] of layout.entries()) {
    const at = index * PART_BYTES;
    bytes.writeUInt32BE(id, at);
    for (const [place, value] of [x, y, width, height].entries())
      bytes.writeUInt16BE(value, at + 4 + 2 * place);
    bytes.writeUInt32BE(flags, at + 12);
  }
  return bytes;
}
