/* oxlint-disable unicorn/prefer-add-event-listener -- fields, as they are taken off again: a socket given up must not speak any more */
import { isRightLost, shouldReconnect } from '@krateyard/hub/close-codes';
import type { Clock } from '@krateyard/ui/live/browser-clock';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { letGo } from '@krateyard/ui/live/let-go';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { SOCKET_OPEN } from '@krateyard/ui/live/live-wire';
import { retryDelayMs, SOON } from '@krateyard/ui/live/retry-delay';
import { Store } from '@krateyard/ui/live/store';
import { strings } from '@krateyard/ui/strings';
import type {
  ScreenBye,
  ScreenClientFrame,
  ScreenHello,
  ScreenPeople,
  ScreenServerFrame,
  ScreenStateFrame,
} from '../../contract/screen-protocol.ts';
import { PixelLine, type PictureSink } from './pixel-line.ts';
import { controls, me, NOTHING_YET, type ScreenEnd, type ScreenSnapshot } from './screen-snapshot.ts';
import { screenStrings } from './screen-strings.ts';

/** Why a handshake was refused: for good, or because the machine has no screen now. */
export type Refusal =
  | { readonly sort: 'refused'; readonly status: LiveStatus }
  | { readonly sort: 'away'; readonly machine: Pick<ScreenStateFrame, 'state' | 'message' | 'since'> };

export interface ScreenClientOptions {
  /** Makes the socket of `/api/vms/{name}/screen`. */
  readonly open: () => ByteSocket;
  /** Makes the socket of `/api/vms/{name}/vnc` for the viewer with this key. */
  readonly openPixels: (key: string) => ByteSocket;
  readonly picture: PictureSink;
  /** What a browser does not tell of a handshake that failed; undefined: it may go better next time. */
  readonly explain: () => Promise<Refusal | undefined>;
  readonly clock: Clock;
}

const HANDSHAKE_MS = 20_000;
/** Silence after which a sign of life is asked for, and how long that may take. */
const QUIET_MS = 25_000;
const ANSWER_MS = 8_000;
/** A probe after sleep: a person is waiting. */
const PROBE_MS = 2_000;
/** The latency is measured so often while somebody looks. */
const MEASURE_MS = 5_000;
/** After so long without anybody looking pixels are let go. */
const AWAY_MS = 30_000;
/** Handshakes that fail without a reason for a screen that one has not been at yet: then it is told. */
const MAX_JOINS = 6;

/**
 * One machine's screen over as many sockets as it takes: who is there and what the machine does on one, pixels on another. Comes
 * back by itself, and says at any time how it stands. SPEC.md SW.
 */
export class ScreenClient {
  readonly view = new Store<ScreenSnapshot>(NOTHING_YET);
  readonly #options: ScreenClientOptions;
  readonly #clock: Clock;
  readonly #pixels: PixelLine;
  #socket: ByteSocket | undefined;
  #attempt = 0;
  #cancelTimer: () => void = () => {};
  #stopLooking: () => void = () => {};
  /** Nobody has looked for a while. */
  #away = false;
  #pings = 0;
  #asked: { readonly nonce: string; readonly at: number } | undefined;
  #bye: ScreenBye | undefined;
  #stopped = false;
  /** When to ask for control by itself: alone; or, having had it before the connection broke, in any case; or no more. */
  #wants: 'alone' | 'back' | 'settled' = 'alone';
  /** Was in control when the connection was lost. */
  #controlled = false;

