/* oxlint-disable unicorn/prefer-add-event-listener -- fields, as they are taken off again: a socket given up must not speak any more */
import { shouldReconnect } from '@krateyard/hub/close-codes';
import type { Clock } from '@krateyard/ui/live/browser-clock';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { letGo } from '@krateyard/ui/live/let-go';
import { retryDelayMs, SOON } from '@krateyard/ui/live/retry-delay';
import type { Pixels } from './screen-snapshot.ts';

/** Where pixels are drawn. */
export interface PictureSink {
  /**
   * Speaks RFB on a socket that is open, until the disposer is called. `drawn`: the first picture is there; `over`: the
   * conversation has ended from the other side or made no sense.
   */
  attach(
    socket: ByteSocket,
    told: { readonly drawn: () => void; readonly over: (code: number) => void },
  ): () => void;
}

export interface PixelLineOptions {
  readonly open: (key: string) => ByteSocket;
  readonly picture: PictureSink;
  readonly clock: Clock;
  readonly onChange: (pixels: Pixels) => void;
}

const HANDSHAKE_MS = 20_000;

/** The socket of the pixels, made again with jitter as long as it is wanted. What was drawn last stays drawn. */
export class PixelLine {
  readonly #options: PixelLineOptions;
  #key: string | undefined;
  #attempt = 0;
  #socket: ByteSocket | undefined;
  #detach: (() => void) | undefined;
  #cancelTimer: () => void = () => {};

  constructor(options: PixelLineOptions) {
    this.#options = options;
  }

  /** As the viewer with this key; undefined: not at all. What is there already stays. */
  want(key: string | undefined): void {
    if (key === this.#key) return;
    this.#key = key;
    this.#attempt = 0;
    if (key === undefined) this.#drop('off');
    else this.#connect();
  }

  /** Now, if it waits for its next try. */
  nudge(): void {
    if (this.#key === undefined || this.#socket) return;
    this.#attempt = 0;
    this.#connect();
  }

  #connect(): void {
    this.#drop('opening');
    const key = this.#key!;
    const socket = this.#options.open(key);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onerror = () => {};
    socket.onclose = (event: { code: number }) => this.#over(event.code, false);
    this.#cancelTimer = this.#options.clock.after(HANDSHAKE_MS, () => this.#over(1006, false));
  }

  #opened(socket: ByteSocket): void {
    this.#cancelTimer();
    const ended = this.#options.picture.attach(socket, {
      drawn: () => {
        if (this.#socket !== socket) return;
        this.#attempt = 0;
        this.#options.onChange('drawn');
      },
      over: (code) => {
        if (this.#socket === socket) this.#over(code, true);
      },
    });
    if (this.#socket === socket) this.#detach = ended;
    else ended();
  }

  /** A handshake that failed may go better; a word of the gateway's that forbids to come back counts. */
  #over(code: number, opened: boolean): void {
    this.#drop('opening');
    if (opened && !shouldReconnect(code)) {
      this.#key = undefined;
      return this.#options.onChange('off');
    }
    const delay = retryDelayMs(this.#options.clock, this.#attempt, SOON);
    this.#attempt += 1;
    this.#cancelTimer = this.#options.clock.after(delay, () => this.#connect());
  }

  #drop(pixels: Pixels): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    const socket = this.#socket;
    this.#socket = undefined;
    this.#detach?.();
    this.#detach = undefined;
    letGo(socket);
    this.#options.onChange(pixels);
  }
}
