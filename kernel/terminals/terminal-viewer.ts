import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { Reason } from '@krateyard/status/reasons';
import { reasonOf, toStatus } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { StatusSchema } from '@krateyard/status/status-schema';
import type { RawData } from 'ws';
import type { Dialect, Incoming } from './dialect.ts';
import { frameHeader } from './frame-header.ts';
import type { Scrollback } from './scrollback.ts';
import type { TerminalExit, TerminalServerFrame } from './terminal-protocol.ts';
import type { TerminalSocket } from './terminal-socket.ts';

export interface ViewerListener {
  /** Throws StatusError for what is refused; the client is told. A promise holds the socket's reading. */
  onIncoming(incoming: Incoming): void | Promise<void>;
  /** The client has drawn more, or the socket took more. */
  onProgress(): void;
  /** Once: the socket is gone. */
  onClosed(code: number): void;
}

export interface ViewerNeeds {
  readonly scrollback: Scrollback;
  readonly windowBytes: number;
  readonly clock: Clock;
  readonly requestId: string;
}

/** Output in one frame at most. */
const PIECE_BYTES = 64 * 1024;
/** What the system has not taken yet, for sockets that acknowledge nothing. */
const SOCKET_BYTES = 256 * 1024;
/** Above this the client is not read: it asks and does not listen. More than a window of output. */
const MAX_UNSENT_BYTES = 2 * 1024 * 1024;
const MAX_BAD_FRAMES = 100;
const SENSELESS: ReadonlySet<Reason> = new Set(['BadRequest', 'RequestEntityTooLarge']);
const CLOSE_GRACE_MS = 1_000;

/** One socket on one session: sends the scrollback from an offset on, as fast as the client takes it and no faster. */
export class TerminalViewer {
  readonly dialect: Dialect;
  readonly #ws: TerminalSocket['ws'];
  readonly #raw: TerminalSocket['raw'];
  readonly #needs: ViewerNeeds;
  #listener: ViewerListener | undefined;
  #sent: number;
  #acked: number;
  #ending: { readonly exit: TerminalExit; readonly code: number } | undefined;
  #over = false;
  #held = false;
  #stalledSince: number | undefined;
  #answered = true;
  #bad = 0;
  #inputPaused = false;
  #busy = false;

  constructor(socket: TerminalSocket, dialect: Dialect, from: number, needs: ViewerNeeds) {
    this.dialect = dialect;
    this.#ws = socket.ws;
    this.#raw = socket.raw;
    this.#needs = needs;
    this.#sent = from;
    this.#acked = from;
  }

  /** Output before this is not needed for this client any more. While its input is held its acknowledgements are, too. */
  get floor(): number {
    return this.dialect.acknowledges && !this.#inputPaused ? this.#acked : this.#sent;
  }

  /** Since when there is output that the client does not take, on the clock's monotonic time. */
  get stalledSince(): number | undefined {
    return this.#stalledSince;
  }

  /** Of what was sent to here nothing is on its way into the system any more: what waits is not less than what waits of output. */
  get unread(): number {
    return this.#sent - this.#raw.writableLength;
  }

