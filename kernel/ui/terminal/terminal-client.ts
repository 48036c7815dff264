/* oxlint-disable unicorn/prefer-add-event-listener -- fields, as they are taken off again: a socket given up must not speak any more */
import { isRightLost, shouldReconnect } from '@krateyard/hub/close-codes';
import {
  MAX_STDIN_BYTES,
  type TerminalClientFrame,
  type TerminalExit,
  type TerminalHello,
  type TerminalMessage,
} from '@krateyard/terminals/terminal-protocol';
import type { Clock } from '../live/browser-clock.ts';
import type { ByteSocket } from '../live/byte-socket.ts';
import { letGo } from '../live/let-go.ts';
import type { LiveStatus } from '../live/live-frames.ts';
import { SOCKET_OPEN } from '../live/live-wire.ts';
import { retryDelayMs, SOON } from '../live/retry-delay.ts';
import { Store } from '../live/store.ts';
import { statusOf } from '../live/api-client.ts';
import { strings } from '../strings.ts';
import { inputFrame, readOutput } from './output-frame.ts';
import { sessionStrings } from './session-strings.ts';
import { mayType, NOTHING_YET, type TerminalPhase, type TerminalSnapshot } from './terminal-snapshot.ts';

/** Which session, and as whom one was in it. */
export interface TerminalLink {
  /** Absent: it is to be begun. */
  readonly session?: string | undefined;
  readonly key?: string | undefined;
}

/** Where output is drawn. */
export interface TerminalScreen {
  /** `drawn` is called when these bytes are on the screen: only then more is asked for. */
  write(bytes: Uint8Array, drawn: () => void): void;
  /** Bytes that will never come; the screen says so in their place. */
  gap(bytes: number): void;
  size(): { readonly rows: number; readonly cols: number };
}

export interface TerminalClientOptions {
  readonly link: TerminalLink;
  readonly screen: TerminalScreen;
  /** Opens the session where the link has none; absent: the socket does. Rejects with what the gateway answered. */
  readonly begin?: (size: {
    readonly rows: number;
    readonly cols: number;
  }) => Promise<{ readonly session: string; readonly key: string }>;
  /** Makes the socket; the query says which session, as whom and from where. */
  readonly open: (query: URLSearchParams) => ByteSocket;
  /** Why a handshake was refused, which a browser does not tell; undefined: it may go better next time. */
  readonly explain: (session: string) => Promise<LiveStatus | undefined>;
  readonly clock: Clock;
}

const HANDSHAKE_MS = 15_000;
/** Silence after which a sign of life is asked for, and how long that may take. */
const QUIET_MS = 25_000;
const ANSWER_MS = 8_000;
/** A probe after sleep: a person is waiting. */
const PROBE_MS = 2_000;
/** Clocks and networks are not exact: asked this much longer than the session is held. */
const HOLD_SLACK_MS = 5_000;

/** Handshakes that fail for a session that one has not been in yet: then it is told. */
const MAX_JOINS = 5;

/**
 * One terminal over as many sockets as it takes. It draws every byte of the output once and in order, comes back by itself as
 * long as the session is held, and says at any time how it stands. What is typed while there is no socket is refused, not
 * kept: it would run later, unseen. SPEC.md TM.
 */
export class TerminalClient<Hello extends TerminalHello = TerminalHello> {
  readonly view = new Store<TerminalSnapshot<Hello>>(NOTHING_YET);
  readonly #options: TerminalClientOptions;
  readonly #clock: Clock;
  #link: TerminalLink;
  #socket: ByteSocket | undefined;
  #attempt = 0;
  #cancelTimer: () => void = () => {};
  /** Offset after the last byte given to the screen; undefined before the first. */
  #received: number | undefined;
  #drawn = 0;
  #acknowledged = 0;
  #sentSize = '';
  #stopped = false;
  /** Sessions so far: what an older one has drawn counts no more. */
  #run = 0;

  constructor(options: TerminalClientOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#link = options.link;
  }

