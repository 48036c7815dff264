import type { Framebuffer, Rectangle } from './framebuffer.ts';
import { PALETTE } from './framebuffer.ts';
import { Keyboard } from './key-bytes.ts';
import { ViewerInput, type PixelFormat, type ViewerMessage } from './rfb-input.ts';

/** What is shown, and where keys go. */
export interface Display {
  readonly name: string;
  /** The pixels as of now. Another object when the resolution has changed. */
  frame(): Framebuffer;
  /** Calls back after a change, at most once a frame; the disposer ends it. */
  onChange(listener: () => void): () => void;
  typed(text: string): void;
  restart(): void;
}

const RAW = 0;
const DESKTOP_SIZE = -223;
const EXTENDED_DESKTOP_SIZE = -308;
/** By the viewer's own wish; no such layout: what QEMU says of a VGA that has no other. */
const REFUSED = { x: 1, y: 3 };
const QEMU_KEYS = -258;
const MAX_REFUSALS = 16;

const TRUE_COLOUR: PixelFormat = {
  bytesPerPixel: 4,
  bigEndian: false,
  max: [255, 255, 255],
  shift: [16, 8, 0],
};

/**
 * One viewer's connection, RFB 3.3 to 3.8 without a password (RFC 6143): raw pixels, changes of the desktop's size, QEMU's key
 * events. An update is sent when it was asked for and the one before is on its way, so a slow viewer holds one frame of memory.
 */
export class RfbServer {
  readonly #display: Display;
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  readonly #input = new ViewerInput();
  readonly #keyboard = new Keyboard();
  #phase: 'version' | 'security' | 'init' | 'open' = 'version';
  #modern = true;
  #format = TRUE_COLOUR;
  #encodings = new Set<number>();
  #frame: Framebuffer;
  /** Pixels as this viewer has them; undefined: nothing yet. */
  #known: Uint8Array | undefined;
  #wanted: { readonly whole: boolean } | undefined;
  #tellQemuKeys = false;
  #tellSize = false;
  #refusals = 0;
  #sending = false;
  readonly #stop: () => void;

  constructor(display: Display, send: (bytes: Uint8Array) => Promise<void>) {
    this.#display = display;
    this.#send = send;
    this.#frame = display.frame();
    this.#stop = display.onChange(() => void this.#update());
    void send(Buffer.from('RFB 003.008\n'));
  }

