/** In pixels, from the upper left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One of the monitors that a screen is made of; `flags` mean nothing yet. */
export interface ScreenPart extends Rectangle {
  readonly id: number;
  readonly flags: number;
}

/** The pointer's picture: `pixels` as the screen's, the fourth byte alpha (not premultiplied); no pixels: hidden; `hot` is the pixel that points. */
export interface Cursor {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  readonly pixels: Uint8Array;
}

/** Calls come after the screen has changed. */
export interface ScreenObserver {
  onDamage?(rectangle: Rectangle): void;
  /** `to` has what stood at `from` (x, y) before; so a viewer may be told to copy. `onDamage` does not come for it as well. */
  onCopy?(from: { readonly x: number; readonly y: number }, to: Rectangle): void;
  /** The machine has told all that it wanted to tell at once: a good moment to pass it on. */
  onFrame?(): void;
  onResize?(width: number, height: number): void;
  onLayout?(): void;
  onCursor?(cursor: Cursor): void;
  onBell?(): void;
  /** What the machine put into its clipboard. */
  onClipboard?(text: string): void;
}

/**
 * A picture that lives longer than the connection it comes from: viewers keep what was there last. Four bytes a pixel: blue, green,
 * red, unused; no padding between rows.
 */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly cursor: Cursor | undefined;
  /** Of a machine that can be asked for another size; undefined for one that cannot. */
  readonly layout: readonly ScreenPart[] | undefined;
  /** The disposer ends it. */
  observe(observer: ScreenObserver): () => void;
}
