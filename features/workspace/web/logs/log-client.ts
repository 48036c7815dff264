/* oxlint-disable unicorn/prefer-add-event-listener -- fields, as they are taken off again: a socket given up must not speak any more */
import { CLOSE_CODES, shouldReconnect } from '@krateyard/hub/close-codes';
import type { Clock } from '@krateyard/ui/live/browser-clock';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { letGo } from '@krateyard/ui/live/let-go';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { SOCKET_OPEN } from '@krateyard/ui/live/live-wire';
import { retryDelayMs } from '@krateyard/ui/live/retry-delay';
import { Store } from '@krateyard/ui/live/store';
import { whyClosed } from '@krateyard/ui/live/why-closed';
import { strings } from '@krateyard/ui/strings';
import { readLogBlock } from '../../contract/log-block.ts';
import type { LogServerFrame } from '../../contract/log-protocol.ts';
import type { LogEntry } from './log-entry.ts';
import { LogFrameReader } from './log-frame-reader.ts';

/** Where a log view's connection stands. Times are milliseconds since the epoch. */
export type LogState =
  | { readonly phase: 'connecting' }
  /** `synced`: all of the past that was asked for is here. */
  | { readonly phase: 'live'; readonly synced: boolean }
  | {
      readonly phase: 'reconnecting';
      readonly downSince: number;
      /** Absent while an attempt is under way. */
      readonly retryAt?: number;
      readonly reason: string;
    }
  /** Nothing more comes: all was read, or every container has ended. */
  | { readonly phase: 'ended' }
  /** It cannot be read; only `start` tries again. */
  | { readonly phase: 'failed'; readonly status: LiveStatus };

export interface LogClientOptions {
  /** A new socket; `resume` is the token to go on after. */
  readonly open: (resume: string | undefined) => ByteSocket;
  readonly clock: Clock;
  /** Lines and marks in order, each exactly once. */
  readonly onEntries: (entries: readonly LogEntry[]) => void;
  /**
   * Asked when a handshake is refused, which a browser cannot tell from a dead network: the Status with which the gateway
   * refuses, or undefined when it does not (then the client comes back).
   */
  readonly onRefused: () => Promise<LiveStatus | undefined>;
}

const RETRY = { firstMs: 400, lastMs: 15_000 };
/** A handshake includes reading from the cluster: longer than an ordinary one. */
const PATIENCE_MS = 20_000;
const PING_PATIENCE_MS = 10_000;
/** So many heartbeats may stay out before the server is asked. */
const BEATS = 1.5;
const STEADY_MS = 10_000;
/** Answers that asking again does not change. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 422]);

/**
 * Follows one log over `/ws/logs`: reconnects by itself after jittered delays that double from 0.4 s to 15 s, goes on after
 * the last position, and drops what comes again. SPEC.md LV1–LV5.
 */
export class LogClient {
  readonly state = new Store<LogState>({ phase: 'connecting' });
  readonly #options: LogClientOptions;
  readonly #reader = new LogFrameReader();
  #socket: ByteSocket | undefined;
  #attempt = 0;
  #openedAt = 0;
  #downSince: number | undefined;
  #quietMs = 45_000;
  #done = false;
  #cancelTimer: () => void = () => {};

  constructor(options: LogClientOptions) {
    this.#options = options;
  }

  start(): void {
    this.#attempt = 0;
    this.#done = false;
    this.#connect();
  }

  /** Leaves no timer and no socket. */
  stop(): void {
    this.#drop();
  }