  constructor(options: ScreenClientOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#pixels = new PixelLine({
      open: options.openPixels,
      picture: options.picture,
      clock: options.clock,
      onChange: (pixels) => this.#set({ pixels }),
    });
  }

  start(): void {
    this.#connect();
  }

  /** No timer and no socket stay. */
  stop(): void {
    this.#stopped = true;
    this.#stopLooking();
    this.#drop();
  }

  /** False when there is no socket to say it on. */
  say(frame: ScreenClientFrame): boolean {
    if (this.#socket?.readyState !== SOCKET_OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /**
   * Whether somebody looks: then the latency is measured. Pixels that nobody looks at are let go after a while, as they cost the
   * gateway what others' do; who is there, and who controls, stays.
   */
  look(on: boolean): void {
    this.#stopLooking();
    if (this.#stopped) return;
    if (!on) {
      this.#stopLooking = this.#clock.after(AWAY_MS, () => {
        this.#away = true;
        this.#pixels.want(undefined);
      });
      return;
    }
    this.#stopLooking = this.#clock.every(MEASURE_MS, () => this.#ping());
    this.#ping();
    if (!this.#away) return;
    this.#away = false;
    this.#wantPixels();
  }

  /** The tab, the network or the computer came back, or the person will not wait: find out now. */
  wake(): void {
    const { phase } = this.view.get().phase;
    if (phase === 'live') {
      this.#probe(PROBE_MS);
      this.#pixels.nudge();
    }
    if (phase === 'reconnecting' && this.#socket === undefined) this.#connect();
  }

  #set(change: Partial<ScreenSnapshot>): void {
    this.view.set({ ...this.view.get(), ...change });
  }

  #connect(): void {
    this.#drop();
    const before = this.view.get().phase;
    if (before.phase === 'reconnecting') this.#set({ phase: { ...before, retryAt: undefined } });
    const socket = this.#options.open();
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
    this.#cancelTimer();
    if (opened) {
      const final = this.#bye && FINAL.has(this.#bye.reason) ? this.#bye : undefined;
      if (final) return this.#end(final.reason, final);
      if (!shouldReconnect(code)) return this.#end(isRightLost(code) ? 'right-lost' : 'failed', this.#bye);
      return this.#retry(this.#bye?.message ?? strings.link.lost);
    }
    const refusal = await this.#options.explain();
    if (this.#socket !== socket) return;
    if (refusal?.sort === 'refused') return this.#refused(refusal.status);
    if (refusal?.sort === 'away') this.#set({ machine: refusal.machine });
    const hopeless = !refusal && this.view.get().hello === undefined && this.#attempt >= MAX_JOINS;
    if (hopeless) this.#refused({ message: screenStrings.notLetIn, reason: 'ServiceUnavailable', code: 503 });
    else this.#retry(refusal?.machine.message ?? strings.link.lost);
  }

  /** The gateway said no, and why. A view that was there has ended; one that never began is refused. */
  #refused(status: LiveStatus): void {
    if (this.view.get().hello === undefined) return this.#over({ phase: { phase: 'refused', status } });
    const requestId = status.details?.requestId;
    this.#end(status.code === 404 ? 'gone' : 'right-lost', { message: status.message, requestId });
  }

  #retry(reason: string): void {
    if (this.view.get().phase.phase === 'live') this.#controlled = controls(this.view.get());
    this.#drop();
    const { phase } = this.view.get();
    const now = this.#clock.now();
    const since = phase.phase === 'reconnecting' ? phase.since : now;
    const delay = retryDelayMs(this.#clock, this.#attempt, SOON);
    this.#attempt += 1;
    this.#set({ phase: { phase: 'reconnecting', since, retryAt: now + delay, reason } });
    this.#cancelTimer = this.#clock.after(delay, () => this.#connect());
  }

  #onFrame(frame: unknown): void {
    this.#quiet();
    if (typeof frame !== 'string') return;
    try {
      this.#onMessage(JSON.parse(frame) as ScreenServerFrame);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  #onMessage(frame: ScreenServerFrame): void {
    switch (frame.type) {
      case 'hello':
        return this.#onHello(frame);
      case 'people':
        return this.#onPeople(frame);
      case 'state':
        return this.#onState(frame);
      case 'pong':
        return this.#onPong(frame.nonce);
      case 'bye':
        this.#bye = frame;
        return;
      case 'error':
        return this.#set({
          complaint: { count: (this.view.get().complaint?.count ?? 0) + 1, status: frame.status },
        });
      case 'heartbeat':
      case 'authenticated':
    }
  }

  #onHello(hello: ScreenHello): void {
    this.#attempt = 0;
    this.#bye = undefined;
    this.#wants = this.#controlled ? 'back' : 'alone';
    this.#set({ phase: { phase: 'live' }, hello });
    this.#ping();
  }

  /**
   * Who is alone, or comes back to what nobody controls, means to use it: asks, once. Who has been in control on this socket decides
   * for themselves: they may have given it back.
   */
  #onPeople({ viewers, controller }: ScreenPeople): void {
    this.#set({ viewers, controller });
    const self = me(this.view.get());
    if (self && controller === self.id) this.#wants = 'settled';
    if (!self || self.viewOnly || controller !== null || this.#wants === 'settled') return;
    if (viewers.length > 1 && this.#wants !== 'back') return;
    this.#wants = 'settled';
    this.say({ type: 'ask' });
  }

  /** A machine that is off has no pixels to ask for; what is open stays, as the picture may come back on it. */
  #onState({ state, message, since }: ScreenStateFrame): void {
    const before = this.view.get().machine?.state;
    this.#set({ machine: { state, message, since } });
    this.#wantPixels();
    if (state === 'live' && before !== 'live') this.#pixels.nudge();
  }

  #wantPixels(): void {
    const { hello, pixels, machine } = this.view.get();
    if (this.#away || machine === undefined) return;
    if (machine.state !== 'stopped') this.#pixels.want(hello?.key);
    else if (pixels !== 'drawn') this.#pixels.want(undefined);
  }

  #ping(): void {
    const nonce = String((this.#pings += 1));
    if (this.say({ type: 'ping', nonce })) this.#asked = { nonce, at: this.#clock.now() };
  }

  #onPong(nonce: string | undefined): void {
    if (nonce === undefined || nonce !== this.#asked?.nonce) return;
    this.#set({ latencyMs: this.#clock.now() - this.#asked.at });
    this.#asked = undefined;
  }

  /** Starts the silence over: something came. */
  #quiet(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(QUIET_MS, () => this.#probe(ANSWER_MS));
  }

  #probe(patienceMs: number): void {
    this.#ping();
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(patienceMs, () => this.#retry(strings.link.silent));
  }

  #end(
    reason: ScreenBye['reason'],
    said: Pick<ScreenBye, 'message'> & Pick<ScreenEnd, 'requestId'> = {},
  ): void {
    const { message = '', requestId } = said;
    this.#over({ phase: { phase: 'ended', reason, message, ...(requestId !== undefined && { requestId }) } });
  }

  #over(change: Partial<ScreenSnapshot>): void {
    this.stop();
    this.#set(change);
  }

  /** Both sockets: the next viewer has a key of its own. */
  #drop(): void {
    this.#cancelTimer();
    this.#cancelTimer = () => {};
    this.#asked = undefined;
    letGo(this.#socket);
    this.#socket = undefined;
    this.#pixels.want(undefined);
    const { viewers, controller } = this.view.get();
    if (viewers.length > 0 || controller !== null) this.#set({ viewers: [], controller: null });
  }
}

/** Last words after which coming back would end the same way. */
const FINAL: ReadonlySet<ScreenBye['reason']> = new Set(['right-lost', 'removed', 'gone']);
