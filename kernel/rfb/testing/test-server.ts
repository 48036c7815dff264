import type { Socket } from 'node:net';
import { constants, createDeflate, type Deflate } from 'node:zlib';
import type { Rectangle } from '../screen.ts';
import { TestReader } from './test-reader.ts';

export interface ClientMessage {
  readonly type: number;
  readonly bytes: Buffer;
}

/** What encodings a picture's area is sent in. */
export type TestEncoding = 'raw' | 'hextile' | 'zrle';

/** A VNC server that shares nothing with what it tests: sends what it is told, keeps what it hears. */
export class TestServer {
  readonly reader: TestReader;
  readonly #socket: Socket;
  readonly #deflate: Deflate;
  readonly heard: ClientMessage[] = [];
  encodings: number[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    this.reader = new TestReader(socket);
    this.#deflate = createDeflate({ level: 1 });
    socket.once('close', () => this.#deflate.destroy());
  }

  send(...bytes: (number | Buffer)[]): void {
    this.#socket.write(Buffer.concat(bytes.map((one) => (typeof one === 'number' ? Buffer.of(one) : one))));
  }

  end(): void {
    this.#socket.destroy();
  }

  /** The handshake of a version; the client's answer to the version. */
  async open(
    width: number,
    height: number,
    options: { name?: string; version?: string } = {},
  ): Promise<string> {
    const { name = 'test', version = '003.008' } = options;
    this.send(Buffer.from(`RFB ${version}\n`));
    const answer = (await this.reader.take(12)).toString();
    if (version === '003.003') this.send(u32(1));
    else {
      this.send(2, 2, 1);
      if ((await this.reader.u8()) !== 1) throw new Error('security');
      if (version !== '003.007') this.send(u32(0));
    }
    if ((await this.reader.u8()) !== 1) throw new Error('not shared');
    const format = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
    this.send(u16(width), u16(height), format, u32(Buffer.byteLength(name)), Buffer.from(name));
    return answer;
  }

  /** The next message of the client. */
  async hear(): Promise<ClientMessage> {
    const message = await this.#read();
    this.heard.push(message);
    if (message.type === 2)
      this.encodings = Array.from({ length: message.bytes.length / 4 }, (_, index) =>
        message.bytes.readInt32BE(index * 4),
      );
    return message;
  }

  /** Hears up to a message of this number. */
  async hearUntil(type: number): Promise<Buffer> {
    for (;;) {
      const message = await this.hear();
      if (message.type === type) return message.bytes;
    }
  }

  async #read(): Promise<ClientMessage> {
    const type = await this.reader.u8();
    const sizes: Record<number, number> = { 0: 19, 3: 9, 4: 7, 5: 5, 255: 11 };
    if (type === 2)
      return { type, bytes: await this.reader.take(4 * (await this.reader.take(3)).readUInt16BE(1)) };
    if (type === 251) {
      const head = await this.reader.take(7);
      return { type, bytes: Buffer.concat([head, await this.reader.take(16 * head[5]!)]) };
    }
    if (type === 6) {
      const head = await this.reader.take(7);
      return { type, bytes: Buffer.concat([head, await this.reader.take(Math.abs(head.readInt32BE(3)))]) };
    }
    if (sizes[type] === undefined) throw new Error(`message ${type}`);
    return { type, bytes: await this.reader.take(sizes[type]) };
  }

  update(...rectangles: Buffer[]): void {
    this.send(Buffer.from([0, 0]), u16(rectangles.length), ...rectangles);
  }

  /** A rectangle of a picture. */
  async rectangle(
    picture: { pixels: Uint8Array; width: number },
    area: Rectangle,
    encoding: TestEncoding,
  ): Promise<Buffer> {
    const colour = (x: number, y: number): Buffer => {
      const at = ((area.y + y) * picture.width + area.x + x) * 4;
      return Buffer.from(picture.pixels.subarray(at, at + 4));
    };
    if (encoding === 'raw')
      return Buffer.concat([head(area, 0), ...eachOf(area, 1 << 16, (tile) => tilePixels(tile, colour))]);
    if (encoding === 'hextile') return Buffer.concat([head(area, 5), ...hextile(area, colour)]);
    const packed = await this.#packed(Buffer.concat(eachOf(area, 64, (tile) => zrleTile(tile, colour))));
    return Buffer.concat([head(area, 16), u32(packed.length), packed]);
  }

  #packed(bytes: Buffer): Promise<Buffer> {
    const pieces: Buffer[] = [];
    const take = (piece: Buffer): number => pieces.push(piece);
    this.#deflate.on('data', take);
    return new Promise((resolve) => {
      this.#deflate.write(bytes);
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () =>
        setImmediate(() => {
          this.#deflate.off('data', take);
          resolve(Buffer.concat(pieces));
        }),
      );
    });
  }
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export const head = (area: Rectangle, encoding: number): Buffer =>
  Buffer.concat([u16(area.x), u16(area.y), u16(area.width), u16(area.height), u32(encoding)]);