  /** The tab or the network came back, or the person does not want to wait. */
  wake(): void {
    const { phase } = this.state.get();
    if (phase === 'reconnecting' && this.#socket === undefined) this.#connect();
    else if (phase === 'live') this.#ping(PING_PATIENCE_MS / 3);
  }

  #connect(): void {
    this.#drop();
    const since = this.#downSince;
    if (since === undefined) this.state.set({ phase: 'connecting' });
    else this.state.set({ phase: 'reconnecting', downSince: since, reason: this.#reason() });
    const socket = this.#options.open(this.#reader.position);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#watch();
    };
    socket.onmessage = (event: { data: unknown }) => this.#onFrame(event.data);
    socket.onerror = () => {};
    socket.onclose = (event: { code: number }) => void this.#onClose(event.code, opened);
    this.#cancelTimer = this.#options.clock.after(PATIENCE_MS, () => this.#retry(strings.link.noAnswer));
  }

  #onFrame(message: unknown): void {
    this.#watch();
    const frame = parsed(message);
    if (!frame) return;
    if (frame.type === 'hello') this.#onHello(frame.heartbeatMs);
    if (frame.type === 'synced') this.state.set({ phase: 'live', synced: true });
    if (frame.type === 'done') this.#done = true;
    const entries = this.#reader.read(frame);
    if (entries.length > 0) this.#options.onEntries(entries);
    if (frame.type === 'done') this.#end();
  }

  #onHello(heartbeatMs: number): void {
    this.#quietMs = heartbeatMs * BEATS;
    this.#openedAt = this.#options.clock.now();
    const resumed = this.#downSince !== undefined && this.#reader.position !== undefined;
    this.#downSince = undefined;
    this.#reader.begins();
    this.state.set({ phase: 'live', synced: resumed });
    this.#watch();
  }

  async #onClose(code: number, opened: boolean): Promise<void> {
    const socket = this.#socket;
    if (this.#done) return this.#end();
    if (!shouldReconnect(code)) return this.#fail(closeStatus(code));
    if (!opened) {
      const status = await this.#options.onRefused().catch(() => undefined);
      if (this.#socket !== socket) return;
      if (status && FINAL.has(status.code)) return this.#fail(status);
      return this.#retry(status?.message ?? whyClosed(code));
    }
    this.#retry(whyClosed(code));
  }

  #end(): void {
    this.#drop();
    this.#downSince = undefined;
    this.state.set({ phase: 'ended' });
  }

  #fail(status: LiveStatus): void {
    this.#drop();
    this.#downSince = undefined;
    this.state.set({ phase: 'failed', status });
  }

  #retry(reason: string): void {
    const { clock } = this.#options;
    const steady = this.state.get().phase === 'live' && clock.now() - this.#openedAt > STEADY_MS;
    if (steady) this.#attempt = 0;
    this.#drop();
    this.#downSince ??= clock.now();
    const delay = retryDelayMs(clock, this.#attempt, RETRY);
    this.#attempt += 1;
    this.state.set({
      phase: 'reconnecting',
      downSince: this.#downSince,
      retryAt: clock.now() + delay,
      reason,
    });
    this.#cancelTimer = clock.after(delay, () => this.#connect());
  }

  #reason(): string {
    const state = this.state.get();
    return state.phase === 'reconnecting' ? state.reason : '';
  }

  /** Starts the silence over: a frame came. */
  #watch(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(this.#quietMs, () => this.#ping(PING_PATIENCE_MS));
  }

  #ping(patienceMs: number): void {
    if (this.#socket?.readyState === SOCKET_OPEN) this.#socket.send('{"type":"ping"}');
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(patienceMs, () => this.#retry(strings.link.silent));
  }

  #drop(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    letGo(this.#socket);
    this.#socket = undefined;
  }
}

/** Undefined for what says nothing to us. */
function parsed(message: unknown): LogServerFrame | undefined {
  try {
    if (message instanceof ArrayBuffer) return readLogBlock(new Uint8Array(message));
    const frame: unknown = JSON.parse(String(message));
    return typeof frame === 'object' && frame !== null ? (frame as LogServerFrame) : undefined;
  } catch {
    return undefined;
  }
}

function closeStatus(code: number): LiveStatus {
  const forbidden = code === CLOSE_CODES.forbidden.code;
  const signedOut = code === CLOSE_CODES.unauthenticated.code;
  if (forbidden) return { message: whyClosed(code), reason: 'Forbidden', code: 403 };
  if (signedOut) return { message: whyClosed(code), reason: 'Unauthorized', code: 401 };
  return { message: whyClosed(code), reason: 'BadRequest', code: 400 };
}
