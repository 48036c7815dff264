import type { Rectangle } from '../screen.ts';

export const MAX_SIDE = 8192;
/** 64 MiB of pixels: 4096 × 4096, 7680 × 2160. */
export const MAX_PIXELS = 2 ** 24;
export const MAX_CURSOR_SIDE = 512;
export const MAX_CLIPBOARD_BYTES = 1024 * 1024;

/** 12 bytes, RFC 6143 section 7.6.1. */
export function rectangleHead({ x, y, width, height }: Rectangle, encoding: number): Buffer {
  const head = Buffer.allocUnsafe(12);
  head.writeUInt16BE(x, 0);
  head.writeUInt16BE(y, 2);
  head.writeUInt16BE(width, 4);
  head.writeUInt16BE(height, 6);
  head.writeInt32BE(encoding, 8);
  return head;
}

export const fits = ({ x, y, width, height }: Rectangle, wide: number, high: number): boolean =>
  x + width <= wide && y + height <= high;
