import { isStatusError, StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from '../byte-link.ts';
import type { RfbViewer, ServeRfbOptions } from '../rfb-viewer.ts';
import type { Screen } from '../screen.ts';
import { SIZE_OUTCOME, type SizeWish } from '../size-wish.ts';
import { ByteReader } from './byte-reader.ts';
import { ClipboardTalk } from './clipboard-talk.ts';
import { EXTENDED_CLIPBOARD } from './encodings.ts';
import { SharedTiles } from './shared-tiles.ts';
import { UpdateSender } from './update-sender.ts';
import { greetViewer, serverInit } from './viewer-handshake.ts';
import { readViewerMessage } from './viewer-messages.ts';

const HANDSHAKE_MS = 15_000;
/** When the machine does not say that a frame is over. */
const FRAME_MS = 10;
/** Clipboards that wait for room. */
const MOST_WAITING_BYTES = 2 * 1024 * 1024;

/** A viewer's connection, from its first byte to its end. */
export class ViewerConnection implements RfbViewer {
  readonly opened: Promise<void>;
  readonly ended: Promise<StatusError | undefined>;
  readonly #link: ByteLink;
  readonly #screen: Screen;
  readonly #options: ServeRfbOptions;
  readonly #sender: UpdateSender;
  readonly #leave: () => void;
  readonly #clipboard: ClipboardTalk;
  readonly #opening = Promise.withResolvers<void>();
  readonly #ending = Promise.withResolvers<StatusError | undefined>();
  #stopObserving: (() => void) | undefined;
  #cancelHandshake: (() => void) | undefined;
  #cancelFrame: (() => void) | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bellDue = false;
  #resizing = false;
  #pumping = false;
  #over = false;
  sentBytes = 0;

  constructor(link: ByteLink, screen: Screen, options: ServeRfbOptions) {
    this.#link = link;
    this.#screen = screen;
    this.#options = options;
    this.opened = this.#opening.promise;
    this.ended = this.#ending.promise;
    const { tiles, leave } = SharedTiles.join(screen);
    this.#leave = leave;
    this.#sender = new UpdateSender(screen, tiles, (bytes) => this.#write(bytes));
    this.#clipboard = new ClipboardTalk({
      message: 3,
      send: (bytes) => this.#say(bytes),
      onText: (text) => options.onInput({ type: 'clipboard', text }),
    });
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal.aborted) this.close();
    else void this.#run();
  }

  get sentUpdates(): number {
    return this.#sender.sentUpdates;
  }

  readonly #onAbort = (): void => this.close();

  close(): void {
    this.#finish(undefined);
  }

  #finish(error: StatusError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    this.#cancelHandshake?.();
    this.#cancelFrame?.();
    this.#stopObserving?.();
    this.#leave();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#link.close(error);
    if (error) this.#options.logger.debug('a viewer of a screen was let go', { reason: error.message });
    this.#opening.resolve();
    this.#ending.resolve(error);
  }

  #fail(error: unknown): void {
    if (isStatusError(error)) return this.#finish(error.reason === 'ServiceUnavailable' ? undefined : error);
    this.#finish(new StatusError('InternalError', 'The screen’s connection failed.', { cause: error }));
  }

  async #run(): Promise<void> {
    try {
      const reader = await this.#open();
      const clipboard = (): Promise<void> => this.#clipboard.receive(reader);
      const words = { ...this.#words, clipboard };
      while (!this.#over) await readViewerMessage(reader, words);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #open(): Promise<ByteReader> {
    const { clock, name } = this.#options;
    this.#cancelHandshake = clock.after(HANDSHAKE_MS, () =>
      this.#finish(new StatusError('Timeout', 'The viewer did not answer in time.')),
    );
    const reader = new ByteReader(this.#link.chunks);
    await greetViewer(reader, this.#link);
    if (this.#over) return reader;
    this.#cancelHandshake();
    const { width, height } = this.#sender.told;
    this.#say(serverInit(width, height, name));
    this.#observe();
    this.#opening.resolve();
    return reader;
  }

  readonly #words = {
    format: (format: Parameters<UpdateSender['setFormat']>[0]): void => this.#sender.setFormat(format),
    encodings: (encodings: readonly number[]): void => {
      this.#sender.setEncodings(encodings);
      if (encodings.includes(EXTENDED_CLIPBOARD)) this.#clipboard.announceOnce();
      this.#pump();
    },
    request: (...what: Parameters<UpdateSender['request']>): void => {
      this.#sender.request(...what);
      if (!this.#cancelFrame) this.#pump();
    },
    resize: (wish: SizeWish): void => void this.#resize(wish).catch((error: unknown) => this.#fail(error)),
    input: (input: Parameters<ServeRfbOptions['onInput']>[0]): void => this.#options.onInput(input),
  };

  /** One at a time. */
  async #resize(wish: SizeWish): Promise<void> {
    const { onResize } = this.#options;
    if (!onResize || this.#resizing)
      return this.#answer(this.#resizing ? SIZE_OUTCOME.noRoom : SIZE_OUTCOME.prohibited);
    this.#resizing = true;
    const outcome = await onResize(wish);
    this.#resizing = false;
    this.#answer(outcome);
  }

  #answer(outcome: number): void {
    this.#sender.answerResize(outcome);
    this.#pump();
  }

  #observe(): void {
    const sender = this.#sender;
    this.#stopObserving = this.#screen.observe({
      onDamage: (area) => this.#changed(() => sender.damaged(area)),
      onCopy: (from, to) => this.#changed(() => sender.copied(from, to)),
      onResize: () => this.#changed(() => sender.resized()),
      onLayout: () => this.#changed(() => sender.layoutChanged()),
      onCursor: () => this.#changed(() => sender.cursorChanged()),
      onFrame: () => this.#frameOver(),
      onBell: () => {
        this.#bellDue = true;
        this.#pump();
      },
      onClipboard: (text) => this.#clipboard.offer(text),
    });
  }

  #changed(note: () => void): void {
    note();
    this.#cancelFrame ??= this.#options.clock.after(FRAME_MS, () => this.#frameOver());
  }

  #frameOver(): void {
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
    this.#pump();
  }

  /** Between updates. */
  #say(bytes: Buffer): void {
    if (this.#over) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES)
      this.#finish(new StatusError('Timeout', 'The viewer does not take what it is sent.'));
    else this.#pump();
  }

  #pump(): void {
    if (this.#pumping || this.#over) return;
    this.#pumping = true;
    this.#send().catch((error: unknown) => this.#fail(error));
  }

  async #send(): Promise<void> {
    while (!this.#over) {
      if (this.#bellDue) {
        this.#bellDue = false;
        await this.#write(Buffer.from([2]));
      } else if (this.#waiting.length > 0) {
        const bytes = Buffer.concat(this.#waiting);
        this.#waiting = [];
        this.#waitingBytes = 0;
        await this.#write(bytes);
      } else if (this.#sender.due) await this.#sender.send();
      else {
        this.#pumping = false;
        return;
      }
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.sentBytes += bytes.length;
    await this.#link.write(bytes);
  }
}
