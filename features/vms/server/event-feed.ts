import type { WebSocket } from 'ws';
import type { Clock } from '@krateyard/telemetry/clock';
import { farewell, type EventSource } from './event-source.ts';

export interface FeedOptions {
  readonly clock: Clock;
  /** Changes of one tick are told together, each object once. */
  readonly tickMs: number;
  /** Above so many bytes that the socket has not taken, only keys are remembered. */
  readonly highWaterBytes: number;
  /** A socket that took nothing for so long is closed. */
  readonly slowMs: number;
}

const SLOW = { code: 4002, text: 'The client reads too slowly; reconnect.' };

/**
 * What one socket is told. Each object is ADDED once, then MODIFIED with its latest state, then DELETED: of what changes faster
 * than it can be told, or than the client reads, only the last state is told. Holds what it told last, never a backlog of frames.
 */
export class EventFeed {
  readonly #ws: WebSocket;
  readonly #options: FeedOptions;
  readonly #sources = new Map<EventSource['resource'], EventSource>();
  /** What was told last, by key: strings that the sources share. */
  readonly #told = new Map<EventSource['resource'], Map<string, string>>();
  readonly #dirty = new Map<EventSource['resource'], Set<string>>();
  #cancelTick: (() => void) | undefined;
  #slowSince: number | undefined;
  #synced = false;
  #tellsFreshness = false;

  constructor(ws: WebSocket, options: FeedOptions) {
    this.#ws = ws;
    this.#options = options;
  }

  /** Tells all there is of the source, soon; what was told of one before it stays known. */
  add(source: EventSource): void {
    this.#sources.set(source.resource, source);
    this.changed(source.resource);
  }

  /** Without keys: everything may be different, what was told included. */
  changed(resource: EventSource['resource'], keys?: readonly string[]): void {
    const source = this.#sources.get(resource);
    if (!source) return;
    const dirty = this.#dirty.get(resource) ?? new Set<string>();
    this.#dirty.set(resource, dirty);
    for (const key of keys ?? source.keys()) dirty.add(key);
    if (!keys) for (const key of this.#told.get(resource)?.keys() ?? []) dirty.add(key);
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

  /** All sources that there are now have been added: `synced` follows their objects. */
  complete(): void {
    this.#synced = true;
    this.#wake();
  }

  close(): void {
    this.#cancelTick?.();
    for (const source of this.#sources.values()) source[Symbol.dispose]();
    this.#sources.clear();
  }

  #wake(): void {
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
    if (!this.#synced) return;
    this.#synced = false;
    this.tell({ type: 'synced' });
    if (this.#tellsFreshness) this.tellFreshness();
  }

  #isFull(): boolean {
    const { clock, highWaterBytes, slowMs } = this.#options;
    if (this.#ws.bufferedAmount < highWaterBytes) {
      this.#slowSince = undefined;
      return false;
    }
    this.#slowSince ??= clock.monotonic();
    if (clock.monotonic() - this.#slowSince > slowMs) this.#ws.close(SLOW.code, SLOW.text);
    return true;
  }

  #tellOne(source: EventSource, key: string): void {
    const { resource } = source;
    const told = this.#told.get(resource) ?? new Map<string, string>();
    this.#told.set(resource, told);
    const data = source.json(key);
    if (data === undefined) {
      if (told.delete(key)) this.#update(resource, 'DELETED', farewell(key));
      return;
    }
    const before = told.get(key);
    if (before === data) return;
    told.set(key, data);
    this.#update(resource, before === undefined ? 'ADDED' : 'MODIFIED', data);
  }

  #update(resource: string, action: string, data: string): void {
    const at = this.#options.clock.now();
    this.#send(
      `{"type":"update","resource":"${resource}","action":"${action}","data":${data},"timestamp":${at}}`,
    );
  }

  #send(text: string): void {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.send(text);
  }
}
