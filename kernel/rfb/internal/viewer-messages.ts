import type { ScreenInput } from '../input.ts';
import type { Rectangle } from '../screen.ts';
import type { SizeWish } from '../size-wish.ts';
import type { ByteReader } from './byte-reader.ts';
import { readLayout } from './layout-codec.ts';
import { readPixelFormat, type PixelFormat } from './pixel-format.ts';
import { brokenProtocol } from './protocol-error.ts';

/** What a viewer may say. */
export interface ViewerWords {
  format(format: PixelFormat): void;
  encodings(encodings: readonly number[]): void;
  request(incremental: boolean, area: Rectangle): void;
  input(input: ScreenInput): void;
  /** The message's number is read, the rest is not. */
  clipboard(): Promise<void>;
  resize(wish: SizeWish): void;
}

const MAX_ENCODINGS = 1024;
const MAX_FENCE_BYTES = 64;

/** Reads one message and tells it. Throws BadRequest for what is none. */
export async function readViewerMessage(reader: ByteReader, words: ViewerWords): Promise<void> {
  const type = await reader.u8();
  switch (type) {
    case 0:
      return words.format(readPixelFormat((await reader.take(19)).subarray(3)));
    case 2:
      return words.encodings(await readEncodings(reader));
    case 3:
      return readRequest(await reader.take(9), words);
    case 4: {
      const bytes = await reader.take(7);
      return words.input({ type: 'key', down: bytes[0] !== 0, keysym: bytes.readUInt32BE(3), scancode: 0 });
    }
    case 5: {
      const bytes = await reader.take(5);
      const [x, y] = [bytes.readUInt16BE(1), bytes.readUInt16BE(3)];
      return words.input({ type: 'pointer', x, y, buttons: bytes[0]! & 0x7f });
    }
    case 6:
      return words.clipboard();
    case 255:
      return readQemu(await reader.take(11), words);
    default:
      return readExtension(type, reader, words);
  }
}

async function readEncodings(reader: ByteReader): Promise<number[]> {
  const count = (await reader.take(3)).readUInt16BE(1);
  if (count > MAX_ENCODINGS) throw brokenProtocol(`a list of ${count} encodings`);
  const bytes = await reader.take(4 * count);
  return Array.from({ length: count }, (_, index) => bytes.readInt32BE(4 * index));
}

function readRequest(bytes: Buffer, words: ViewerWords): void {
  const [x, y] = [bytes.readUInt16BE(1), bytes.readUInt16BE(3)];
  const [width, height] = [bytes.readUInt16BE(5), bytes.readUInt16BE(7)];
  words.request(bytes[0] !== 0, { x, y, width, height });
}

function readQemu(bytes: Buffer, words: ViewerWords): void {
  if (bytes[0] !== 0) throw brokenProtocol(`QEMU’s message ${bytes[0]}`);
  words.input({
    type: 'key',
    down: bytes.readUInt16BE(1) !== 0,
    keysym: bytes.readUInt32BE(3),
    scancode: bytes.readUInt32BE(7),
  });
}

/** Messages of extensions that are not offered; some viewers send them all the same. */
async function readExtension(type: number, reader: ByteReader, words: ViewerWords): Promise<void> {
  switch (type) {
    case 150:
      return reader.skip(9);
    case 248: {
      const length = (await reader.take(8))[7]!;
      if (length > MAX_FENCE_BYTES) throw brokenProtocol(`a fence of ${length} bytes`);
      return reader.skip(length);
    }
    case 250:
      return reader.skip(3);
    case 251: {
      const head = await reader.take(7);
      const [width, height] = [head.readUInt16BE(1), head.readUInt16BE(3)];
      return words.resize({ width, height, layout: await readLayout(reader, head[5]!) });
    }
    default:
      throw brokenProtocol(`message ${type}, which no viewer has`);
  }
}
