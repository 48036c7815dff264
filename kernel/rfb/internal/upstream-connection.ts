import { isStatusError, StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from '../byte-link.ts';
import type { ScreenInput } from '../input.ts';
import type { ConnectRfbOptions, RfbUpstream } from '../rfb-upstream.ts';
import type { Rectangle } from '../screen.ts';
import { SIZE_OUTCOME, type SizeWish } from '../size-wish.ts';
import type { ByteReader } from './byte-reader.ts';
import { setEncodings, setPixelFormat, updateRequest } from './client-messages.ts';
import { ClipboardTalk } from './clipboard-talk.ts';
import { readCursor } from './cursor-codec.ts';
import * as encodings from './encodings.ts';
import { InputSender } from './input-sender.ts';
import { readLayout } from './layout-codec.ts';
import { Outgoing } from './outgoing.ts';
import { BGRX } from './pixel-format.ts';
import { brokenProtocol } from './protocol-error.ts';
import { RectangleDecoder } from './rectangle-decoder.ts';
import { SizeWishes } from './size-wishes.ts';

/** In order of preference. */
const WANTED = [
  encodings.COPY_RECT,
  encodings.ZRLE,
  encodings.HEXTILE,
  encodings.RAW,
  encodings.ALPHA_CURSOR,
  encodings.CURSOR,
  encodings.DESKTOP_SIZE,
  encodings.EXTENDED_DESKTOP_SIZE,
  encodings.LAST_RECT,
  encodings.QEMU_KEYS,
  encodings.EXTENDED_CLIPBOARD,
];

const REQUEST_EVERY_MS = 20;

/** A connection to a VNC server behind its handshake. */
export class UpstreamConnection implements RfbUpstream {
  readonly name: string;
  readonly ended: Promise<StatusError>;
  readonly #link: ByteLink;
  readonly #reader: ByteReader;
  readonly #options: ConnectRfbOptions;
  readonly #decoder: RectangleDecoder;
  readonly #out: Outgoing;
  readonly #input: InputSender;
  readonly #clipboard: ClipboardTalk;
  readonly #wishes: SizeWishes;
  readonly #end = Promise.withResolvers<StatusError>();
  readonly #isQemu: boolean;
  #over = false;
  #askedAt = -Infinity;
  #askWhole = false;
  #cancelAsking: (() => void) | undefined;

  constructor(link: ByteLink, reader: ByteReader, name: string, options: ConnectRfbOptions) {
    const { screen } = options;
    this.name = name;
    this.#isQemu = name.startsWith('QEMU');
    this.ended = this.#end.promise;
    this.#link = link;
    this.#reader = reader;
    this.#options = options;
    this.#decoder = new RectangleDecoder(reader, screen);
    this.#out = new Outgoing(link, (error) => this.#finish(error));
    this.#input = new InputSender(this.#out, screen);
    this.#wishes = new SizeWishes(this.#out, options.clock);
    this.#clipboard = new ClipboardTalk({
      message: 6,
      send: (bytes) => this.#out.push(bytes),
      onText: (text) => screen.clipboard(text),
    });
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#out.push(setPixelFormat(BGRX));
    this.#out.push(setEncodings(WANTED));
    this.#ask(false);
    void this.#read();
  }

  readonly #onAbort = (): void => this.close();

  send(input: ScreenInput): void {
    if (this.#over) return;
    if (input.type === 'key') this.#input.key(input);
    else if (input.type === 'pointer') this.#input.pointer(input);
    else this.#clipboard.offer(input.text);
  }

  resize(wish: SizeWish): Promise<number> {
    const isPossible = !this.#over && this.#options.screen.layout !== undefined;
    return isPossible ? this.#wishes.ask(wish) : Promise.resolve(SIZE_OUTCOME.prohibited);
  }

  releaseAll(): void {
    if (!this.#over) this.#input.releaseAll();
  }

  close(): void {
    this.#finish(new StatusError('ServiceUnavailable', 'The connection of the screen was given up.'));
  }

  #finish(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelAsking?.();
    this.#wishes.end();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#link.close();
    const why = isStatusError(error)
      ? error
      : new StatusError('ServiceUnavailable', 'The connection of the screen broke.', { cause: error });
    this.#options.logger.debug('the connection to a screen ended', { reason: why.message });
    this.#end.resolve(why);
  }

  async #read(): Promise<void> {
    try {
      for (;;) await this.#message(await this.#reader.u8());
    } catch (error) {
      this.#finish(error);
    } finally {
      this.#decoder.close();
    }
  }

  async #message(type: number): Promise<void> {
    switch (type) {
      case 0:
        return this.#update();
      case 1: {
        // A colour map, which true colour has no use for.
        const head = await this.#reader.take(5);
        return this.#reader.skip(head.readUInt16BE(3) * 6);
      }
      case 2:
        return this.#options.screen.ring();
      case 3:
        return this.#clipboard.receive(this.#reader);
      default:
        throw brokenProtocol(`message ${type}, which no server has`);
    }
  }

  async #update(): Promise<void> {
    const head = await this.#reader.take(3);
    // The next update may be under way while this one is painted.
    this.#askLater();
    for (let left = head.readUInt16BE(1); left > 0; left -= 1) if (!(await this.#rectangle())) break;
    this.#options.screen.frameEnded();
  }

  /** False: it was the last, whatever was announced. */
  async #rectangle(): Promise<boolean> {
    const head = await this.#reader.take(12);
    const rectangle: Rectangle = {
      x: head.readUInt16BE(0),
      y: head.readUInt16BE(2),
      width: head.readUInt16BE(4),
      height: head.readUInt16BE(6),
    };
    const encoding = head.readInt32BE(8);
    const { screen } = this.#options;
    switch (encoding) {
      case encodings.LAST_RECT:
        return false;
      case encodings.QEMU_KEYS:
        this.#input.scancodes = true;
        return true;
      case encodings.DESKTOP_SIZE:
        this.#resize(rectangle);
        return true;
      case encodings.EXTENDED_DESKTOP_SIZE:
        await this.#extendedSize(rectangle);
        return true;
      case encodings.ALPHA_CURSOR:
      case encodings.CURSOR:
        screen.setCursor(await readCursor(this.#reader, encoding, rectangle, this.#isQemu));
        return true;
      default:
        await this.#decoder.decode(rectangle, encoding);
        return true;
    }
  }

  /** `x` is why: 1 by our wish; `y` what became of that. A refusal may tell the size that was wished for. */
  async #extendedSize(rectangle: Rectangle): Promise<void> {
    const { screen } = this.#options;
    const head = await this.#reader.take(4);
    const layout = await readLayout(this.#reader, head[0]!);
    const isRefusal = rectangle.x === 1 && rectangle.y !== 0;
    if (!isRefusal) this.#resize(rectangle);
    screen.setLayout(isRefusal ? (screen.layout ?? []) : layout);
    if (rectangle.x === 1) this.#wishes.answered(rectangle.y);
  }

  #resize({ width, height }: Rectangle): void {
    const { screen } = this.#options;
    if (width === screen.width && height === screen.height) return;
    screen.resize(width, height);
    this.#askWhole = true;
    this.#askLater();
  }

  #askLater(): void {
    if (this.#cancelAsking || this.#over) return;
    const { clock, requestEveryMs = REQUEST_EVERY_MS } = this.#options;
    const waitMs = this.#askedAt + requestEveryMs - clock.monotonic();
    if (waitMs <= 0) return this.#ask(true);
    this.#cancelAsking = clock.after(waitMs, () => this.#ask(true));
  }

  #ask(incremental: boolean): void {
    this.#cancelAsking = undefined;
    this.#askedAt = this.#options.clock.monotonic();
    const { width, height } = this.#options.screen;
    this.#out.push(updateRequest(incremental && !this.#askWhole, width, height));
    this.#askWhole = false;
  }
}
