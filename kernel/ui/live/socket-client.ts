/* oxlint-disable unicorn/prefer-add-event-listener -- fields, as they are taken off again: a socket given up must not speak any more */
import { CLOSE_CODES, shouldReconnect } from '@krateyard/hub/close-codes';
import type { Clock } from './browser-clock.ts';
import { letGo } from './let-go.ts';
import { SOCKET_OPEN, type LiveWire, type SocketLike, type WireFrame } from './live-wire.ts';
import { retryDelayMs } from './retry-delay.ts';
import type { SocketState } from './socket-state.ts';
import { Store } from './store.ts';
import { whyClosed } from './why-closed.ts';
import { strings } from '../strings.ts';

export interface SocketClientOptions<Spec, Message> {
  /** A new wire for every socket. */
  readonly wire: () => LiveWire<Spec, Message>;
  readonly open: () => SocketLike;
  readonly clock: Clock;
  /**
   * Asked when the server refuses the handshake, which a browser cannot tell from a dead network: `unauthenticated` ends the
   * client, `retry` lets it come back.
   */
  readonly onRefused?: () => Promise<'retry' | 'unauthenticated'>;
  /** How long it may take to give one, and how long a handshake may take. */
  readonly patienceMs?: number;
}

export interface LiveListener<Message> {
  onMessage(message: Message): void;
  /** The socket is gone; what is known is from before. */
  onDown?(): void;
}

export interface LiveSubscription<Spec> {
  /** Asks for another window of the same collection. */
  move(spec: Spec): void;
  close(): void;
}

interface Followed<Spec, Message> {
  spec: Spec;
  resume: string | undefined;
  readonly listener: LiveListener<Message>;
}

const QUIET_MS = 25_000;
const PATIENCE_MS = 10_000;
/** A probe after sleep or a return to the tab: a person is waiting, so a dead socket is told sooner. */
const PROBE_MS = 3_000;
const RETRY = { firstMs: 400, lastMs: 15_000 };
const STEADY_MS = 10_000;

/**
 * One WebSocket for every live view of the console. It always is in exactly one of the phases of SocketState, says so, and
 * leaves `waiting` by itself: it never is silently frozen. Subscriptions outlive sockets; each is asked for again with its
 * last resume token. SPEC.md UI1–UI9.
 */
export class SocketClient<Spec, Message> {
  readonly state = new Store<SocketState>({ phase: 'idle' });
  readonly #options: SocketClientOptions<Spec, Message>;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed<Spec, Message>>();
  readonly #topics = new Map<string, Set<(news: unknown) => void>>();
  #wire: LiveWire<Spec, Message>;
  #socket: SocketLike | undefined;
  #nextId = 1;
  #attempt = 0;
  /** Silence after which the server is asked for a sign of life. */
  #quietMs = QUIET_MS;
  #downSince: number | undefined;
  #cancelTimer: () => void = () => {};

  constructor(options: SocketClientOptions<Spec, Message>) {
    this.#options = options;
    this.#clock = options.clock;
    this.#wire = options.wire();
  }

  /** Connects, also out of `ended` (after a new sign-in). Does nothing while a socket lives or is being made. */
  start(): void {
    const { phase } = this.state.get();
    if (phase === 'open' || phase === 'connecting') return;
    this.#attempt = 0;
    this.#connect();
  }

  /** Drops the socket and all timers. Subscriptions stay and live again after `start`. */
  stop(): void {
    this.#drop();
    this.#downSince = undefined;
    this.state.set({ phase: 'idle' });
  }

  subscribe(spec: Spec, listener: LiveListener<Message>): LiveSubscription<Spec> {
    const id = String(this.#nextId++);
    const followed: Followed<Spec, Message> = { spec, resume: undefined, listener };
    this.#followed.set(id, followed);
    this.#say(() => this.#wire.subscribe(id, spec, undefined));
    return {
      move: (next) => {
        followed.spec = next;
        followed.resume = undefined;
        if (this.#followed.has(id)) this.#say(() => this.#wire.move(id, next));
      },
      close: () => {
        if (this.#followed.delete(id)) this.#say(() => this.#wire.unsubscribe(id));
      },
    };
  }

  /** News of a topic (`tasks`); asked for again on every new socket. The disposer ends it. */
  follow(topic: string, listener: (news: unknown) => void): () => void {
    const listeners = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, listeners.add(listener));
    this.#sayTopic(topic, true);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#topics.delete(topic);
      this.#sayTopic(topic, false);
    };
  }

  #sayTopic(topic: string, on: boolean): void {
    const text = this.#wire.topic?.(topic, on);
    if (text !== undefined) this.#say(() => text);
  }

