import type { Rectangle } from '../screen.ts';
import { forEachTile, gridOf, type TileGrid } from './tiles.ts';

export interface Copy {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: Rectangle;
}

const MOST_COPIES = 16;

/**
 * What one viewer has not been told of a picture: at most 16 copies, then tiles. Its picture, with the copies done in order and the
 * tiles painted over, is the screen's.
 */
export class Damage {
  readonly grid: TileGrid;
  readonly #tiles: Uint8Array;
  #count = 0;
  #copies: Copy[] = [];

  constructor(width: number, height: number) {
    this.grid = gridOf(width, height);
    this.#tiles = new Uint8Array(this.grid.columns * this.grid.rows);
  }

  get copies(): number {
    return this.#copies.length;
  }

  mark(rectangle: Rectangle): void {
    forEachTile(this.grid, rectangle, (tile) => {
      this.#count += 1 - this.#tiles[tile]!;
      this.#tiles[tile] = 1;
    });
  }

  markAll(): void {
    this.#copies = [];
    this.#tiles.fill(1);
    this.#count = this.#tiles.length;
  }

  /** A copy where the viewer will have had what stood at `from`, else damage. */
  copy(from: Copy['from'], to: Rectangle): void {
    const { width, height } = this.grid;
    const source = { ...to, ...from };
    const whole = [source, to].every((one) => one.x + one.width <= width && one.y + one.height <= height);
    if (!whole || this.#copies.length >= MOST_COPIES || this.#touches(source)) this.mark(to);
    else this.#copies.push({ from, to });
  }

  takeCopies(): readonly Copy[] {
    const copies = this.#copies;
    this.#copies = [];
    return copies;
  }

  clear(tile: number): void {
    this.#count -= this.#tiles[tile]!;
    this.#tiles[tile] = 0;
  }

  /** In order, those that touch the area. */
  tiles(area: Rectangle): number[] {
    const marked: number[] = [];
    if (this.#count > 0)
      forEachTile(this.grid, area, (tile) => {
        if (this.#tiles[tile]) marked.push(tile);
      });
    return marked;
  }

  #touches(rectangle: Rectangle): boolean {
    return this.tiles(rectangle).length > 0;
  }
}
