import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { Clock } from '@krateyard/telemetry/clock';
import { farewell, type EventSource } from './event-source.ts';
import { Told } from './told.ts';

export interface FeedOptions {
  readonly clock: Clock;
  /** Changes of one tick are told together, each object once. */
  readonly tickMs: number;
  /** Above so many bytes that the socket has not taken, only keys are remembered. */
  readonly highWaterBytes: number;
  /** A socket that took nothing for so long is closed. */
  readonly slowMs: number;
  /** Of so many of the last updates is known what they were about, for who comes back. */
  readonly journalLength: number;
  /** Also tell tokens between: a new one after a quarter of the journal. */
  readonly tellsTokens: boolean;
}

/** The gateway's own. */
export const FEED_BOUNDS = { tickMs: 50, highWaterBytes: 256 * 1024, slowMs: 20_000, journalLength: 4096 };

type Resource = EventSource['resource'];
/** What the feed needs of a socket. */
export type FeedSocket = Pick<WebSocket, 'bufferedAmount' | 'close' | 'readyState' | 'send' | 'OPEN'>;

const SLOW = { code: CLOSE_CODES.slowConsumer.code, text: 'The client reads too slowly; reconnect.' };

/**
 * What one client is told. Each object is ADDED once, then MODIFIED with its latest state, then DELETED: of what changes faster
 * than it can be told, or than the client reads, only the last state is told. Holds what it told last, never a backlog of frames,
 * so that a client whose socket broke goes on where it was.
 */
export class EventFeed {
  readonly #options: FeedOptions;
  readonly #id = randomBytes(12).toString('base64url');
  readonly #sources = new Map<Resource, EventSource>();
  readonly #told: Told;
  readonly #dirty = new Map<Resource, Set<string>>();
  /** Why nothing is told of a resource. */
  readonly #dark = new Map<Resource, string>();
  #ws: FeedSocket | undefined;
  #cancelTick: (() => void) | undefined;
  #slowSince: number | undefined;
  /** `synced` is to follow. */
  #completes = false;
  #resumed = false;
  #tellsFreshness = false;
  #tokenAt = 0;

  constructor(ws: FeedSocket, options: FeedOptions) {
    this.#ws = ws;
    this.#options = options;
    this.#told = new Told(options.journalLength);
  }

  /** What a client that was told up to now names to go on. */
  get token(): string {
    return `${this.#id}.${this.#told.at}`;
  }

  /** Tells all there is of the source, soon; what was told of one before it stays known. */
  add(source: EventSource): void {
    this.#sources.set(source.resource, source);
    this.changed(source.resource);
  }

  /** Without keys: everything may be different, what was told included. */
  changed(resource: Resource, keys?: readonly string[]): void {
    const source = this.#sources.get(resource);
    if (!source) return;
    const dirty = this.#dirtyOf(resource);
    for (const key of keys ?? source.keys()) dirty.add(key);
    if (!keys) for (const key of this.#told.keys(resource)) dirty.add(key);
    this.#wake();
  }

  /** From now on says how current the machines are: now, after `synced`, and when called. */
  tellFreshness(): void {
    this.#tellsFreshness = true;
    const freshness = this.#sources.get('vm')?.freshness?.();
    if (freshness) this.tell({ type: 'freshness', ...freshness });
  }

  tell(frame: object): void {
    this.#send(JSON.stringify({ ...frame, timestamp: this.#options.clock.now() }));
  }

  /** Nothing is told of a resource, and why. */
  darken(resource: Resource, reason: string): void {
    this.#dark.set(resource, reason);
    this.tell({ type: 'dark', resource, reason });
  }

  /** It may be told of again. */
  lighten(resource: Resource): void {
    this.#dark.delete(resource);
  }

  /** All sources that there are now have been added: `synced` follows their objects. */
  complete(): void {
    this.#completes = true;
    this.#wake();
  }

  /** Its socket is gone; changes are remembered by their keys. */
  detach(): void {
    this.#ws = undefined;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#slowSince = undefined;
  }

  /** Goes on with another socket after what the token stands for. False, and nothing done, where that is known no more. */
  resume(ws: FeedSocket, token: string): boolean {
    const [id, at = ''] = token.split('.');
    if (id !== this.#id || !/^\d{1,15}$/.test(at)) return false;
    const doubtful = this.#told.doubt(Number(at));
    if (!doubtful) return false;
    this.#ws = ws;
    this.#resumed = true;
    for (const { resource, key } of doubtful) this.#dirtyOf(resource).add(key);
    for (const [resource, reason] of this.#dark) this.tell({ type: 'dark', resource, reason });
    this.complete();
    return true;
  }

  close(): void {
    this.detach();
    for (const source of this.#sources.values()) source[Symbol.dispose]();
    this.#sources.clear();
  }

  #dirtyOf(resource: Resource): Set<string> {
    const known = this.#dirty.get(resource) ?? new Set<string>();
    this.#dirty.set(resource, known);
    return known;
  }

  #wake(): void {
    if (!this.#ws) return;
    this.#cancelTick ??= this.#options.clock.after(this.#options.tickMs, () => {
      this.#cancelTick = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    for (const [resource, keys] of this.#dirty) {
      const source = this.#sources.get(resource);
      for (const key of keys) {
        if (this.#isFull()) return this.#wake();
        keys.delete(key);
        if (source) this.#tellOne(source, key);
      }
    }
    if (this.#completes) this.#tellSynced();
    else if (this.#options.tellsTokens && this.#told.at - this.#tokenAt >= this.#options.journalLength / 4) {
      this.#tokenAt = this.#told.at;
      this.tell({ type: 'token', token: this.token });
    }
  }

  #tellSynced(): void {
    this.#completes = false;
    this.#tokenAt = this.#told.at;
    this.tell({ type: 'synced', token: this.token, ...(this.#resumed && { resumed: true }) });
    this.#resumed = false;
    if (this.#tellsFreshness) this.tellFreshness();
  }

  #isFull(): boolean {
    const ws = this.#ws;
    const { clock, highWaterBytes, slowMs } = this.#options;
    if (!ws) return true;
    if (ws.bufferedAmount < highWaterBytes) {
      this.#slowSince = undefined;
      return false;
    }
    this.#slowSince ??= clock.monotonic();
    if (clock.monotonic() - this.#slowSince > slowMs) ws.close(SLOW.code, SLOW.text);
    return true;
  }

  #tellOne(source: EventSource, key: string): void {
    const { resource } = source;
    const data = source.json(key);
    const action = this.#told.take(resource, key, data);
    if (action !== undefined) this.#update(resource, action, data ?? farewell(key));
  }

  #update(resource: Resource, action: string, data: string): void {
    const at = this.#options.clock.now();
    this.#send(
      `{"type":"update","resource":"${resource}","action":"${action}","data":${data},"timestamp":${at}}`,
    );
  }

  #send(text: string): void {
    if (this.#ws?.readyState === this.#ws?.OPEN) this.#ws?.send(text);
  }
}
