import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import { test } from 'node:test';
import { array, assert as holds, boolean, property, string, uint8Array } from 'fast-check';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { CELL_HEIGHT, isLit } from './dot-matrix.ts';
import { PALETTE } from './framebuffer.ts';
import { Guest } from './guest.ts';
import { encodePng } from './png.ts';
import { ViewerInput } from './rfb-input.ts';
import { RfbServer } from './rfb-server.ts';
import { TextScreen } from './text-screen.ts';

const DESKTOP_SIZE = -223;

/** A viewer without a socket: speaks RFB to the server and keeps the pixels that it was sent. */
class Viewer {
  width = 0;
  height = 0;
  /** One number a pixel, as sent. */
  pixels: number[] = [];
  readonly #server: RfbServer;
  #bytes: Buffer = Buffer.alloc(0);
  #pixelBytes = 4;

  constructor(guest: Guest) {
    this.#server = new RfbServer(guest.display, (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      return Promise.resolve();
    });
  }

  shake(): void {
    assert.equal(this.#take(12).toString(), 'RFB 003.008\n');
    this.#server.received(Buffer.from('RFB 003.008\n'));
    assert.deepEqual([...this.#take(2)], [1, 1]);
    this.#server.received(Buffer.from([1]));
    assert.equal(this.#take(4).readUInt32BE(), 0);
    this.#server.received(Buffer.from([1]));
    const init = this.#take(24);
    this.#resize(init.readUInt16BE(0), init.readUInt16BE(2));
    assert.match(this.#take(init.readUInt32BE(20)).toString(), /^QEMU \(/);
  }

  send(...bytes: number[]): void {
    this.#server.received(Buffer.from(bytes));
  }

  /** 16 bits a pixel, 5-6-5, big endian. */
  use565(): void {
    this.#pixelBytes = 2;
    this.send(0, 0, 0, 0, 16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0);
  }

  want(encodings: readonly number[]): void {
    const message = Buffer.alloc(4 + 4 * encodings.length);
    message[0] = 2;
    message.writeUInt16BE(encodings.length, 2);
    for (const [index, encoding] of encodings.entries()) message.writeInt32BE(encoding, 4 + 4 * index);
    this.#server.received(message);
  }

  request(incremental: boolean): void {
    this.send(3, incremental ? 1 : 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
  }

  press(keysym: number): void {
    for (const down of [1, 0]) this.send(4, down, 0, 0, 0, 0, keysym >> 8, keysym & 0xff);
  }

  type(text: string): void {
    for (const letter of text) this.press(letter === '\r' ? 0xff0d : letter.codePointAt(0)!);
  }

  /** Takes the update that has come in, if one has; tells its encodings. */
  takeUpdate(): number[] {
    if (this.#bytes.length === 0) return [];
    const head = this.#take(4);
    assert.equal(head[0], 0);
    return Array.from({ length: head.readUInt16BE(2) }, () => this.#takeRectangle());
  }

  close(): void {
    this.#server.close();
  }

  /** What can be read on the picture, cell by cell. */
  text(cellWidth: number): string {
    const rows = Array.from({ length: this.height / CELL_HEIGHT }, (_, row) =>
      Array.from({ length: this.width / cellWidth }, (_unused, column) =>
        this.#read(column * cellWidth, row * CELL_HEIGHT, cellWidth),
      )
        .join('')
        .trimEnd(),
    );
    return rows.join('\n');
  }

  #read(left: number, top: number, cellWidth: number): string {
    const ground = this.pixels[this.width * this.height - 1];
    const lit = (x: number, y: number): boolean => this.pixels[(top + y) * this.width + left + x] !== ground;
    for (let code = 0x20; code < 0x7f; code++) {
      let same = true;
      // Below line 14 is the cursor.
      for (let y = 0; same && y < 14; y++)
        for (let x = 0; same && x < cellWidth; x++) same = lit(x, y) === isLit(code, x, y);
      if (same) return String.fromCodePoint(code);
    }
    return '?';
  }

  #takeRectangle(): number {
    const head = this.#take(12);
    const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [
      number,
      number,
      number,
      number,
    ];
    const encoding = head.readInt32BE(8);
    if (encoding === DESKTOP_SIZE) this.#resize(width, height);
    if (encoding === 0) {
      const size = this.#pixelBytes;
      const bytes = this.#take(width * height * size);
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          this.pixels[(y + row) * this.width + x + column] = bytes.readUIntBE(
            (row * width + column) * size,
            size,
          );
    }
    return encoding;
  }

  #resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.pixels = Array.from({ length: width * height }, () => 0);
  }

  #take(count: number): Buffer {
    assert.ok(this.#bytes.length >= count, `${count} bytes wanted, ${this.#bytes.length} there`);
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }
}

function openGuest(): { guest: Guest; clock: ManualClock } {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const guest = new Guest({ name: 'box', clock, after: (delayMs, run) => clock.after(delayMs, run) });
  return { guest, clock };
}

/** Lets the shell, which runs on promises, come as far as it can. */
async function settle(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(20);
  }
}

test('[SV10] the screen appears, changes its size while the guest boots, and shows what is typed', async () => {
  const { guest, clock } = openGuest();
  guest.powerOn();
  const viewer = new Viewer(guest);
  viewer.shake();
  assert.deepEqual([viewer.width, viewer.height], [640, 400]);
  viewer.want([0, DESKTOP_SIZE]);
  viewer.request(false);
  assert.deepEqual(viewer.takeUpdate(), [0]);
  assert.match(viewer.text(8), /booting from hard disk/);
  viewer.request(true);
  await clock.advance(500);
  assert.deepEqual(viewer.takeUpdate(), [DESKTOP_SIZE]);
  assert.deepEqual([viewer.width, viewer.height], [720, 400]);
  viewer.request(true);
  viewer.takeUpdate();
  await clock.advance(1_000);
  await settle(clock);
  viewer.request(true);
  await settle(clock);
  viewer.takeUpdate();
  viewer.type('echo it-is-$((40+2))\r');
  await settle(clock);
  viewer.request(false);
  await settle(clock);
  viewer.takeUpdate();
  assert.match(viewer.text(9), /echo it-is-\$\(\(40\+2\)\)\nit-is-42\nroot@box/);
  viewer.close();
  guest.cut();
});

test('[SV10] pixels come in the format that the viewer asks for', async () => {
  const { guest, clock } = openGuest();
  guest.powerOn();
  const viewer = new Viewer(guest);
  viewer.shake();
  viewer.use565();
  viewer.request(false);
  await clock.advance(50);
  assert.deepEqual(viewer.takeUpdate(), [0]);
  const of565 = ([red, green, blue]: readonly [number, number, number]): number =>
    (Math.round((red * 31) / 255) << 11) |
    (Math.round((green * 63) / 255) << 5) |
    Math.round((blue * 31) / 255);
  assert.deepEqual(new Set(viewer.pixels), new Set(PALETTE.map((color) => of565(color))));
  assert.match(viewer.text(8), /BIOS/);
  viewer.close();
  guest.cut();
});

test('[SV10] whatever a viewer sends, it is taken, or refused as no RFB', () => {
  const chunks = array(uint8Array({ maxLength: 64 }), { maxLength: 20 });
  holds(
    property(chunks, boolean(), (sent, shaken) => {
      const { guest } = openGuest();
      guest.powerOn();
      const server = new RfbServer(guest.display, () => Promise.resolve());
      try {
        if (shaken) server.received(Buffer.from('RFB 003.008\n\u0001\u0001', 'latin1'));
        for (const chunk of sent) server.received(chunk);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      } finally {
        server.close();
        guest.cut();
      }
    }),
    { numRuns: 500 },
  );
});

test('[SV10] messages come whole from any pieces', () => {
  const key = Buffer.from([4, 1, 0, 0, 0, 0, 0, 0x61]);
  const request = Buffer.from([3, 1, 0, 0, 0, 0, 0, 10, 0, 10]);
  const all = Buffer.concat([key, request, key]);
  for (let size = 1; size <= all.length; size++) {
    const input = new ViewerInput();
    const types: string[] = [];
    for (let at = 0; at < all.length; at += size) {
      input.push(all.subarray(at, at + size));
      for (let next = input.message(); next; next = input.message()) types.push(next.type);
    }
    assert.deepEqual(types, ['key', 'update-request', 'key']);
  }
});

test('[SV10] a screen stays within its bounds whatever is written to it', () => {
  holds(
    property(string({ unit: 'binary', maxLength: 400 }), (text) => {
      const screen = new TextScreen(20, 5);
      screen.write(text);
      const { column, row } = screen.cursor;
      assert.ok(column >= 0 && column < 20 && row >= 0 && row < 5);
      assert.equal(screen.cells.length, 100);
      assert.ok(screen.cells.every((cell) => cell >= 0x20 && cell < 0x80));
    }),
  );
  const screen = new TextScreen(20, 3);
  screen.write('one\r\ntwo\r\nthree\r\nfour\u001b[2D\u001b[K!');
  assert.equal(screen.text(), 'two\nthree\nfo!');
});

test('[SV11] a picture of the screen is a PNG that says what the pixels are', () => {
  const png = encodePng({
    width: 3,
    height: 2,
    pixels: Uint8Array.from([0, 1, 2, 2, 1, 0]),
    palette: PALETTE,
  });
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [3, 2]);
  const at = png.indexOf('IDAT');
  const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  assert.deepEqual([...lines], [0, 0, 1, 2, 0, 2, 1, 0]);
});
