import type { Rectangle } from '../screen.ts';
import type { ByteReader } from './byte-reader.ts';
import { Inflating } from './inflating.ts';
import { brokenProtocol } from './protocol-error.ts';
import { TILE } from './tiles.ts';

/** Packed bytes that are unpacked at once; at most 8 MiB come of them. */
const PIECE_BYTES = 8 * 1024;
/** The longest tile there is: its kind, 127 colours, runs of a pixel each with colour and length. */
const TILE_BYTES = 1 + 127 * 3 + TILE * TILE * 4;

/** What is painted on. */
export interface Canvas {
  readonly width: number;
  readonly pixels: Uint8Array;
}

/** ZRLE, RFC 6143 section 7.7.6, in BGRX: CPIXELs are blue, green, red. */
export class ZrleDecoder {
  readonly #reader: ByteReader;
  #stream: Inflating | undefined;
  /** Packed bytes of this rectangle that have not come. */
  #left = 0;
  /** Unpacked bytes, of which those before `at` are used. */
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  async decode(area: Rectangle, canvas: Canvas): Promise<void> {
    this.#left = await this.#reader.u32();
    this.#stream ??= new Inflating();
    const colours = new Uint32Array(TILE * TILE);
    for (let y = area.y; y < area.y + area.height; y += TILE)
      for (let x = area.x; x < area.x + area.width; x += TILE) {
        const width = Math.min(TILE, area.x + area.width - x);
        const height = Math.min(TILE, area.y + area.height - y);
        await this.#fill(TILE_BYTES);
        this.#tile(colours.subarray(0, width * height), width);
        paint(canvas, { x, y, width, height }, colours);
      }
    await this.#drain();
  }

  close(): void {
    this.#stream?.close();
  }

  /** Unpacks until so many bytes are there or none are left. */
  async #fill(count: number): Promise<void> {
    while (this.#bytes.length - this.#at < count && this.#left > 0) {
      const piece = await this.#reader.some(Math.min(this.#left, PIECE_BYTES));
      this.#left -= piece.length;
      const unpacked = await this.#stream!.push(piece);
      this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), ...unpacked]);
      this.#at = 0;
    }
  }

  /** What follows the last tile of a rectangle: the end of a block, no bytes. */
  async #drain(): Promise<void> {
    await this.#fill(Infinity);
    if (this.#at < this.#bytes.length) throw brokenProtocol('more than a rectangle of ZRLE holds');
    this.#bytes = Buffer.alloc(0);
    this.#at = 0;
  }

  #u8(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw brokenProtocol('a rectangle of ZRLE that is too short');
    this.#at += 1;
    return value;
  }

  #colour(): number {
    const at = this.#at;
    this.#at += 3;
    if (this.#at > this.#bytes.length) throw brokenProtocol('a rectangle of ZRLE that is too short');
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8) | (this.#bytes[at + 2]! << 16);
  }

  #palette(size: number): Uint32Array {
    return Uint32Array.from({ length: size }, () => this.#colour());
  }

  #tile(colours: Uint32Array, width: number): void {
    const kind = this.#u8();
    if (kind === 0) for (let index = 0; index < colours.length; index += 1) colours[index] = this.#colour();
    else if (kind === 1) colours.fill(this.#colour());
    else if (kind <= 16) this.#packed(colours, width, this.#palette(kind));
    else if (kind === 128) this.#runs(colours, () => [this.#colour(), this.#run()]);
    else if (kind >= 130) {
      const palette = this.#palette(kind - 128);
      this.#runs(colours, () => {
        const index = this.#u8();
        return [colourOf(palette, index & 0x7f), index & 0x80 ? this.#run() : 1];
      });
    } else throw brokenProtocol(`a tile of ZRLE of kind ${kind}`);
  }

  #packed(colours: Uint32Array, width: number, palette: Uint32Array): void {
    const bits = palette.length <= 2 ? 1 : palette.length <= 4 ? 2 : 4;
    const mask = (1 << bits) - 1;
    for (let index = 0; index < colours.length;) {
      let byte = 0;
      for (let column = 0, shift = 0; column < width; column += 1, index += 1) {
        if (shift === 0) {
          byte = this.#u8();
          shift = 8;
        }
        shift -= bits;
        colours[index] = colourOf(palette, (byte >> shift) & mask);
      }
    }
  }

  #run(): number {
    let length = 1;
    for (let byte = 255; byte === 255;) {
      byte = this.#u8();
      length += byte;
    }
    return length;
  }

  #runs(colours: Uint32Array, next: () => [colour: number, length: number]): void {
    for (let at = 0; at < colours.length;) {
      const [colour, length] = next();
      if (at + length > colours.length) throw brokenProtocol('a run of ZRLE beyond its tile');
      colours.fill(colour, at, at + length);
      at += length;
    }
  }
}

function colourOf(palette: Uint32Array, index: number): number {
  const colour = palette[index];
  if (colour === undefined) throw brokenProtocol(`colour ${index} of ${palette.length}`);
  return colour;
}

function paint(canvas: Canvas, { x, y, width, height }: Rectangle, colours: Uint32Array): void {
  const bytes = new Uint8Array(colours.buffer, colours.byteOffset);
  for (let row = 0; row < height; row += 1) {
    const line = bytes.subarray(row * width * 4, (row + 1) * width * 4);
    canvas.pixels.set(line, ((y + row) * canvas.width + x) * 4);
  }
}
