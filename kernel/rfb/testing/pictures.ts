import * as fc from 'fast-check';
import type { Rectangle } from '../screen.ts';

/** How an area is filled: one colour, a few or many, in runs of a length, or anything. */
export interface Fill {
  readonly area: Rectangle;
  readonly colours: number;
  readonly run: number;
  readonly seed: number;
}

export function fills(width: number, height: number): fc.Arbitrary<Fill> {
  return fc
    .record({
      x: fc.nat(width - 1),
      y: fc.nat(height - 1),
      wide: fc.integer({ min: 1, max: width }),
      high: fc.integer({ min: 1, max: height }),
      colours: fc.constantFrom(1, 2, 3, 5, 16, 17, 100, 127, 128, 200, 257, 1 << 24),
      run: fc.constantFrom(1, 2, 7, 300),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    })
    .map(({ x, y, wide, high, colours, run, seed }) => ({
      area: { x, y, width: Math.min(wide, width - x), height: Math.min(high, height - y) },
      colours,
      run,
      seed,
    }));
}

/** Paints into four bytes a pixel; the fourth is anything. */
export function paintFill(pixels: Uint8Array, stride: number, { area, colours, run, seed }: Fill): void {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) >> 7;
  let [left, colour] = [0, 0];
  for (let row = 0; row < area.height; row += 1)
    for (let column = 0; column < area.width; column += 1) {
      if (left === 0) {
        left = run;
        colour = Math.imul((next() % colours) + 1, 0x9e_3779) ^ seed;
      }
      left -= 1;
      const at = ((area.y + row) * stride + area.x + column) * 4;
      pixels[at] = colour;
      pixels[at + 1] = colour >> 8;
      pixels[at + 2] = colour >> 16;
      pixels[at + 3] = colour >> 24;
    }
}
