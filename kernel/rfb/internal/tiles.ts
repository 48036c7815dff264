import type { Rectangle, Screen } from '../screen.ts';

/** Pixels a side: ZRLE's tile. */
export const TILE = 64;

export interface TileGrid {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

export const gridOf = (width: number, height: number): TileGrid => ({
  columns: Math.ceil(width / TILE),
  rows: Math.ceil(height / TILE),
  width,
  height,
});

/** Tiles are numbered row by row; those at the right and lower edge may be smaller. */
export function tileAt({ columns, width, height }: TileGrid, tile: number): Rectangle {
  const x = (tile % columns) * TILE;
  const y = Math.floor(tile / columns) * TILE;
  return { x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) };
}

/** Calls back with the number of each tile that the rectangle touches. */
export function forEachTile(
  { columns, rows }: TileGrid,
  { x, y, width, height }: Rectangle,
  each: (tile: number) => void,
): void {
  if (width <= 0 || height <= 0) return;
  const right = Math.min(columns - 1, Math.floor((x + width - 1) / TILE));
  const bottom = Math.min(rows - 1, Math.floor((y + height - 1) / TILE));
  for (let row = Math.floor(y / TILE); row <= bottom; row += 1)
    for (let column = Math.floor(x / TILE); column <= right; column += 1) each(row * columns + column);
}

/** The colours of a rectangle, row by row, each `0xRRGGBB`. A copy. */
export function readColours({ pixels, width: stride }: Screen, area: Rectangle): Uint32Array {
  const { x, y, width, height } = area;
  const colours = new Uint32Array(width * height);
  const bytes = new Uint8Array(colours.buffer);
  for (let row = 0; row < height; row += 1) {
    const start = ((y + row) * stride + x) * 4;
    bytes.set(pixels.subarray(start, start + width * 4), row * width * 4);
  }
  for (let index = 0; index < colours.length; index += 1) colours[index]! &= 0xff_ffff;
  return colours;
}
