import type { Rectangle, Screen } from '../screen.ts';
import { chooseCoder } from './choose-coder.ts';
import { cursorRectangle } from './cursor-codec.ts';
import { Damage } from './damage.ts';
import * as known from './encodings.ts';
import { BGRX, type PixelFormat } from './pixel-format.ts';
import { writeLayout } from './layout-codec.ts';
import { rectangleHead } from './rectangles.ts';
import type { SharedTiles } from './shared-tiles.ts';
import type { CodedTile, TileCoder } from './tile-coder.ts';
import { tileAt } from './tiles.ts';

/** Tiles that are coded and written at once: at most 16 × 16 KiB of pixels in memory for a viewer. */
const TILES_AT_ONCE = 16;

/** The two bytes that begin a stream of zlib (RFC 1950): deflate, a window of 32 KiB. */
const ZLIB_HEAD = Buffer.from([0x78, 0x01]);
const CURSORS = [known.VMWARE_CURSOR, known.ALPHA_CURSOR, known.CURSOR];
const EMPTY = Buffer.alloc(0);

/** What one viewer wants, what it has, and the updates in between. */
export class UpdateSender {
  readonly #screen: Screen;
  readonly #tiles: SharedTiles;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #format: PixelFormat = BGRX;
  #encodings: readonly number[] = [];
  #coder: TileCoder = chooseCoder([], BGRX);
  #damage: Damage;
  /** The size that the viewer has been told. */
  told: { readonly width: number; readonly height: number };
  #wanted: Rectangle | undefined;
  #sending = false;
  #keysDue = false;
  #sizeDue = false;
  /** What became of the size that the viewer wanted. */
  #answerDue: number | undefined;
  #cursorDue = false;
  /** Encodings whose stream this viewer has the beginning of. */
  readonly #begun = new Set<number>();
  sentUpdates = 0;

  constructor(screen: Screen, tiles: SharedTiles, write: (bytes: Uint8Array) => Promise<void>) {
    this.#screen = screen;
    this.#tiles = tiles;
    this.#write = write;
    this.told = { width: screen.width, height: screen.height };
    this.#damage = this.#allDamaged();
  }

  setFormat(format: PixelFormat): void {
    this.#format = format;
    this.#coder = chooseCoder(this.#encodings, format);
  }

