import type { Socket } from 'node:net';
import { inflateSync, constants } from 'node:zlib';
import { TestReader } from './test-reader.ts';

/** What a viewer asks for: bytes of a pixel, order, maxima and shifts. */
export interface TestFormat {
  readonly bits: 8 | 16 | 32;
  readonly depth: number;
  readonly big: boolean;
  readonly max: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

export const RGB888: TestFormat = {
  bits: 32,
  depth: 24,
  big: false,
  max: [255, 255, 255],
  shift: [16, 8, 0],
};

/** A stream of zlib, unpacked anew from its beginning each time: slow, and with nothing to get wrong. */
class WholeStream {
  #packed: Buffer[] = [];
  #given = 0;

  unpack(piece: Buffer): Buffer {
    this.#packed.push(Buffer.from(piece));
    const all = inflateSync(Buffer.concat(this.#packed), { finishFlush: constants.Z_SYNC_FLUSH });
    const fresh = all.subarray(this.#given);
    this.#given = all.length;
    return fresh;
  }
}

/**
 * A viewer that shares nothing with what it tests. `pixels` are values in its own format, one a pixel.
 */
export class TestViewer {
  readonly reader: TestReader;
  readonly #socket: Socket;
  readonly #zrle = new WholeStream();
  readonly #tight = new WholeStream();
  format = RGB888;
  width = 0;
  height = 0;
  name = '';
  pixels = new Uint32Array(0);
  /** Encodings of the rectangles so far. */
  readonly seen: number[] = [];
  /** Of ExtendedDesktopSize. */
  readonly sizes: { why: number; outcome: number; layout: Buffer }[] = [];
  readonly texts: string[] = [];
  bells = 0;
  cursor:
    | { encoding: number; hotX: number; hotY: number; width: number; height: number; bytes: Buffer }
    | undefined;
  /** Flags and content of extended clipboard messages. */
  readonly clips: { flags: number; content: Buffer }[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    this.reader = new TestReader(socket);
  }

  write(...bytes: (number | Buffer)[]): void {
    this.#socket.write(Buffer.concat(bytes.map((one) => (typeof one === 'number' ? Buffer.of(one) : one))));
  }

  end(): void {
    this.#socket.destroy();
  }

  async open(version = '003.008'): Promise<void> {
    await this.reader.take(12);
    this.write(Buffer.from(`RFB ${version}\n`));
    if (version === '003.003') await this.reader.u32();
    else {
      await this.reader.take(await this.reader.u8());
      this.write(1);
      if (version > '003.007') await this.reader.u32();
    }
    this.write(1);
    this.#resize(await this.reader.u16(), await this.reader.u16());
    await this.reader.take(16);
    this.name = (await this.reader.take(await this.reader.u32())).toString();
  }

  setFormat(format: TestFormat): void {
    this.format = format;
    const bytes = Buffer.alloc(20);
    bytes.set([format.bits, format.depth, format.big ? 1 : 0, 1], 4);
    format.max.forEach((max, index) => bytes.writeUInt16BE(max, 8 + 2 * index));
    bytes.set(format.shift, 14);
    this.write(bytes);
  }

  setEncodings(...encodings: number[]): void {
    const bytes = Buffer.alloc(4 + 4 * encodings.length);
    bytes[0] = 2;
    bytes.writeUInt16BE(encodings.length, 2);
    encodings.forEach((encoding, index) => bytes.writeInt32BE(encoding, 4 + 4 * index));
    this.write(bytes);
  }

  ask(incremental: boolean, area = { x: 0, y: 0, width: this.width, height: this.height }): void {
    const bytes = Buffer.alloc(10);
    bytes.set([3, incremental ? 1 : 0]);
    [area.x, area.y, area.width, area.height].forEach((value, index) =>
      bytes.writeUInt16BE(value, 2 + 2 * index),
    );
    this.write(bytes);
  }

  /** Reads one message, whatever it is; its number. */
  async message(): Promise<number> {
    const type = await this.reader.u8();
    if (type === 2) this.bells += 1;
    else if (type === 3) await this.#text();
    else if (type === 0) await this.#update();
    else throw new Error(`message ${type}`);
    return type;
  }

  /** Reads up to the end of the next update. */
  async update(): Promise<void> {
    while ((await this.message()) !== 0);
  }

  async #text(): Promise<void> {
    await this.reader.take(3);
    const length = (await this.reader.take(4)).readInt32BE();
    if (length >= 0) this.texts.push((await this.reader.take(length)).toString('latin1'));
    else {
      const flags = await this.reader.u32();
      this.clips.push({ flags, content: await this.reader.take(-length - 4) });
    }
  }

  async #update(): Promise<void> {
    await this.reader.take(1);
    for (let left = await this.reader.u16(); left > 0; left -= 1) {
      const head = await this.reader.take(12);
      const [x, y, w, h] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [
        number,
        number,
        number,
        number,
      ];
      const encoding = head.readInt32BE(8);
      this.seen.push(encoding);
      await this.#rectangle(x, y, w, h, encoding);
    }
  }

  async #rectangle(x: number, y: number, w: number, h: number, encoding: number): Promise<void> {
    if (encoding === -223) this.#resize(w, h);
    else if (encoding === -308) {
      const count = (await this.reader.take(4))[0]!;
      this.sizes.push({ why: x, outcome: y, layout: await this.reader.take(16 * count) });
      if (y === 0 && (w !== this.width || h !== this.height)) this.#resize(w, h);
    } else if (encoding === -239 || encoding === -314 || encoding === 0x574d5664) {
      const mask = encoding === -239 ? Math.ceil(w / 8) * h : encoding === -314 ? 4 : 2;
      const pixel = encoding === -239 ? this.format.bits / 8 : 4;
      const bytes = await this.reader.take(w * h * pixel + mask);
      this.cursor = { encoding, hotX: x, hotY: y, width: w, height: h, bytes };
    } else if (encoding === 1) await this.#copy(x, y, w, h);
    else if (encoding === 0) this.#paint(x, y, w, h, await this.#pixels(w * h));
    else if (encoding === 16) this.#paint(x, y, w, h, await this.#zrleTile(w, h));
    else if (encoding === 7) this.#paint(x, y, w, h, await this.#tightTile(w, h));
    else if (encoding !== -258) throw new Error(`encoding ${encoding}`);
  }