  start(listener: ViewerListener): void {
    this.#listener = listener;
    const reading = this.#needs.scrollback.readBy(this);
    this.#ws.on('message', (message, binary) => this.#received(message, binary));
    this.#ws.on('pong', () => (this.#answered = true));
    this.#ws.on('error', () => {});
    this.#ws.once('close', (code) => {
      this.#over = true;
      reading[Symbol.dispose]();
      listener.onClosed(code);
    });
    this.#raw.on('drain', () => {
      this.#settleReading();
      if (!this.#over) listener.onProgress();
    });
    if (this.#ws.readyState !== this.#ws.CLOSED) return;
    reading[Symbol.dispose]();
    listener.onClosed(1006);
  }

  tell(frame: TerminalServerFrame): void {
    const text = this.dialect.frame(frame);
    if (text !== undefined && !this.#over && this.#ws.readyState === this.#ws.OPEN) this.#ws.send(text);
  }

  refuse(error: unknown): void {
    this.tell({ type: 'error', status: toStatus(error, this.#needs.requestId) as StatusSchema });
  }

  /** Holds output back, or lets it go. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.flow();
  }

  /** The client has drawn everything below `offset`. */
  acknowledge(offset: number): void {
    this.#acked = Math.max(this.#acked, Math.min(offset, this.#sent));
  }

  /** Sends what the window, and the socket, have room for; then the end, when it has come. */
  flow(): void {
    const { scrollback, clock } = this.#needs;
    if (this.#over || this.#held) return;
    this.#raw.cork();
    while (this.#room() > 0 && this.#skipLost()) {
      const piece = scrollback.read(this.#sent, Math.min(PIECE_BYTES, this.#room()));
      if (!piece) break;
      this.#sent += piece.bytes.length;
      this.#stalledSince = undefined;
      this.#send(this.dialect.output(piece));
    }
    this.#raw.uncork();
    if (this.#sent < scrollback.end) this.#stalledSince ??= clock.monotonic();
    else {
      this.#stalledSince = undefined;
      if (this.#ending) this.end(this.#ending.exit, this.#ending.code);
    }
  }

  /** Takes nothing, or cannot be told what it has missed. */
  cutOff(): void {
    const { code, text } = CLOSE_CODES.slowConsumer;
    this.end(undefined, code, text);
  }

  /** What was not waited for is named and left out. False: not yet, as more was sent than clients leave unacknowledged. */
  #skipLost(): boolean {
    const { scrollback, windowBytes } = this.#needs;
    const { start } = scrollback;
    const unacknowledged = this.dialect.acknowledges ? this.#sent - this.#acked : 0;
    if (this.#sent >= start) return true;
    if (unacknowledged > 0 && unacknowledged >= windowBytes / 4) return false;
    const marker = this.dialect.frame({ type: 'gap', from: this.#sent, to: start });
    if (marker === undefined) this.cutOff();
    else this.#send(marker);
    this.#sent = start;
    this.#acked = start - unacknowledged;
    return !this.#over;
  }

  /** Ends when all output has been sent. */
  finish(exit: TerminalExit, code: number): void {
    this.#ending ??= { exit, code };
    this.flow();
  }

  /** Ends now: what comes after the output sent so far is not told. */
  end(exit: TerminalExit | undefined, code: number, text = ''): void {
    if (this.#over) return;
    if (exit) this.tell(exit);
    this.close(code, text);
  }

  close(code: number, text = ''): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#over = true;
    this.#settleReading();
    this.#ws.close(code, Buffer.from(text).subarray(0, 123));
    this.#ws.once(
      'close',
      this.#needs.clock.after(CLOSE_GRACE_MS, () => this.#ws.terminate()),
    );
  }

  /** A ping for proxies and for us, a heartbeat for pages, which see no pings. Cuts who did not answer the last one. */
  beat(at: string): void {
    if (!this.#answered && !this.#ws.isPaused) return this.#ws.terminate();
    this.#answered = false;
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
    this.tell({ type: 'heartbeat', at });
  }

  /** Stops to read the client, as what it typed is not taken upstream. */
  pauseInput(paused: boolean): void {
    this.#inputPaused = paused;
    this.#settleReading();
  }

  /** One message. Binary ones are framed here: `ws` takes one buffer a message, and joining the parts would copy all output. */
  #send(message: string | readonly Buffer[] | undefined): void {
    if (message === undefined || this.#ws.readyState !== this.#ws.OPEN) return;
    if (typeof message === 'string') return this.#ws.send(message);
    this.#raw.write(frameHeader(message.reduce((sum, { length }) => sum + length, 0)));
    for (const part of message) this.#raw.write(part);
  }

  #room(): number {
    if (!this.dialect.acknowledges || this.#inputPaused) return SOCKET_BYTES - this.#raw.writableLength;
    return Math.min(
      this.#acked + this.#needs.windowBytes - this.#sent,
      MAX_UNSENT_BYTES - this.#raw.writableLength,
    );
  }

  #received(message: RawData, binary: boolean): void {
    if (this.#over || !this.#listener) return;
    this.#answered = true;
    try {
      const done = this.#listener.onIncoming(this.dialect.read(bytesOf(message), binary));
      if (done) this.#wait(done);
    } catch (error) {
      this.#refused(error);
    }
    this.#settleReading();
  }

  #wait(done: Promise<void>): void {
    this.#busy = true;
    void done
      .catch((error: unknown) => this.#refused(error))
      .finally(() => {
        this.#busy = false;
        this.#settleReading();
      });
  }

  #refused(error: unknown): void {
    this.refuse(error);
    // A key without the keyboard makes sense, and is refused; it may be typed again and again.
    if (SENSELESS.has(reasonOf(error))) this.#bad += 1;
    const { code, text } = CLOSE_CODES.badFrame;
    if (this.#bad >= MAX_BAD_FRAMES) this.close(code, text);
  }

  /** A client that is to wait is not read; one that is to close must be. */
  #settleReading(): void {
    const wait =
      !this.#over && (this.#inputPaused || this.#busy || this.#raw.writableLength > MAX_UNSENT_BYTES);
    if (wait && !this.#ws.isPaused) this.#ws.pause();
    else if (!wait && this.#ws.isPaused) this.#ws.resume();
  }
}

function bytesOf(message: RawData): Buffer {
  if (Buffer.isBuffer(message)) return message;
  return Buffer.concat(Array.isArray(message) ? message : [Buffer.from(message)]);
}