  start(): void {
    const { begin } = this.#options;
    if (begin && this.#link.session === undefined) void this.#begin(begin);
    else this.#connect();
  }

  /** Leaves without ending the session: it is held. No timer and no socket stay. */
  stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  /** How this session can be found again, as soon as that is known. */
  get link(): TerminalLink {
    return this.#link;
  }

  /** False, and nothing sent, unless what is typed here reaches the other side. */
  type(bytes: Uint8Array): boolean {
    if (!mayType(this.view.get()) || this.#socket?.readyState !== SOCKET_OPEN) return false;
    for (let at = 0; at < bytes.length; at += MAX_STDIN_BYTES) {
      this.#socket.send(inputFrame(bytes.subarray(at, at + MAX_STDIN_BYTES)));
    }
    return true;
  }

  /** Tells the screen's size, if this is where it is typed and it has changed. */
  resize(): void {
    if (!mayType(this.view.get())) return;
    const { rows, cols } = this.#options.screen.size();
    if (this.#sentSize === `${rows}x${cols}`) return;
    this.#sentSize = `${rows}x${cols}`;
    this.say({ type: 'resize', rows, cols });
  }

  /** False when there is no socket to say it on. */
  say(frame: TerminalClientFrame): boolean {
    if (this.#socket?.readyState !== SOCKET_OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** The tab, the network or the computer came back: find out now whether the socket lives. */
  wake(): void {
    const { phase } = this.view.get().phase;
    if (phase === 'live') this.#probe(PROBE_MS);
    if (phase === 'reconnecting' && this.#socket === undefined) this.#connect();
  }

  #set(change: Partial<TerminalSnapshot<Hello>>): void {
    this.view.set({ ...this.view.get(), ...change });
  }

  async #begin(begin: NonNullable<TerminalClientOptions['begin']>): Promise<void> {
    try {
      const { session, key } = await begin(this.#options.screen.size());
      this.#link = { session, key };
      if (!this.#stopped) this.#connect();
    } catch (error) {
      if (!this.#stopped) this.#over({ phase: 'refused', status: statusOf(error) });
    }
  }

  #connect(): void {
    this.#drop();
    const before = this.view.get().phase;
    if (before.phase === 'reconnecting') this.#set({ phase: { ...before, retryAt: undefined } });
    const socket = this.#options.open(socketQuery(this.#link, this.#received));
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#quiet();
    };
    socket.onmessage = (event: { data: unknown }) => this.#onFrame(event.data);
    socket.onerror = () => {};
    socket.onclose = (event: { code: number }) => void this.#onClose(event.code, opened);
    this.#cancelTimer = this.#clock.after(HANDSHAKE_MS, () => this.#retry(strings.link.noAnswer));
  }

  async #onClose(code: number, opened: boolean): Promise<void> {
    const socket = this.#socket;
    if (opened && !shouldReconnect(code))
      return this.#end({ code: null, reason: isRightLost(code) ? 'right-lost' : 'failed' });
    const status = opened ? undefined : await this.#options.explain(this.#link.session ?? '');
    if (this.#socket !== socket) return;
    const hopeless = this.view.get().hello === undefined && this.#attempt >= MAX_JOINS;
    if (status) this.#refused(status);
    else if (hopeless)
      this.#refused({ message: sessionStrings.notLetIn, reason: 'ServiceUnavailable', code: 503 });
    else this.#retry(strings.link.lost);
  }

  /** The gateway said no, and why. A session that was there is over; one that never began is refused. */
  #refused(status: LiveStatus): void {
    if (this.view.get().hello === undefined) return this.#over({ phase: 'refused', status });
    const reason = status.code === 403 || status.code === 401 ? 'right-lost' : 'hold-expired';
    this.#end({ code: null, reason, message: status.message });
  }

  #retry(reason: string): void {
    this.#drop();
    const { phase, hello } = this.view.get();
    const now = this.#clock.now();
    const since = phase.phase === 'reconnecting' ? phase.since : now;
    const heldUntil = since + (hello?.holdMs ?? 0);
    if (hello && now > heldUntil + HOLD_SLACK_MS) return this.#end({ code: null, reason: 'hold-expired' });
    const delay = retryDelayMs(this.#clock, this.#attempt, SOON);
    this.#attempt += 1;
    this.#set({ phase: { phase: 'reconnecting', since, heldUntil, retryAt: now + delay, reason } });
    this.#cancelTimer = this.#clock.after(delay, () => this.#connect());
  }

  #onFrame(frame: unknown): void {
    this.#quiet();
    if (frame instanceof ArrayBuffer) return this.#onOutput(frame);
    if (typeof frame !== 'string') return;
    try {
      this.#onMessage(JSON.parse(frame) as Hello | TerminalMessage | TerminalExit);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  /** Draws what was not drawn yet. */
  #onOutput(frame: ArrayBuffer): void {
    const output = readOutput(frame);
    if (!output) return;
    const expected = this.#received ?? output.offset;
    if (output.offset > expected) this.#options.screen.gap(output.offset - expected);
    const known = Math.max(0, expected - output.offset);
    const end = output.offset + output.bytes.length;
    if (known >= output.bytes.length) return;
    this.#received = end;
    const run = this.#run;
    this.#options.screen.write(output.bytes.subarray(known), () => {
      if (run === this.#run) this.#onDrawn(end);
    });
  }

  /** Told at every quarter of the window, so that the gateway never waits for it, and whenever nothing waits to be drawn. */
  #onDrawn(offset: number): void {
    this.#drawn = Math.max(this.#drawn, offset);
    const behind = this.#drawn - this.#acknowledged;
    const { windowBytes = 0 } = this.view.get().hello ?? {};
    if (behind <= 0 || (behind < windowBytes / 4 && this.#drawn < (this.#received ?? 0))) return;
    if (this.say({ type: 'ack', offset: this.#drawn })) this.#acknowledged = this.#drawn;
  }

  #onMessage(frame: Hello | TerminalMessage | TerminalExit): void {
    switch (frame.type) {
      case 'hello':
        return this.#onHello(frame);
      case 'people':
        this.#set({ participants: frame.participants, keyboard: frame.keyboard });
        return this.resize();
      case 'resized':
        return this.#set({ size: { rows: frame.rows, cols: frame.cols } });
      case 'recording':
        return this.#onRecording(frame);
      case 'notice':
        return this.#set({ notice: frame });
      case 'gap':
        return this.#onGap(frame.from, frame.to);
      case 'exit':
        return this.#end({
          code: frame.code,
          reason: frame.reason,
          ...(frame.message !== undefined && { message: frame.message }),
        });
      case 'error':
        return this.#set({
          complaint: { count: (this.view.get().complaint?.count ?? 0) + 1, status: frame.status },
        });
      case 'heartbeat':
      case 'authenticated':
      case 'pong':
    }
  }

  #onHello(hello: Hello): void {
    if (this.#link.session !== undefined && this.#link.session !== hello.session) this.#anew();
    this.#attempt = 0;
    this.#sentSize = '';
    this.#link = { session: hello.session, key: hello.key };
    this.#acknowledged = 0;
    this.#set({
      phase: { phase: 'live' },
      hello,
      notice: undefined,
      size: { rows: hello.rows, cols: hello.cols },
      recording: { ...this.view.get().recording, on: hello.recording },
    });
    this.#onDrawn(this.#drawn);
  }

