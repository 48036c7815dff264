import type { PaintedScreen } from '../painted-screen.ts';
import type { Rectangle } from '../screen.ts';
import type { ByteReader } from './byte-reader.ts';
import { COPY_RECT, HEXTILE, RAW, ZRLE } from './encodings.ts';
import { brokenProtocol } from './protocol-error.ts';
import { decodeHextile } from './hextile-decoder.ts';
import { fits } from './rectangles.ts';
import { ZrleDecoder } from './zrle-decoder.ts';

/** Bytes of raw pixels that are waited for at once. */
const RAW_PIECE_BYTES = 64 * 1024;

/** Paints what rectangles of one connection hold, in BGRX. */
export class RectangleDecoder {
  readonly #reader: ByteReader;
  readonly #screen: PaintedScreen;
  readonly #zrle: ZrleDecoder;

  constructor(reader: ByteReader, screen: PaintedScreen) {
    this.#reader = reader;
    this.#screen = screen;
    this.#zrle = new ZrleDecoder(reader);
  }

  /** Throws BadRequest for what is beyond the screen or not of the encoding. */
  async decode(rectangle: Rectangle, encoding: number): Promise<void> {
    const { width, height } = this.#screen;
    if (!fits(rectangle, width, height)) throw brokenProtocol('a rectangle beyond the screen');
    if (encoding === COPY_RECT) return this.#copy(rectangle);
    await this.#paint(rectangle, encoding);
    if (rectangle.width > 0 && rectangle.height > 0) this.#screen.painted(rectangle);
  }

  close(): void {
    this.#zrle.close();
  }

  #paint(rectangle: Rectangle, encoding: number): Promise<void> {
    switch (encoding) {
      case RAW:
        return this.#raw(rectangle);
      case ZRLE:
        return this.#zrle.decode(rectangle, this.#screen);
      case HEXTILE:
        return decodeHextile(this.#reader, rectangle, this.#screen);
      default:
        throw brokenProtocol(`encoding ${encoding}, which nobody asked for`);
    }
  }

  async #copy(to: Rectangle): Promise<void> {
    const bytes = await this.#reader.take(4);
    const from = { x: bytes.readUInt16BE(0), y: bytes.readUInt16BE(2) };
    if (!fits({ ...to, ...from }, this.#screen.width, this.#screen.height))
      throw brokenProtocol('a copy from beyond the screen');
    if (to.width > 0 && to.height > 0) this.#screen.copy(from, to);
  }

  async #raw({ x, y, width, height }: Rectangle): Promise<void> {
    const rowBytes = width * 4;
    if (rowBytes === 0) return;
    const rows = Math.max(1, Math.floor(RAW_PIECE_BYTES / rowBytes));
    for (let done = 0; done < height; done += rows) {
      const count = Math.min(rows, height - done);
      const bytes = await this.#reader.take(count * rowBytes);
      const { pixels, width: stride } = this.#screen;
      for (let row = 0; row < count; row += 1) {
        const at = ((y + done + row) * stride + x) * 4;
        pixels.set(bytes.subarray(row * rowBytes, (row + 1) * rowBytes), at);
      }
    }
  }
}
