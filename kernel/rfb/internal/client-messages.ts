import type { SizeWish } from '../size-wish.ts';
import { writeLayout } from './layout-codec.ts';
import type { PixelFormat } from './pixel-format.ts';
import { writePixelFormat } from './pixel-format.ts';

/** What a client says, RFC 6143 section 7.5, QEMU's extended key event, and rfbproto's SetDesktopSize. */

export const setPixelFormat = (format: PixelFormat): Buffer =>
  Buffer.concat([Buffer.alloc(4), writePixelFormat(format)]);

export function setEncodings(encodings: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * encodings.length);
  bytes[0] = 2;
  bytes.writeUInt16BE(encodings.length, 2);
  for (const [index, encoding] of encodings.entries()) bytes.writeInt32BE(encoding, 4 + 4 * index);
  return bytes;
}

export function setDesktopSize({ width, height, layout }: SizeWish): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = 251;
  bytes.writeUInt16BE(width, 2);
  bytes.writeUInt16BE(height, 4);
  bytes[6] = layout.length;
  return Buffer.concat([bytes, writeLayout(layout)]);
}

export function updateRequest(incremental: boolean, width: number, height: number): Buffer {
  const bytes = Buffer.alloc(10);
  bytes[0] = 3;
  bytes[1] = incremental ? 1 : 0;
  bytes.writeUInt16BE(width, 6);
  bytes.writeUInt16BE(height, 8);
  return bytes;
}

export function keyEvent(down: boolean, keysym: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = 4;
  bytes[1] = down ? 1 : 0;
  bytes.writeUInt32BE(keysym >>> 0, 4);
  return bytes;
}

export function qemuKeyEvent(down: boolean, keysym: number, scancode: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes[0] = 255;
  bytes.writeUInt16BE(down ? 1 : 0, 2);
  bytes.writeUInt32BE(keysym >>> 0, 4);
  bytes.writeUInt32BE(scancode >>> 0, 8);
  return bytes;
}

export function pointerEvent(x: number, y: number, buttons: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes[0] = 5;
  bytes[1] = buttons & 0x7f;
  bytes.writeUInt16BE(x, 2);
  bytes.writeUInt16BE(y, 4);
  return bytes;
}
