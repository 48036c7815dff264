import { CELL_HEIGHT, isLit } from './dot-matrix.ts';
import type { TextScreen } from './text-screen.ts';

/** RGB of the palette: the ground, the text, the cursor. */
export const PALETTE: readonly (readonly [red: number, green: number, blue: number])[] = [
  [12, 14, 18],
  [208, 212, 218],
  [108, 182, 255],
];
const GROUND = 0;
const TEXT = 1;
const CURSOR = 2;
/** The underline that is the cursor, in pixels from the top of its cell. */
const CURSOR_TOP = 14;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The pixels of a text screen, as indexes into the palette. */
export class Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly #cellWidth: number;
  readonly #drawn: Uint16Array;

  /** `cellWidth`: 9 as in VGA's text mode (720 × 400), 8 for 640 × 400. */
  constructor(screen: TextScreen, cellWidth: number) {
    this.#cellWidth = cellWidth;
    this.width = screen.columns * cellWidth;
    this.height = screen.rows * CELL_HEIGHT;
    this.pixels = new Uint8Array(this.width * this.height);
    this.#drawn = new Uint16Array(screen.columns * screen.rows).fill(0xffff);
  }

  /** Draws what has changed since; tells the changed parts, one a row. */
  draw(screen: TextScreen): Rectangle[] {
    const changed: Rectangle[] = [];
    for (let row = 0; row < screen.rows; row++) {
      const span = this.#drawRow(screen, row);
      if (!span) continue;
      changed.push({
        x: span.from * this.#cellWidth,
        y: row * CELL_HEIGHT,
        width: (span.to - span.from + 1) * this.#cellWidth,
        height: CELL_HEIGHT,
      });
    }
    return changed;
  }

  #drawRow(screen: TextScreen, row: number): { from: number; to: number } | undefined {
    const { cursor, columns } = screen;
    let from = -1;
    let to = -1;
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column;
      const code = screen.cells[index]!;
      const marked = cursor.row === row && cursor.column === column;
      const look = marked ? code | 0x100 : code;
      if (this.#drawn[index] === look) continue;
      this.#drawn[index] = look;
      this.#drawCell(column * this.#cellWidth, row * CELL_HEIGHT, code, marked);
      if (from === -1) from = column;
      to = column;
    }
    return from === -1 ? undefined : { from, to };
  }

  #drawCell(left: number, top: number, code: number, marked: boolean): void {
    for (let y = 0; y < CELL_HEIGHT; y++)
      for (let x = 0; x < this.#cellWidth; x++) {
        const lit = isLit(code, x, y);
        const color = marked && y >= CURSOR_TOP ? CURSOR : lit ? TEXT : GROUND;
        this.pixels[(top + y) * this.width + left + x] = color;
      }
  }
}
