import type { ByteLink } from '../byte-link.ts';
import type { ByteReader } from './byte-reader.ts';
import { BGRX, writePixelFormat } from './pixel-format.ts';
import { brokenProtocol } from './protocol-error.ts';

const NONE = 1;
const MAX_NAME_BYTES = 1024;

/** The server's part up to ClientInit, RFB 3.3, 3.7 and 3.8 without a password; `serverInit` is to follow. */
export async function greetViewer(reader: ByteReader, link: ByteLink): Promise<void> {
  await link.write(Buffer.from('RFB 003.008\n'));
  const words = (await reader.take(12)).toString('latin1');
  const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(words);
  if (!match || Number(match[1]) < 3) throw brokenProtocol('no greeting of RFB');
  const number = Number(match[1]) * 1000 + Number(match[2]);
  if (number < 3007) await link.write(Buffer.from([0, 0, 0, NONE]));
  else {
    await link.write(Buffer.from([1, NONE]));
    const chosen = await reader.u8();
    if (chosen !== NONE) throw brokenProtocol(`security type ${chosen}, which was not offered`);
    if (number >= 3008) await link.write(Buffer.alloc(4));
  }
  // Shared or not: here everybody is.
  await reader.u8();
}

export function serverInit(width: number, height: number, name: string): Buffer {
  const words = Buffer.from(name).subarray(0, MAX_NAME_BYTES);
  const head = Buffer.alloc(24);
  head.writeUInt16BE(width, 0);
  head.writeUInt16BE(height, 2);
  head.set(writePixelFormat(BGRX), 4);
  head.writeUInt32BE(words.length, 20);
  return Buffer.concat([head, words]);
}
