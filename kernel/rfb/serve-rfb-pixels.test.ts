import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fills, paintFill } from './testing/pictures.ts';
import { expectedPixels, RGB888, type TestFormat } from './testing/test-viewer.ts';
import { showing } from './testing/showing.ts';

const FORMATS: Record<string, TestFormat> = {
  '32 bits': RGB888,
  '32 bits, noVNC’s order': { ...RGB888, shift: [0, 8, 16] },
  '32 bits, big endian': { ...RGB888, big: true },
  '32 bits, colours in the upper bytes': { ...RGB888, shift: [24, 16, 8] },
  '32 bits, colours in the upper bytes, big endian': { ...RGB888, shift: [8, 16, 24], big: true },
  '32 bits, depth 30': { bits: 32, depth: 30, big: false, max: [1023, 1023, 1023], shift: [20, 10, 0] },
  '16 bits': { bits: 16, depth: 16, big: false, max: [31, 63, 31], shift: [11, 5, 0] },
  '16 bits, big endian': { bits: 16, depth: 15, big: true, max: [31, 31, 31], shift: [10, 5, 0] },
  '8 bits': { bits: 8, depth: 8, big: false, max: [7, 7, 3], shift: [0, 3, 6] },
  '8 bits, 64 colours': { bits: 8, depth: 6, big: false, max: [3, 3, 3], shift: [4, 2, 0] },
};
const ENCODINGS = { raw: [0], ZRLE: [16], Tight: [7] };

const step = fc.record({
  fill: fills(150, 140),
  copy: fc.option(
    fc.record({
      x: fc.nat(149),
      y: fc.nat(139),
      toX: fc.nat(149),
      toY: fc.nat(139),
      width: fc.nat(80),
      height: fc.nat(80),
    }),
  ),
});

for (const [encoding, numbers] of Object.entries(ENCODINGS))
  for (const [name, format] of Object.entries(FORMATS))
    test(`[RF1] random pictures in ${encoding}, ${name}`, async (t) => {
      const { screen, viewer } = await showing(t, 150, 140);
      viewer.setFormat(format);
      viewer.setEncodings(1, ...numbers);
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 4 }),
          fc.boolean(),
          async (steps, whole) => {
            for (const { fill, copy } of steps) {
              paintFill(screen.pixels, screen.width, fill);
              screen.painted(fill.area);
              if (!copy) continue;
              const width = Math.min(copy.width, 150 - Math.max(copy.x, copy.toX));
              const height = Math.min(copy.height, 140 - Math.max(copy.y, copy.toY));
              if (width > 0 && height > 0) screen.copy(copy, { x: copy.toX, y: copy.toY, width, height });
            }
            screen.frameEnded();
            viewer.ask(!whole);
            await viewer.update();
            assert.deepEqual(viewer.pixels, expectedPixels(screen.pixels, format));
          },
        ),
        { numRuns: 15 },
      );
    });

test('[RF11] an area that moved is copied by a viewer that has it, and sent to one that has not', async (t) => {
  const { screen, viewer, heard } = await showing(t, 256, 256);
  paintFill(screen.pixels, 256, {
    area: { x: 0, y: 0, width: 256, height: 256 },
    colours: 1 << 24,
    run: 1,
    seed: 5,
  });
  viewer.setEncodings(1, 16);
  viewer.ask(false);
  await viewer.update();
  viewer.seen.length = 0;
  screen.copy({ x: 3, y: 0 }, { x: 10, y: 100, width: 100, height: 100 });
  paintFill(screen.pixels, 256, { area: { x: 0, y: 0, width: 20, height: 20 }, colours: 2, run: 1, seed: 6 });
  screen.painted({ x: 0, y: 0, width: 20, height: 20 });
  // What stands here now the viewer has not been told of yet.
  screen.copy({ x: 0, y: 0 }, { x: 200, y: 200, width: 20, height: 20 });
  screen.frameEnded();
  viewer.ask(true);
  await viewer.update();
  assert.deepEqual(viewer.seen, [1, 16, 16]);
  assert.deepEqual(viewer.pixels, expectedPixels(screen.pixels, RGB888));
  viewer.setEncodings(16);
  await heard(viewer);
  viewer.seen.length = 0;
  screen.copy({ x: 0, y: 0 }, { x: 64, y: 64, width: 10, height: 10 });
  screen.frameEnded();
  viewer.ask(true);
  await viewer.update();
  assert.deepEqual(viewer.seen, [16]);
});
