import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ByteLink } from '@krateyard/rfb/byte-link';
import { connectRfb } from '@krateyard/rfb/connect-rfb';
import { PaintedScreen } from '@krateyard/rfb/painted-screen';
import type { RfbUpstream } from '@krateyard/rfb/rfb-upstream';
import { webSocketLink } from '@krateyard/rfb/websocket-link';
import { systemClock } from '@krateyard/telemetry/clock';
import { createLogger } from '@krateyard/telemetry/logger';
import {
  SCREEN_PROTOCOL,
  type ScreenClientFrame,
  type ScreenHello,
  type ScreenPeople,
  type ScreenServerFrame,
  type ScreenState,
} from '@krateyard/vms/contract/screen-protocol';
import { pollUntil, within } from '../harness/poll-until.ts';
import { whenOpen } from '../harness/when-open.ts';

/** Somebody who may come to a screen. */
export interface Visitor {
  readonly token: string;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** Where a machine's sockets are. */
export interface ScreenAddress {
  readonly origin: string;
  readonly namespace: string;
  readonly vm: string;
}

export interface Shot {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** More than a cursor, less than the letters of `TEXT`. */
export const TEXT_PIXELS = 150;
const CURSOR_PIXELS = 40;
/** Looks: some three seconds, where the simulated guest is silent for one, and an emulated one for two. */
const LONGER_THAN_ANY_STEP_OF_A_START = 60;
export const TEXT = 'WWWWWWWWWWWWWWWW';

const KEYS: Readonly<Record<string, number>> = { '\n': 0xff0d };

/** One `/vnc`: a screen that one can see, and type at. */
export class VncClient {
  readonly protocol: string;
  readonly screen: PaintedScreen;
  closeCode: number | undefined;
  closeReason = '';
  readonly #ws: WebSocket;
  readonly #rfb: RfbUpstream;
  readonly #over = new AbortController();

  private constructor(ws: WebSocket, rfb: RfbUpstream, screen: PaintedScreen) {
    this.#ws = ws;
    this.#rfb = rfb;
    this.screen = screen;
    this.protocol = ws.protocol;
  }

  /** Rejects with RefusedUpgrade; `who` undefined: with nothing but the query. */
  static async open(
    at: ScreenAddress,
    who: Visitor | undefined,
    query: Query = {},
    protocols: readonly string[] = ['binary'],
  ): Promise<VncClient> {
    const ws = socketOf(at, 'vnc', who, query, protocols);
    const early = Promise.withResolvers<ByteLink>();
    ws.once('open', () => early.resolve(webSocketLink(ws)));
    await whenOpen(ws, 'the screen');
    const screen = new PaintedScreen();
    const over = new AbortController();
    const rfb = await connectRfb(await early.promise, {
      screen,
      signal: over.signal,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
    });
    const client = new VncClient(ws, rfb, screen);
    ws.on('close', (code, reason) => {
      client.closeCode = code;
      client.closeReason = reason.toString();
    });
    return client;
  }

  get name(): string {
    return this.#rfb.name;
  }

  /** Everything that is to be seen now, as a copy. */
  shot(): Shot {
    const { width, height, pixels } = this.screen;
    return { width, height, pixels: Buffer.from(pixels) };
  }

  /** How many pixels look different now: a line of text is hundreds, a blinking cursor some ten. */
  changedSince(before: Shot): number {
    const { width, height, pixels } = this.screen;
    if (width !== before.width || height !== before.height) return Infinity;
    let count = 0;
    for (let at = 0; at < pixels.length; at += 4)
      if (
        pixels[at] !== before.pixels[at] ||
        pixels[at + 1] !== before.pixels[at + 1] ||
        pixels[at + 2] !== before.pixels[at + 2]
      )
        count += 1;
    return count;
  }

  /** Of size and pixels; the unused byte counts for nothing. */
  get picture(): string {
    const { width, height, pixels } = this.screen;
    const hash = createHash('sha256').update(`${width} ${height} `);
    const seen = Buffer.from(pixels);
    for (let at = 3; at < seen.length; at += 4) seen[at] = 0;
    return hash.update(seen).digest('hex');
  }

  get isBlank(): boolean {
    const { pixels } = this.screen;
    const [blue, green, red] = pixels;
    for (let at = 0; at < pixels.length; at += 4)
      if (pixels[at] !== blue || pixels[at + 1] !== green || pixels[at + 2] !== red) return false;
    return true;
  }

  type(text: string): void {
    for (const letter of text) {
      const keysym = KEYS[letter] ?? letter.codePointAt(0)!;
      for (const down of [true, false]) this.#rfb.send({ type: 'key', down, keysym, scancode: 0 });
    }
  }

  /** Wants another size; what became of it. */
  async resize(width: number, height: number): Promise<number> {
    await pollUntil('a screen that can be asked for another size', () => this.screen.layout !== undefined);
    return this.#rfb.resize({ width, height, layout: [{ id: 0, x: 0, y: 0, width, height, flags: 0 }] });
  }

  point(x: number, y: number): void {
    this.#rfb.send({ type: 'pointer', x, y, buttons: 0 });
  }

  /** Resolves when text has appeared, or gone, since. */
  async changes(before: Shot, deadlineMs = 30_000): Promise<void> {
    await pollUntil('the picture to change', () => this.changedSince(before) > TEXT_PIXELS, { deadlineMs });
  }

