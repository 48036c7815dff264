import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { PaintedScreen } from './painted-screen.ts';
import { pngOf } from './screen-png.ts';
import { paintFill } from './testing/pictures.ts';

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** As a reader of PNG does it: chunks, their sums, the filters none and up. */
function decode(png: Buffer): Decoded {
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(png.subarray(at + 4, at + 8 + length)));
    chunks.set(type, png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  assert.deepEqual([...chunks.keys()], ['IHDR', 'IDAT', 'IEND']);
  const head = chunks.get('IHDR')!;
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  assert.deepEqual([...head.subarray(8)], [8, 2, 0, 0, 0]);
  const rows = inflateSync(chunks.get('IDAT')!);
  const rgb = Buffer.alloc(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const at = row * (1 + width * 3);
    const filter = rows[at]!;
    assert.ok(filter === 0 || filter === 2);
    for (let index = 0; index < width * 3; index += 1) {
      const above = filter === 2 && row > 0 ? rgb[(row - 1) * width * 3 + index]! : 0;
      rgb[row * width * 3 + index] = rows[at + 1 + index]! + above;
    }
  }
  return { width, height, rgb };
}

test('[RF17] the picture as it is', async () => {
  const screen = new PaintedScreen(97, 61);
  paintFill(screen.pixels, 97, {
    area: { x: 3, y: 3, width: 90, height: 50 },
    colours: 1 << 24,
    run: 1,
    seed: 9,
  });
  const { width, height, rgb } = decode(await pngOf(screen));
  assert.deepEqual([width, height], [97, 61]);
  for (let index = 0; index < 97 * 61; index += 1)
    assert.deepEqual(
      [rgb[index * 3], rgb[index * 3 + 1], rgb[index * 3 + 2]],
      [screen.pixels[index * 4 + 2], screen.pixels[index * 4 + 1], screen.pixels[index * 4]],
    );
});

test('[RF17] in fewer pixels each is the mean of those that it stands for', async () => {
  const screen = new PaintedScreen(6, 4);
  screen.pixels.fill(0);
  // Of each 2 × 2 one pixel is 200 blue, and one 100 red.
  for (let y = 0; y < 4; y += 2)
    for (let x = 0; x < 6; x += 2) {
      screen.pixels[(y * 6 + x) * 4] = 200;
      screen.pixels[((y + 1) * 6 + x + 1) * 4 + 2] = 100;
    }
  const { width, height, rgb } = decode(await pngOf(screen, 3));
  assert.deepEqual([width, height], [3, 2]);
  for (let index = 0; index < 6; index += 1)
    assert.deepEqual([...rgb.subarray(index * 3, index * 3 + 3)], [25, 0, 50]);
  const tiny = decode(await pngOf(new PaintedScreen(1000, 3), 7));
  assert.deepEqual([tiny.width, tiny.height], [7, 1]);
  assert.equal(decode(await pngOf(screen, 4000)).width, 6);
});

test('[RF17] others have their turn meanwhile, and a size that changes does not matter', async () => {
  const screen = new PaintedScreen(1920, 1080);
  let turns = 0;
  const state = { done: false };
  const making = pngOf(screen).finally(() => (state.done = true));
  screen.resize(10, 10);
  while (!state.done) {
    turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(turns > 10);
  const { width, height } = decode(await making);
  assert.deepEqual([width, height], [1920, 1080]);
});