type ColourAt = (x: number, y: number) => Buffer;

function eachOf<T>({ width, height }: Rectangle, side: number, make: (tile: Rectangle) => T): T[] {
  const made: T[] = [];
  for (let y = 0; y < height; y += side)
    for (let x = 0; x < width; x += side)
      made.push(make({ x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) }));
  return made;
}

function list({ x, y, width, height }: Rectangle, colour: ColourAt): Buffer[] {
  return Array.from({ length: width * height }, (_, index) =>
    colour(x + (index % width), y + Math.floor(index / width)),
  );
}

const tilePixels = (tile: Rectangle, colour: ColourAt): Buffer => Buffer.concat(list(tile, colour));
const nameOf = (colour: Buffer): string => colour.toString('hex', 0, 3);

/** Background remembered, one colour of parts or many, and raw where there are too many. */
function hextile(area: Rectangle, colour: ColourAt): Buffer[] {
  let known = '';
  return eachOf(area, 16, (tile) => {
    const colours = list(tile, colour);
    const background = colours[0]!;
    const others = colours.flatMap((one, index) =>
      nameOf(one) === nameOf(background) ? [] : [{ one, index }],
    );
    if (others.length > 255) {
      known = '';
      return Buffer.concat([Buffer.of(1), ...colours]);
    }
    const place = (index: number): number[] => [
      ((index % tile.width) << 4) | Math.floor(index / tile.width),
      0,
    ];
    const distinct = new Set(others.map(({ one }) => nameOf(one)));
    const flags =
      (nameOf(background) === known ? 0 : 2) |
      (distinct.size === 1 ? 4 : 0) |
      (others.length > 0 ? 8 : 0) |
      (distinct.size > 1 ? 16 : 0);
    const told = flags & 2 ? background : Buffer.alloc(0);
    known = nameOf(background);
    if (others.length === 0) return Buffer.concat([Buffer.of(flags), told]);
    const parts = others.map(({ one, index }) =>
      Buffer.concat([distinct.size > 1 ? one : Buffer.alloc(0), Buffer.from(place(index))]),
    );
    const foreground = flags & 4 ? others[0]!.one : Buffer.alloc(0);
    return Buffer.concat([Buffer.of(flags), told, foreground, Buffer.of(others.length), ...parts]);
  });
}

/** Every kind there is, by the number of colours; plain runs where the sum of the corners is odd. */
function zrleTile(tile: Rectangle, colour: ColourAt): Buffer {
  const colours = list(tile, colour);
  const names = [...new Set(colours.map(nameOf))];
  const palette = Buffer.from(names.join(''), 'hex');
  const index = (one: Buffer): number => names.indexOf(nameOf(one));
  if (names.length === 1) return Buffer.concat([Buffer.of(1), palette]);
  if (names.length <= 16)
    return Buffer.concat([
      Buffer.of(names.length),
      palette,
      ...packedRows(colours.map(index), tile.width, names.length),
    ]);
  const runs = runsOf(colours);
  if (names.length <= 127)
    return Buffer.concat([
      Buffer.of(128 + names.length),
      palette,
      ...runs.map(({ one, length }) =>
        length === 1
          ? Buffer.of(index(one))
          : Buffer.concat([Buffer.of(128 | index(one)), runLength(length)]),
      ),
    ]);
  if ((colours[0]![0]! + colours.at(-1)![0]!) % 2 === 0)
    return Buffer.concat([Buffer.of(0), ...colours.map((one) => one.subarray(0, 3))]);
  return Buffer.concat([
    Buffer.of(128),
    ...runs.flatMap(({ one, length }) => [one.subarray(0, 3), runLength(length)]),
  ]);
}

function packedRows(indices: number[], width: number, colours: number): Buffer[] {
  const bits = colours <= 2 ? 1 : colours <= 4 ? 2 : 4;
  return Array.from({ length: indices.length / width }, (_, row) => {
    const digits = indices
      .slice(row * width, (row + 1) * width)
      .map((one) => one.toString(2).padStart(bits, '0'));
    const text = digits.join('');
    return Buffer.from((text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
  });
}

function runsOf(colours: Buffer[]): { one: Buffer; length: number }[] {
  const runs: { one: Buffer; length: number }[] = [];
  for (const one of colours) {
    const last = runs.at(-1);
    if (last && nameOf(last.one) === nameOf(one)) last.length += 1;
    else runs.push({ one, length: 1 });
  }
  return runs;
}

const runLength = (length: number): Buffer =>
  Buffer.from([...Array.from({ length: Math.floor((length - 1) / 255) }, () => 255), (length - 1) % 255]);
