import type { RawData } from 'ws';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { UpgradedSocket } from '@krateyard/runtime/feature';
import { reasonOf, StatusError, toStatus } from '@krateyard/status/status-error';
import type { Reason } from '@krateyard/status/reasons';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { Clock } from '@krateyard/telemetry/clock';
import type { ScreenBye, ScreenClientFrame, ScreenServerFrame } from '../../contract/screen-protocol.ts';
import { SCREEN_FRAMES } from './screen-frames.ts';

export interface SideChannelListener {
  /** Throws StatusError for what is refused; the client is told. A promise holds the socket's reading. */
  onFrame(frame: ScreenClientFrame): void | Promise<void>;
  /** Once: the socket is gone. */
  onClosed(): void;
}

/** What the client has not taken, above which it is no client: all frames of a lively hour are less. */
const MAX_UNSENT_BYTES = 512 * 1024;
/** Frames of a client within one stretch of time; a person does not come near it. */
const MAX_FRAMES = 200;
const STRETCH_MS = 10_000;
const MAX_BAD_FRAMES = 20;
const SENSELESS: ReadonlySet<Reason> = new Set(['BadRequest', 'RequestEntityTooLarge']);
const CLOSE_GRACE_MS = 1_000;

/** One `/screen` socket. */
export class SideChannel {
  readonly #ws: UpgradedSocket['ws'];
  readonly #clock: Clock;
  readonly #requestId: string;
  #over = false;
  #answered = true;
  #bad = 0;
  #stretch = { from: 0, frames: 0 };

  constructor(ws: UpgradedSocket['ws'], clock: Clock, requestId: string) {
    this.#ws = ws;
    this.#clock = clock;
    this.#requestId = requestId;
  }

  start(listener: SideChannelListener): void {
    this.#ws.on('message', (message, binary) => this.#received(listener, message, binary));
    this.#ws.on('pong', () => (this.#answered = true));
    this.#ws.on('error', () => {});
    this.#ws.once('close', () => {
      this.#over = true;
      listener.onClosed();
    });
    if (this.#ws.readyState === this.#ws.CLOSED) listener.onClosed();
  }

  tell(frame: ScreenServerFrame): void {
    if (this.#over || this.#ws.readyState !== this.#ws.OPEN) return;
    if (this.#ws.bufferedAmount > MAX_UNSENT_BYTES)
      return this.close(CLOSE_CODES.slowConsumer.code, 'The client reads too slowly; reconnect.');
    this.#ws.send(JSON.stringify(frame));
  }

  /** Last words before the close. */
  bye(reason: ScreenBye['reason'], message: string, code: number): void {
    this.tell({ type: 'bye', reason, message, requestId: this.#requestId });
    this.close(code, message);
  }

  close(code: number, text: string): void {
    this.#over = true;
    closeSocket(this.#ws, this.#clock, code, text);
  }

  /** A ping for proxies and for us, a heartbeat for pages, which see no pings. Cuts who did not answer the last one. */
  beat(at: string): void {
    if (!this.#answered && !this.#ws.isPaused) return this.#ws.terminate();
    this.#answered = false;
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
    this.tell({ type: 'heartbeat', at });
  }

  #received(listener: SideChannelListener, message: RawData, binary: boolean): void {
    if (this.#over) return;
    this.#answered = true;
    if (this.#isFlood())
      return this.close(
        CLOSE_CODES.tooMany.code,
        `More than ${MAX_FRAMES} frames in ${STRETCH_MS / 1000} s; reconnect later.`,
      );
    try {
      if (binary) throw new StatusError('BadRequest', 'frames are JSON text');
      const done = listener.onFrame(SCREEN_FRAMES.read((message as Buffer).toString('utf8')));
      if (done) this.#wait(done);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #isFlood(): boolean {
    const now = this.#clock.monotonic();
    if (now - this.#stretch.from > STRETCH_MS) this.#stretch = { from: now, frames: 0 };
    this.#stretch.frames += 1;
    return this.#stretch.frames > MAX_FRAMES;
  }

  #wait(done: Promise<void>): void {
    this.#ws.pause();
    void done.catch((error: unknown) => this.#refuse(error)).finally(() => this.#ws.resume());
  }

  #refuse(error: unknown): void {
    this.tell({ type: 'error', status: toStatus(error, this.#requestId) as unknown as StatusSchema });
    if (SENSELESS.has(reasonOf(error))) this.#bad += 1;
    const { code, text } = CLOSE_CODES.badFrame;
    if (this.#bad >= MAX_BAD_FRAMES) this.close(code, text);
  }
}

/** A peer that does not take part in the closing handshake is cut off. */
export function closeSocket(ws: UpgradedSocket['ws'], clock: Clock, code: number, text: string): void {
  if (ws.readyState !== ws.OPEN) return;
  ws.resume();
  ws.close(code, Buffer.from(text).subarray(0, 123));
  ws.once(
    'close',
    clock.after(CLOSE_GRACE_MS, () => ws.terminate()),
  );
}
