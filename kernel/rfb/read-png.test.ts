import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { assert as check, asyncProperty, constantFrom, integer, uint8Array } from 'fast-check';
import { readPng } from './read-png.ts';
import { pngOf } from './screen-png.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Sums are not looked at. */
function chunk(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content, Buffer.alloc(4)]);
}

interface Given {
  readonly width: number;
  readonly colour: number;
  readonly depth?: number;
  readonly interlaced?: number;
  readonly palette?: Uint8Array;
  /** With their filters. */
  readonly lines: readonly (readonly number[])[];
}

function png({ width, colour, depth = 8, interlaced = 0, palette, lines }: Given): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(lines.length, 4);
  header.set([depth, colour, 0, 0, interlaced], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', deflateSync(Buffer.from(lines.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const bytesOf = async (given: Given): Promise<number[] | undefined> => {
  const picture = await readPng(png(given));
  return picture && [...picture.pixels];
};

test('[RF21] grey, colours, a palette and alpha are read, whatever the filters', async () => {
  assert.deepEqual(await bytesOf({ width: 2, colour: 0, lines: [[0, 7, 9]] }), [7, 7, 7, 0, 9, 9, 9, 0]);
  assert.deepEqual(await bytesOf({ width: 1, colour: 4, lines: [[0, 7, 255]] }), [7, 7, 7, 0]);
  assert.deepEqual(await bytesOf({ width: 1, colour: 2, lines: [[0, 1, 2, 3]] }), [3, 2, 1, 0]);
  assert.deepEqual(await bytesOf({ width: 1, colour: 6, lines: [[0, 1, 2, 3, 255]] }), [3, 2, 1, 0]);
  const palette = Uint8Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual(
    await bytesOf({ width: 3, colour: 3, palette, lines: [[0, 1, 0, 9]] }),
    [6, 5, 4, 0, 3, 2, 1, 0, 0, 0, 0, 0],
  );
  // None, sub, up, average and Paeth over grey pixels, worked out by hand.
  const lines = [
    [0, 10, 20],
    [1, 5, 5],
    [2, 1, 1],
    [3, 10, 10],
    [4, 1, 1],
  ];
  const grey = (await bytesOf({ width: 2, colour: 0, lines }))!.filter((_, index) => index % 4 === 0);
  assert.deepEqual(grey, [10, 20, 5, 10, 6, 11, 13, 22, 14, 23]);
});

test('[RF21] what we write is read again, and made smaller', async () => {
  const [width, height] = [33, 17];
  const pixels = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
    at % 4 === 3 ? 0 : (at * 37) % 251,
  );
  const read = await readPng(await pngOf({ width, height, pixels }));
  assert.deepEqual([read?.width, read?.height], [width, height]);
  assert.deepEqual(read?.pixels, pixels);
  const small = await readPng(await pngOf(read!, 16));
  assert.deepEqual([small?.width, small?.height], [16, 8]);
});

test('[RF21] what is no such picture, or too large, is none; nothing is thrown', async () => {
  const plain: Given = { width: 1, colour: 0, lines: [[0, 7]] };
  for (const given of [
    { ...plain, depth: 16 },
    { ...plain, interlaced: 1 },
    { ...plain, colour: 5 },
    { ...plain, colour: 3 },
    { ...plain, width: 0 },
    { ...plain, width: 2 ** 25 },
    { ...plain, width: 5 },
    { ...plain, lines: [[9, 7]] },
    { ...plain, lines: [[0, 7, 7, 7]] },
  ])
    assert.equal(await bytesOf(given), undefined, JSON.stringify(given));
  const whole = png(plain);
  await check(
    asyncProperty(
      constantFrom('cut', 'changed', 'noise'),
      integer({ min: 0, max: whole.length - 1 }),
      integer({ min: 0, max: 255 }),
      uint8Array({ maxLength: 60 }),
      async (how, at, value, noise) => {
        const given = Buffer.from(how === 'noise' ? noise : whole);
        if (how === 'changed') given[at] = value;
        const picture = await readPng(how === 'cut' ? given.subarray(0, at) : given);
        if (picture) assert.equal(picture.pixels.length, picture.width * picture.height * 4);
      },
    ),
    { numRuns: 2000 },
  );
});
