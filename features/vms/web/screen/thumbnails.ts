import type { Clock } from '@krateyard/ui/live/browser-clock';
import { Store } from '@krateyard/ui/live/store';
import { machineApi, type ScreenAddress } from './screen-address.ts';
import { ThumbnailBudget } from './thumbnail-budget.ts';

/** The last picture of a machine. */
export interface Thumbnail {
  /** Of this page alone; undefined before the first picture. */
  readonly url: string | undefined;
  readonly etag: string | undefined;
  /** When it was last known to be what the screen shows; milliseconds since the epoch. */
  readonly at: number;
  /** Why there is none that is newer. */
  readonly error: string | undefined;
}

/** Pixels; the wall's tiles are no wider. */
const WIDTH = 480;
/** A few dozen kB each: what was seen longest ago goes. */
const MOST_KEPT = 120;
const DEADLINE_MS = 15_000;

/** The pictures of the machines in view, by `namespace/name`, within the wall's budget. */
export class Thumbnails {
  readonly all = new Store<ReadonlyMap<string, Thumbnail>>(new Map());
  readonly #clock: Clock;
  readonly #budget: ThumbnailBudget;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#budget = new ThumbnailBudget({ clock, ask: (key, signal) => this.#ask(key, signal) });
  }

  want(keys: ReadonlySet<string>): void {
    this.#budget.want(keys);
  }

  pause(paused: boolean): void {
    this.#budget.pause(paused);
  }

  stop(): void {
    this.#budget.stop();
    for (const { url } of this.all.get().values()) revoke(url);
    this.all.set(new Map());
  }

  async #ask(key: string, signal: AbortSignal): Promise<void> {
    const known = this.all.get().get(key);
    try {
      const response = await fetch(machineApi(addressOf(key), 'screenshot', { width: String(WIDTH) }), {
        cache: 'no-store',
        headers: known?.etag === undefined ? {} : { 'if-none-match': known.etag },
        signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
      if (response.status === 304 && known) return this.#put(key, { ...known, error: undefined });
      if (!response.ok) throw new Error(await wordsOf(response));
      const url = URL.createObjectURL(await response.blob());
      revoke(known?.url);
      this.#put(key, { url, etag: response.headers.get('etag') ?? undefined, at: 0, error: undefined });
    } catch (error) {
      if (!signal.aborted) this.#fail(key, known, error);
      throw error;
    }
  }

  #fail(key: string, known: Thumbnail | undefined, error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    const before = known ?? { url: undefined, etag: undefined, at: 0 };
    this.#keep(key, { ...before, error: words });
  }

  #put(key: string, picture: Thumbnail): void {
    this.#keep(key, { ...picture, at: this.#clock.now() });
  }

  #keep(key: string, picture: Thumbnail): void {
    const next = new Map(this.all.get());
    next.delete(key);
    next.set(key, picture);
    const oldest = next.keys();
    while (next.size > MOST_KEPT) {
      const gone = oldest.next().value!;
      revoke(next.get(gone)?.url);
      next.delete(gone);
    }
    this.all.set(next);
  }
}

function addressOf(key: string): ScreenAddress {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

function revoke(url: string | undefined): void {
  if (url !== undefined) URL.revokeObjectURL(url);
}

async function wordsOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const message = (body as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : `${response.status}`;
}