  /** Throws RangeError for what is no RFB: the connection must end. */
  received(bytes: Uint8Array): void {
    this.#input.push(bytes);
    while (this.#phase !== 'open') if (!this.#shake()) return;
    for (let next = this.#input.message(); next; next = this.#input.message()) this.#act(next);
  }

  close(): void {
    this.#stop();
  }

  #shake(): boolean {
    switch (this.#phase) {
      case 'version': {
        const version = this.#input.take(12)?.toString('latin1');
        if (version === undefined) return false;
        const minor = /^RFB 003\.00([378])\n$/.exec(version)?.[1];
        if (minor === undefined) throw new RangeError('no version of RFB');
        this.#modern = minor === '8';
        void this.#send(Buffer.from(minor === '3' ? [0, 0, 0, 1] : [1, 1]));
        this.#phase = minor === '3' ? 'init' : 'security';
        return true;
      }
      case 'security': {
        const chosen = this.#input.take(1)?.[0];
        if (chosen === undefined) return false;
        if (chosen !== 1) throw new RangeError(`security type ${chosen}`);
        if (this.#modern) void this.#send(Buffer.alloc(4));
        this.#phase = 'init';
        return true;
      }
      case 'init':
        if (!this.#input.take(1)) return false;
        void this.#send(this.#serverInit());
        this.#phase = 'open';
        return true;
      case 'open':
        return true;
    }
  }

  #serverInit(): Buffer {
    const name = Buffer.from(this.#display.name);
    const bytes = Buffer.alloc(24 + name.length);
    bytes.writeUInt16BE(this.#frame.width, 0);
    bytes.writeUInt16BE(this.#frame.height, 2);
    bytes.set([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0], 4);
    bytes.writeUInt32BE(name.length, 20);
    bytes.set(name, 24);
    return bytes;
  }

  #act(message: ViewerMessage): void {
    switch (message.type) {
      case 'pixel-format':
        this.#format = message.format;
        this.#known = undefined;
        return;
      case 'encodings':
        this.#encodings = new Set(message.encodings);
        this.#tellQemuKeys = this.#encodings.has(QEMU_KEYS);
        this.#tellSize = this.#encodings.has(EXTENDED_DESKTOP_SIZE);
        return;
      case 'update-request':
        this.#wanted = { whole: !message.incremental || this.#wanted?.whole === true };
        void this.#update();
        return;
      case 'key':
        this.#pressed(message);
        return;
      case 'set-size':
        if (this.#encodings.has(EXTENDED_DESKTOP_SIZE))
          this.#refusals = Math.min(this.#refusals + 1, MAX_REFUSALS);
        void this.#update();
        return;
      case 'pointer':
      case 'cut-text':
        return;
    }
  }

  #pressed({ keysym, down }: { readonly keysym: number; readonly down: boolean }): void {
    const meant = this.#keyboard.press(keysym, down);
    if (meant === 'ctrl-alt-del') this.#display.restart();
    else if (meant) this.#display.typed(meant.text);
  }

  async #update(): Promise<void> {
    if (!this.#wanted || this.#sending) return;
    const parts = this.#parts(this.#wanted.whole);
    if (parts.length === 0) return;
    this.#wanted = undefined;
    this.#sending = true;
    const head = Buffer.alloc(4);
    head.writeUInt16BE(parts.length, 2);
    await this.#send(Buffer.concat([head, ...parts]));
    this.#sending = false;
    await this.#update();
  }

  /** What ExtendedDesktopSize has to tell. The pixels follow with the next update: the viewer has to make room first. */
  #sizes({ width, height }: Framebuffer, resized: boolean): Buffer[] {
    if (!this.#encodings.has(EXTENDED_DESKTOP_SIZE)) return [];
    const layout = Buffer.alloc(20);
    layout[0] = 1;
    layout.writeUInt16BE(width, 12);
    layout.writeUInt16BE(height, 14);
    const told = (at: { x: number; y: number }): Buffer =>
      Buffer.concat([rectangleHead({ ...at, width, height }, EXTENDED_DESKTOP_SIZE), layout]);
    const sizes = resized || this.#tellSize ? [told({ x: 0, y: 0 })] : [];
    this.#tellSize = false;
    while (this.#refusals > 0) {
      sizes.push(told(REFUSED));
      this.#refusals -= 1;
    }
    return sizes;
  }

  /** The rectangles of the next update, encoded, one a piece. */
  #parts(whole: boolean): Buffer[] {
    const parts: Buffer[] = [];
    const frame = this.#display.frame();
    if (this.#tellQemuKeys) {
      this.#tellQemuKeys = false;
      parts.push(rectangleHead({ x: 0, y: 0, width: frame.width, height: frame.height }, QEMU_KEYS));
    }
    const resized = frame.width !== this.#frame.width || frame.height !== this.#frame.height;
    if (frame !== this.#frame) this.#known = undefined;
    this.#frame = frame;
    const sizes = this.#sizes(frame, resized);
    if (resized && sizes.length > 0) return [...parts, ...sizes];
    parts.push(...sizes);
    if (resized && this.#encodings.has(DESKTOP_SIZE)) {
      // The pixels follow with the next update: the viewer has to make room first.
      return [
        ...parts,
        rectangleHead({ x: 0, y: 0, width: frame.width, height: frame.height }, DESKTOP_SIZE),
      ];
    }
    const changed = whole || !this.#known ? [wholeOf(frame)] : changedRows(this.#known, frame);
    this.#known = Uint8Array.from(frame.pixels);
    const table = pixelTable(this.#format);
    for (const rectangle of changed)
      parts.push(Buffer.concat([rectangleHead(rectangle, RAW), rawPixels(frame, rectangle, table)]));
    return parts;
  }
}

const wholeOf = ({ width, height }: Framebuffer): Rectangle => ({ x: 0, y: 0, width, height });

const BAND = 16;

/** Bands of lines in which a pixel differs. */
function changedRows(known: Uint8Array, { width, height, pixels }: Framebuffer): Rectangle[] {
  const changed: Rectangle[] = [];
  for (let y = 0; y < height; y += BAND) {
    const band = Math.min(BAND, height - y);
    const [from, to] = [y * width, (y + band) * width];
    if (Buffer.compare(known.subarray(from, to), pixels.subarray(from, to)) !== 0)
      changed.push({ x: 0, y, width, height: band });
  }
  return changed;
}

function rectangleHead({ x, y, width, height }: Rectangle, encoding: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(x, 0);
  head.writeUInt16BE(y, 2);
  head.writeUInt16BE(width, 4);
  head.writeUInt16BE(height, 6);
  head.writeInt32BE(encoding, 8);
  return head;
}

/** Each colour of the palette in the viewer's format. */
function pixelTable({ bytesPerPixel, bigEndian, max, shift }: PixelFormat): readonly Buffer[] {
  return PALETTE.map((rgb) => {
    const value = rgb.reduce(
      (sum, channel, index) => sum + Math.round((channel * max[index]!) / 255) * 2 ** shift[index]!,
      0,
    );
    const bytes = Buffer.alloc(4);
    if (bigEndian) bytes.writeUInt32BE(value % 2 ** 32);
    else bytes.writeUInt32LE(value % 2 ** 32);
    return bigEndian ? bytes.subarray(4 - bytesPerPixel) : bytes.subarray(0, bytesPerPixel);
  });
}

function rawPixels(frame: Framebuffer, { x, y, width, height }: Rectangle, table: readonly Buffer[]): Buffer {
  const size = table[0]!.length;
  const bytes = Buffer.alloc(width * height * size);
  let at = 0;
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) {
      table[frame.pixels[row * frame.width + column]!]!.copy(bytes, at);
      at += size;
    }
  return bytes;
}