  /** The session that was is gone, and this is another: its offsets begin at 0 again. */
  #anew(): void {
    this.#run += 1;
    this.#received = undefined;
    this.#drawn = 0;
  }

  /** The last recording stays known after its end: it can be replayed. */
  #onRecording({ on, id, by }: Extract<TerminalMessage, { type: 'recording' }>): void {
    this.#set({ recording: { on, id: id ?? this.view.get().recording.id, by } });
  }

  #onGap(from: number, to: number): void {
    const start = Math.max(from, this.#received ?? from);
    if (to <= start) return;
    this.#received = to;
    this.#options.screen.gap(to - start);
  }

  /** Starts the silence over: something came. */
  #quiet(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(QUIET_MS, () => this.#probe(ANSWER_MS));
  }

  #probe(patienceMs: number): void {
    this.say({ type: 'ping' });
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(patienceMs, () => this.#retry(strings.link.silent));
  }

  #end(exit: Extract<TerminalPhase, { phase: 'ended' }>['exit']): void {
    this.#over({ phase: 'ended', exit });
  }

  #over(phase: TerminalPhase): void {
    this.#drop();
    this.#stopped = true;
    this.#set({ phase });
  }

  #drop(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    letGo(this.#socket);
    this.#socket = undefined;
  }
}

/** `from`: offset after the last byte that is known. */
function socketQuery({ session, key }: TerminalLink, from: number | undefined): URLSearchParams {
  return new URLSearchParams({
    ...(session !== undefined && { session }),
    ...(key !== undefined && { key }),
    ...(from !== undefined && { from: String(from) }),
  });
}