  #resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.pixels = new Uint32Array(width * height);
  }

  #paint(x: number, y: number, w: number, h: number, values: readonly number[]): void {
    if (values.length !== w * h) throw new Error(`${values.length} pixels of ${w} × ${h}`);
    values.forEach((value, index) => {
      this.pixels[(y + Math.floor(index / w)) * this.width + x + (index % w)] = value;
    });
  }

  async #copy(x: number, y: number, w: number, h: number): Promise<void> {
    const [fromX, fromY] = [await this.reader.u16(), await this.reader.u16()];
    const values: number[] = [];
    for (let row = 0; row < h; row += 1)
      for (let column = 0; column < w; column += 1)
        values.push(this.pixels[(fromY + row) * this.width + fromX + column]!);
    this.#paint(x, y, w, h, values);
  }

  async #pixels(count: number): Promise<number[]> {
    const size = this.format.bits / 8;
    return this.#values(await this.reader.take(count * size), size);
  }

  #values(bytes: Buffer, size: number): number[] {
    const { big } = this.format;
    return Array.from({ length: bytes.length / size }, (_, index) =>
      big ? bytes.readUIntBE(index * size, size) : bytes.readUIntLE(index * size, size),
    );
  }

  get #threeByte(): boolean {
    const { bits, depth, max } = this.format;
    return bits === 32 && depth === 24 && max.every((one) => one === 255);
  }

  /** Only colours in the lower three bytes, or in the upper three. */
  async #zrleTile(w: number, h: number): Promise<number[]> {
    const bytes = this.#zrle.unpack(await this.reader.take(await this.reader.u32()));
    const { bits, big, shift } = this.format;
    const upper = this.#threeByte && Math.min(...shift) >= 8;
    const size = this.#threeByte ? 3 : bits / 8;
    let at = 0;
    const u8 = (): number => bytes[at++]!;
    const pixel = (): number => {
      const value = big ? bytes.readUIntBE(at, size) : bytes.readUIntLE(at, size);
      at += size;
      return upper ? value * 256 : value;
    };
    const kind = u8();
    const palette = Array.from({ length: kind === 0 || kind === 128 ? 0 : kind & 127 }, pixel);
    const values: number[] = [];
    const run = (): number => {
      let [length, byte] = [1, 255];
      while (byte === 255) length += byte = u8();
      return length;
    };
    while (values.length < w * h) {
      if (kind === 0) values.push(pixel());
      else if (kind === 1) values.push(palette[0]!);
      else if (kind <= 16) {
        const wide = kind <= 2 ? 1 : kind <= 4 ? 2 : 4;
        const row = bytes.subarray(at, (at += Math.ceil((w * wide) / 8)));
        for (let column = 0; column < w; column += 1) {
          const bit = column * wide;
          values.push(palette[(row[bit >> 3]! >> (8 - wide - (bit & 7))) & (2 ** wide - 1)]!);
        }
      } else if (kind === 128) {
        const value = pixel();
        for (let left = run(); left > 0; left -= 1) values.push(value);
      } else {
        const index = u8();
        for (let left = index > 127 ? run() : 1; left > 0; left -= 1) values.push(palette[index & 127]!);
      }
    }
    if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes too many in a tile of kind ${kind}`);
    return values;
  }

  async #tightTile(w: number, h: number): Promise<number[]> {
    const size = this.#threeByte ? 3 : this.format.bits / 8;
    const values = (bytes: Buffer): number[] =>
      size === 3 ? this.#fromRgb(bytes) : this.#values(bytes, size);
    const control = await this.reader.u8();
    if (control === 0x80) {
      const [value] = values(await this.reader.take(size));
      return Array.from({ length: w * h }, () => value!);
    }
    if (control === 0x00) return values(await this.#tightBytes(w * h * size));
    if (control !== 0x40 || (await this.reader.u8()) !== 1) throw new Error(`Tight ${control}`);
    const count = (await this.reader.u8()) + 1;
    const palette = values(await this.reader.take(count * size));
    if (count > 2) return [...(await this.#tightBytes(w * h))].map((index) => palette[index]!);
    const rowBytes = Math.ceil(w / 8);
    const bytes = await this.#tightBytes(rowBytes * h);
    return Array.from({ length: w * h }, (_, index) => {
      const x = index % w;
      return palette[(bytes[Math.floor(index / w) * rowBytes + (x >> 3)]! >> (7 - (x & 7))) & 1]!;
    });
  }

  async #tightBytes(count: number): Promise<Buffer> {
    if (count < 12) return this.reader.take(count);
    let length = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = await this.reader.u8();
      length |= (shift === 14 ? byte : byte & 127) << shift;
      more = byte > 127 && shift < 14;
    }
    const bytes = this.#tight.unpack(await this.reader.take(length));
    if (bytes.length !== count) throw new Error(`${bytes.length} bytes of ${count}`);
    return bytes;
  }

  #fromRgb(bytes: Buffer): number[] {
    const [red, green, blue] = this.format.shift;
    return Array.from(
      { length: bytes.length / 3 },
      (_, index) =>
        ((bytes[index * 3]! << red) | (bytes[index * 3 + 1]! << green) | (bytes[index * 3 + 2]! << blue)) >>>
        0,
    );
  }
}

/** What a viewer of this format must show for a screen's pixels. */
export function expectedPixels(pixels: Uint8Array, { max, shift }: TestFormat): Uint32Array {
  return Uint32Array.from({ length: pixels.length / 4 }, (_, index) => {
    const channel = (offset: number, which: 0 | 1 | 2): number =>
      (Math.round((pixels[index * 4 + offset]! * max[which]) / 255) << shift[which]) >>> 0;
    return channel(2, 0) + channel(1, 1) + channel(0, 2);
  });
}