  /** The tab came back, the network came back, the computer woke up: find out now whether the socket still lives. */
  wake(): void {
    const { phase } = this.state.get();
    if (phase === 'waiting') this.#connect();
    if (phase === 'open') this.#probe(PROBE_MS);
  }

  #connect(): void {
    this.#drop();
    const since = this.#downSince;
    this.state.set({
      phase: 'connecting',
      attempt: this.#attempt,
      ...(since !== undefined && { downSince: since }),
    });
    this.#wire = this.#options.wire();
    const socket = this.#options.open();
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#onOpen();
    };
    socket.onmessage = (event: { data: unknown }) => this.#onFrame(event.data);
    socket.onerror = () => {};
    socket.onclose = (event: { code: number }) => void this.#onClose(event.code, opened);
    const patience = this.#options.patienceMs ?? PATIENCE_MS;
    this.#cancelTimer = this.#clock.after(patience, () => this.#retry(strings.link.noAnswer));
  }

  #onOpen(): void {
    const since = this.#clock.now();
    this.#downSince = undefined;
    this.state.set({ phase: 'open', since });
    for (const [id, { spec, resume }] of this.#followed) {
      this.#say(() => this.#wire.subscribe(id, spec, resume));
    }
    for (const topic of this.#topics.keys()) this.#sayTopic(topic, true);
    this.#watch();
  }

  #onFrame(text: unknown): void {
    this.#watch();
    if (typeof text !== 'string') return;
    const frame = this.#wire.read(text);
    if (!frame) return;
    if (frame.heartbeatMs !== undefined) this.#quietMs = frame.heartbeatMs;
    for (const id of frame.ids) this.#tell(id, frame);
    if (frame.topic !== undefined) {
      for (const listener of this.#topics.get(frame.topic) ?? []) listener(frame.news);
    }
  }

  #tell(id: string, frame: WireFrame<Message>): void {
    const followed = this.#followed.get(id);
    if (!followed) return;
    if (frame.resume !== undefined) followed.resume = frame.resume;
    if (frame.ended) this.#followed.delete(id);
    if (frame.message !== undefined) followed.listener.onMessage(frame.message);
  }

  async #onClose(code: number, opened: boolean): Promise<void> {
    const socket = this.#socket;
    if (!shouldReconnect(code)) return this.#end(code);
    if (!opened && (await this.#options.onRefused?.()) === 'unauthenticated') {
      if (this.#socket === socket) this.#end(CLOSE_CODES.unauthenticated.code);
      return;
    }
    if (this.#socket === socket) this.#retry(whyClosed(code));
  }

  /** Starts the silence over: a frame came. */
  #watch(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(this.#quietMs, () =>
      this.#probe(this.#options.patienceMs ?? PATIENCE_MS),
    );
  }

  #probe(patienceMs: number): void {
    this.#say(() => this.#wire.ping());
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(patienceMs, () => this.#retry(strings.link.silent));
  }

  #retry(reason: string): void {
    const before = this.state.get();
    if (before.phase === 'open' && this.#clock.now() - before.since > STEADY_MS) this.#attempt = 0;
    this.#drop();
    this.#downSince ??= this.#clock.now();
    const delay = retryDelayMs(this.#clock, this.#attempt, RETRY);
    this.#attempt += 1;
    const retryAt = this.#clock.now() + delay;
    this.state.set({ phase: 'waiting', attempt: this.#attempt, downSince: this.#downSince, retryAt, reason });
    if (before.phase === 'open') this.#tellDown();
    this.#cancelTimer = this.#clock.after(delay, () => this.#connect());
  }

  #end(code: number): void {
    this.#drop();
    this.state.set({ phase: 'ended', code, reason: whyClosed(code) });
    this.#tellDown();
  }

  #tellDown(): void {
    for (const { listener } of this.#followed.values()) listener.onDown?.();
  }

  #drop(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    letGo(this.#socket);
    this.#socket = undefined;
  }

  #say(text: () => string): void {
    if (this.#socket?.readyState === SOCKET_OPEN) this.#socket.send(text());
  }
}
