import { promisify } from 'node:util';
import { constants, deflateRaw, deflateRawSync, type InputType, type ZlibOptions } from 'node:zlib';

/**
 * Each piece begins without a past and ends at a byte (an empty stored block, RFC 1951 section 3.2.4), so pieces that were made apart
 * and are put one behind the other, after a head of zlib, are one valid stream. A tile is at most 16 KiB: a larger window finds no more.
 */
const OPTIONS: ZlibOptions = {
  level: 3,
  windowBits: 14,
  memLevel: 7,
  finishFlush: constants.Z_SYNC_FLUSH,
};

const deflated = promisify<InputType, ZlibOptions, Buffer>(deflateRaw);

/** A tile of one or two colours: packing it takes less time than handing it to another thread and back. */
const AT_ONCE_BYTES = 600;

/** Packs bytes, outside of the event loop unless they are few, so that every viewer's stream can take them. */
export const deflatedPiece = (bytes: Buffer): Promise<Buffer> =>
  bytes.length <= AT_ONCE_BYTES ? Promise.resolve(deflateRawSync(bytes, OPTIONS)) : deflated(bytes, OPTIONS);
