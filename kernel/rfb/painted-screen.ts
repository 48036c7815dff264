import { StatusError } from '@krateyard/status/status-error';
import { MAX_PIXELS, MAX_SIDE } from './internal/rectangles.ts';
import type { Cursor, Rectangle, Screen, ScreenObserver, ScreenPart } from './screen.ts';

/**
 * A Screen to paint on: write into `pixels`, then say `painted`. Lives as long as somebody holds it, over any number of
 * connections, of which one at a time may paint. Black, 640 × 480 (VGA's) until told.
 */
export class PaintedScreen implements Screen {
  #width: number;
  #height: number;
  #pixels: Uint8Array;
  #cursor: Cursor | undefined;
  #layout: readonly ScreenPart[] | undefined;
  readonly #observers = new Set<ScreenObserver>();

  constructor(width = 640, height = 480) {
    checkSize(width, height);
    this.#width = width;
    this.#height = height;
    this.#pixels = new Uint8Array(width * height * 4);
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  /** Another array after a resize. */
  get pixels(): Uint8Array {
    return this.#pixels;
  }

  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  get layout(): readonly ScreenPart[] | undefined {
    return this.#layout;
  }

  /** How many look. */
  get observers(): number {
    return this.#observers.size;
  }

  observe(observer: ScreenObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  painted(rectangle: Rectangle): void {
    for (const observer of this.#observers) observer.onDamage?.(rectangle);
  }

  /** Copies what stands at `from` to `to`; they may overlap. Both must be on the screen. */
  copy(from: { readonly x: number; readonly y: number }, to: Rectangle): void {
    const stride = this.#width * 4;
    const bytes = to.width * 4;
    const down = to.y > from.y;
    for (let step = 0; step < to.height; step += 1) {
      const row = down ? to.height - 1 - step : step;
      const start = (from.y + row) * stride + from.x * 4;
      this.#pixels.copyWithin((to.y + row) * stride + to.x * 4, start, start + bytes);
    }
    for (const observer of this.#observers) observer.onCopy?.(from, to);
  }

  /** Keeps what fits; the rest is black. Throws BadRequest beyond 8192 a side or 64 MiB of pixels. */
  resize(width: number, height: number): void {
    checkSize(width, height);
    if (width === this.#width && height === this.#height) return;
    const pixels = new Uint8Array(width * height * 4);
    const bytes = Math.min(width, this.#width) * 4;
    for (let row = 0; row < Math.min(height, this.#height); row += 1) {
      const start = row * this.#width * 4;
      pixels.set(this.#pixels.subarray(start, start + bytes), row * width * 4);
    }
    this.#pixels = pixels;
    this.#width = width;
    this.#height = height;
    for (const observer of this.#observers) observer.onResize?.(width, height);
  }

  setCursor(cursor: Cursor): void {
    this.#cursor = cursor;
    for (const observer of this.#observers) observer.onCursor?.(cursor);
  }

  /** Undefined: it keeps its size. */
  setLayout(layout: readonly ScreenPart[] | undefined): void {
    if (JSON.stringify(layout) === JSON.stringify(this.#layout)) return;
    this.#layout = layout;
    for (const observer of this.#observers) observer.onLayout?.();
  }

  ring(): void {
    for (const observer of this.#observers) observer.onBell?.();
  }

  clipboard(text: string): void {
    for (const observer of this.#observers) observer.onClipboard?.(text);
  }

  /** The machine has told all that it wanted to tell at once. */
  frameEnded(): void {
    for (const observer of this.#observers) observer.onFrame?.();
  }
}

function checkSize(width: number, height: number): void {
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
    throw new StatusError('BadRequest', `A screen of ${width} × ${height} pixels is beyond the bounds.`);
}
