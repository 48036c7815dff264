import type { Rectangle, Screen } from '../screen.ts';
import type { CodedTile, TileCoder } from './tile-coder.ts';
import { forEachTile, gridOf, readColours, tileAt, type TileGrid } from './tiles.ts';

/** Of all coders and tiles of one screen. The oldest goes first. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Kept {
  readonly version: number;
  readonly coded: Promise<CodedTile>;
  bytes: number;
}

/** Coded tiles of one screen, made once for all its viewers that want them alike. At most 16 MiB; nothing while nobody looks. */
export class SharedTiles {
  static readonly #ofScreens = new WeakMap<Screen, SharedTiles>();

  readonly #screen: Screen;
  #viewers = 0;
  #stop: (() => void) | undefined;
  #grid: TileGrid;
  #versions: Uint32Array;
  #kept = new Map<string, Kept>();
  #bytes = 0;

  private constructor(screen: Screen) {
    this.#screen = screen;
    this.#grid = gridOf(screen.width, screen.height);
    this.#versions = new Uint32Array(this.#grid.columns * this.#grid.rows);
  }

  /** Call before you observe the screen yourself. The disposer must be called. */
  static join(screen: Screen): { readonly tiles: SharedTiles; readonly leave: () => void } {
    const tiles = SharedTiles.#ofScreens.get(screen) ?? new SharedTiles(screen);
    SharedTiles.#ofScreens.set(screen, tiles);
    tiles.#viewers += 1;
    tiles.#stop ??= tiles.#observe();
    let joined = true;
    const leave = (): void => {
      if (!joined) return;
      joined = false;
      tiles.#viewers -= 1;
      if (tiles.#viewers > 0) return;
      tiles.#stop?.();
      tiles.#stop = undefined;
      tiles.#forget();
    };
    return { tiles, leave };
  }

  /** The tile as it is now; its colours are read before this returns. */
  code(coder: TileCoder, grid: TileGrid, tile: number): Promise<CodedTile> {
    const area = tileAt(grid, tile);
    const own = grid.width !== this.#grid.width || grid.height !== this.#grid.height;
    if (own || !coder.shared) return coder.code(readColours(this.#screen, area), area);
    const key = `${tile} ${coder.key}`;
    const version = this.#versions[tile]!;
    const kept = this.#kept.get(key);
    if (kept?.version === version) return kept.coded;
    const coded = coder.code(readColours(this.#screen, area), area);
    this.#keep(key, { version, coded, bytes: 0 });
    return coded;
  }

  #keep(key: string, fresh: Kept): void {
    this.#drop(key);
    this.#kept.set(key, fresh);
    fresh.coded.then(
      ({ head, piece }) => {
        if (this.#kept.get(key) !== fresh) return;
        fresh.bytes = head.length + (piece?.length ?? 0);
        this.#bytes += fresh.bytes;
        for (const oldest of this.#kept.keys()) {
          if (this.#bytes <= MOST_BYTES) break;
          this.#drop(oldest);
        }
      },
      () => this.#drop(key),
    );
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }

  #forget(): void {
    this.#kept.clear();
    this.#bytes = 0;
    this.#grid = gridOf(this.#screen.width, this.#screen.height);
    this.#versions = new Uint32Array(this.#grid.columns * this.#grid.rows);
  }

  #observe(): () => void {
    const changed = (area: Rectangle): void =>
      forEachTile(this.#grid, area, (tile) => (this.#versions[tile]! += 1));
    this.#forget();
    return this.#screen.observe({
      onDamage: changed,
      onCopy: (_from, to) => changed(to),
      onResize: () => this.#forget(),
    });
  }
}