  setEncodings(encodings: readonly number[]): void {
    const isNew = (encoding: number): boolean =>
      encodings.includes(encoding) && !this.#encodings.includes(encoding);
    this.#keysDue ||= isNew(known.QEMU_KEYS);
    const cursorIsNew = CURSORS.some(isNew);
    const sizeIsNew = isNew(known.EXTENDED_DESKTOP_SIZE);
    this.#encodings = encodings;
    this.#sizeDue = this.#isExtended && (this.#sizeDue || sizeIsNew);
    this.#cursorDue = this.#knowsCursors && (this.#cursorDue || cursorIsNew);
    this.#coder = chooseCoder(encodings, this.#format);
    if (!this.#has(known.COPY_RECT)) for (const { to } of this.#damage.takeCopies()) this.#damage.mark(to);
    if (!this.#sameSize()) this.resized();
  }

  request(incremental: boolean, area: Rectangle): void {
    this.#wanted = area;
    if (!incremental) this.#damage.mark(area);
  }

  damaged(area: Rectangle): void {
    this.#damage.mark(area);
  }

  copied(from: { readonly x: number; readonly y: number }, to: Rectangle): void {
    // While an update goes out, some of its tiles are newer than what would be copied.
    if (this.#sending || !this.#has(known.COPY_RECT)) this.#damage.mark(to);
    else this.#damage.copy(from, to);
  }

  resized(): void {
    this.#damage = this.#allDamaged();
  }

  cursorChanged(): void {
    this.#cursorDue = this.#knowsCursors;
  }

  layoutChanged(): void {
    this.#sizeDue = this.#isExtended;
  }

  answerResize(outcome: number): void {
    if (this.#has(known.EXTENDED_DESKTOP_SIZE)) this.#answerDue = outcome;
  }

  /** The viewer waits for something that there is. */
  get due(): boolean {
    if (!this.#wanted || this.#sending) return false;
    if (this.#keysDue || this.#sizeDue || this.#answerDue !== undefined || this.#resizeDue()) return true;
    if (this.#cursorDue && this.#screen.cursor) return true;
    return this.#damage.copies > 0 || this.#damage.tiles(this.#wanted).length > 0;
  }

  /** One update, to the last byte that the link took. Only when due. */
  async send(): Promise<void> {
    const area = this.#wanted!;
    this.#wanted = undefined;
    this.#sending = true;
    try {
      if (this.#resizeDue()) await this.#update([this.#newSize()], [], []);
      else await this.#update(this.#news(), this.#damage.takeCopies(), this.#damage.tiles(area));
    } finally {
      this.#sending = false;
    }
  }

  async #update(
    news: readonly Buffer[],
    copies: ReturnType<Damage['takeCopies']>,
    tiles: readonly number[],
  ): Promise<void> {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(news.length + copies.length + tiles.length, 2);
    const copied = copies.map(({ from, to }) => {
      const at = Buffer.alloc(4);
      at.writeUInt16BE(from.x, 0);
      at.writeUInt16BE(from.y, 2);
      return Buffer.concat([rectangleHead(to, known.COPY_RECT), at]);
    });
    let pieces: Uint8Array[] = [head, ...news, ...copied];
    const [damage, coder] = [this.#damage, this.#coder];
    for (let done = 0; done < tiles.length; done += TILES_AT_ONCE) {
      pieces.push(...(await this.#code(damage, coder, tiles.slice(done, done + TILES_AT_ONCE))));
      await this.#write(Buffer.concat(pieces));
      pieces = [];
    }
    if (pieces.length > 0) await this.#write(Buffer.concat(pieces));
    this.sentUpdates += 1;
  }

  async #code(damage: Damage, coder: TileCoder, tiles: readonly number[]): Promise<Uint8Array[]> {
    // The size has changed since the number of rectangles was told: the rest are empty.
    if (damage !== this.#damage)
      return tiles.map(() => rectangleHead({ x: 0, y: 0, width: 0, height: 0 }, known.RAW));
    const coding = tiles.map((tile) => {
      damage.clear(tile);
      return this.#tiles.code(coder, damage.grid, tile);
    });
    const coded = await Promise.all(coding);
    return coded.flatMap((one, index) => [
      rectangleHead(tileAt(damage.grid, tiles[index]!), coder.encoding),
      ...this.#bytesOf(coder, one),
    ]);
  }

  #bytesOf(coder: TileCoder, { head, piece }: CodedTile): Uint8Array[] {
    if (!piece) return [head];
    const begin = this.#begun.has(coder.encoding) ? EMPTY : ZLIB_HEAD;
    this.#begun.add(coder.encoding);
    return [head, coder.length(begin.length + piece.length), begin, piece];
  }

  /** Pseudo-rectangles that wait, and do not any more. */
  #news(): Buffer[] {
    const news: Buffer[] = [];
    const { width, height } = this.told;
    if (this.#keysDue) news.push(rectangleHead({ x: 0, y: 0, width, height }, known.QEMU_KEYS));
    if (this.#sizeDue) news.push(this.#newSize());
    // By this client's wish.
    if (this.#answerDue !== undefined) news.push(this.#extendedSize(1, this.#answerDue));
    const { cursor } = this.#screen;
    const shape = this.#cursorDue && cursor && cursorRectangle(cursor, this.#encodings, this.#format);
    if (shape) news.push(shape);
    this.#keysDue = false;
    this.#answerDue = undefined;
    this.#cursorDue = false;
    return news;
  }

  #newSize(): Buffer {
    if (this.#isExtended) return this.#extendedSize(0, 0);
    const { width, height } = this.#screen;
    this.told = { width, height };
    return rectangleHead({ x: 0, y: 0, width, height }, known.DESKTOP_SIZE);
  }

  #extendedSize(why: number, outcome: number): Buffer {
    const { width, height, layout = [] } = this.#screen;
    this.told = { width, height };
    this.#sizeDue = false;
    const parts = layout.length > 0 ? layout : [{ id: 0, x: 0, y: 0, width, height, flags: 0 }];
    const head = rectangleHead({ x: why, y: outcome, width, height }, known.EXTENDED_DESKTOP_SIZE);
    return Buffer.concat([head, Buffer.from([parts.length, 0, 0, 0]), writeLayout(parts)]);
  }

  /** Who hears of ExtendedDesktopSize takes it that the machine can be asked: it is for those that can, and for who knows no other. */
  get #isExtended(): boolean {
    const isKnown = this.#has(known.EXTENDED_DESKTOP_SIZE);
    return isKnown && (this.#screen.layout !== undefined || !this.#has(known.DESKTOP_SIZE));
  }

  #has(encoding: number): boolean {
    return this.#encodings.includes(encoding);
  }

  get #knowsCursors(): boolean {
    return CURSORS.some((one) => this.#has(one));
  }

  #sameSize(): boolean {
    return this.told.width === this.#screen.width && this.told.height === this.#screen.height;
  }

  #resizeDue(): boolean {
    return !this.#sameSize() && this.#follows();
  }

  #follows(): boolean {
    return this.#has(known.DESKTOP_SIZE) || this.#has(known.EXTENDED_DESKTOP_SIZE);
  }

  /** A viewer that cannot follow a change of the size sees as much as there is room for. */
  #allDamaged(): Damage {
    const { width, height } = this.#screen;
    const follows = this.#sameSize() || this.#follows();
    const damage = follows
      ? new Damage(width, height)
      : new Damage(Math.min(width, this.told.width), Math.min(height, this.told.height));
    damage.markAll();
    return damage;
  }
}