  /**
   * Resolves when the picture has stood still for so many looks, but for a cursor: with the usual ten, all that was typed has
   * arrived.
   */
  async settles(stillLooks = 10): Promise<void> {
    let before = this.shot();
    let looks = 0;
    await pollUntil(
      'the picture to stand still',
      () => {
        looks = this.changedSince(before) < CURSOR_PIXELS ? looks + 1 : 0;
        if (looks === 0) before = this.shot();
        return looks === stillLooks;
      },
      { deadlineMs: 20_000 + stillLooks * 100 },
    );
  }

  /** Resolves when the guest has started, of which it says nothing: its picture stands, and changes when one types. */
  async listens(deadlineMs: number): Promise<void> {
    await pollUntil(
      'the guest to listen',
      async () => {
        await this.settles(LONGER_THAN_ANY_STEP_OF_A_START);
        const before = this.shot();
        this.type(TEXT);
        await this.changes(before, 5_000);
        await this.settles();
        return true;
      },
      { deadlineMs },
    );
  }

  /** Resolves when there is something to see. */
  async shows(deadlineMs = 60_000): Promise<void> {
    await pollUntil('a picture', () => !this.isBlank, { deadlineMs });
  }

  /** Resolves when everything that was sent before has reached the gateway, or it has closed the socket. */
  async heard(): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.#ws.once('pong', () => resolve());
      this.#ws.once('close', () => resolve());
    });
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.ping();
    await within('a pong', 60_000, heard);
  }

  closed(deadlineMs = 40_000): Promise<number> {
    return pollUntil('the screen to close', () => this.closeCode, { deadlineMs, everyMs: 10 });
  }

  /** Reads nothing any more. */
  stall(): void {
    this.#ws.pause();
  }

  raw(bytes: Uint8Array | string): void {
    this.#ws.send(bytes);
  }

  close(): void {
    this.#over.abort();
    this.#rfb.close();
    this.#ws.terminate();
  }
}

/** One `/screen`, with every frame that came. */
export class ScreenClient {
  readonly frames: ScreenServerFrame[] = [];
  closeCode: number | undefined;
  readonly #ws: WebSocket;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  /** Rejects with RefusedUpgrade. */
  static async open(at: ScreenAddress, who: Visitor, query: Query = {}): Promise<ScreenClient> {
    const ws = socketOf(at, 'screen', who, query, [SCREEN_PROTOCOL]);
    const client = new ScreenClient(ws);
    ws.on('message', (message: Buffer) =>
      client.frames.push(JSON.parse(message.toString()) as ScreenServerFrame),
    );
    ws.on('close', (code) => (client.closeCode = code));
    await whenOpen(ws, 'the screen');
    await pollUntil('hello', () => client.frames.length > 0 || client.closeCode !== undefined, {
      everyMs: 5,
    });
    return client;
  }

  get hello(): ScreenHello {
    const [hello] = this.frames;
    assert.equal(hello?.type, 'hello');
    return hello as ScreenHello;
  }

  get people(): ScreenPeople {
    const people = this.frames.findLast(({ type }) => type === 'people');
    assert.ok(people, 'people were told of');
    return people as ScreenPeople;
  }

  get state(): ScreenState | undefined {
    const told = this.frames.findLast((frame) => frame.type === 'state');
    return told?.type === 'state' ? told.state : undefined;
  }

  get controls(): boolean {
    return this.people.controller === this.hello.you;
  }

  send(frame: ScreenClientFrame): void {
    this.#ws.send(JSON.stringify(frame));
  }

  raw(frame: string | Uint8Array): void {
    this.#ws.send(frame);
  }

  /** The first frame of the type that fits, from `since` on. */
  frame<T extends ScreenServerFrame['type']>(
    type: T,
    fits: (frame: Extract<ScreenServerFrame, { type: T }>) => boolean = () => true,
    since = 0,
    deadlineMs = 40_000,
  ): Promise<Extract<ScreenServerFrame, { type: T }>> {
    return pollUntil(
      `a ${type} frame`,
      () =>
        this.frames
          .slice(since)
          .find(
            (frame): frame is Extract<ScreenServerFrame, { type: T }> =>
              frame.type === type && fits(frame as Extract<ScreenServerFrame, { type: T }>),
          ),
      { everyMs: 10, deadlineMs },
    );
  }

  /** Resolves when what was told last fits. */
  async becomes(state: ScreenState, deadlineMs = 60_000): Promise<void> {
    await pollUntil(`the state to be ${state}`, () => this.state === state, { deadlineMs, everyMs: 10 });
  }

  async peopleAre(fits: (people: ScreenPeople) => boolean): Promise<void> {
    await pollUntil('the people', () => fits(this.people), { everyMs: 10 });
  }

  closed(deadlineMs = 40_000): Promise<number> {
    return pollUntil('the socket to close', () => this.closeCode, { deadlineMs, everyMs: 10 });
  }

  close(): void {
    this.#ws.terminate();
  }
}

function socketOf(
  { origin, namespace, vm }: ScreenAddress,
  what: 'vnc' | 'screen',
  who: Visitor | undefined,
  query: Query,
  protocols: readonly string[],
): WebSocket {
  const url = new URL(`/api/vms/${vm}/${what}`, origin.replace(/^http/, 'ws'));
  for (const [name, value] of Object.entries({ namespace, ...query }))
    if (value !== undefined) url.searchParams.set(name, value);
  return new WebSocket(url, [...protocols], {
    ...(who && { headers: { authorization: `Bearer ${who.token}` } }),
    perMessageDeflate: false,
  });
}
