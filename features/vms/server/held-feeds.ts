import type { Clock } from '@krateyard/telemetry/clock';
import type { EventFeed, FeedSocket } from './event-feed.ts';

/** A feed whose client may come back. */
export interface HeldFeed {
  readonly feed: EventFeed;
  /** The person with all that they are, and what they asked for: only the same goes on. */
  readonly terms: string;
  /** Ends it, with all that keeps it current. */
  readonly end: () => void;
}

export interface HoldLimits {
  readonly holdMs: number;
  readonly total: number;
  /** With the same terms; of one that has more, the oldest go. */
  readonly perTerms: number;
}

/** Feeds between two sockets, for a while and no more than so many; the oldest give way. */
export class HeldFeeds {
  readonly #clock: Clock;
  readonly #limits: HoldLimits;
  readonly #held = new Map<HeldFeed, () => void>();
  #closed = false;

  constructor(clock: Clock, limits: HoldLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#held.size;
  }

  hold(one: HeldFeed): void {
    one.feed.detach();
    if (this.#closed) return one.end();
    this.#held.set(
      one,
      this.#clock.after(this.#limits.holdMs, () => this.#end(one)),
    );
    const same = [...this.#held.keys()].filter(({ terms }) => terms === one.terms);
    if (same.length > this.#limits.perTerms) this.#end(same[0]!);
    if (this.#held.size > this.#limits.total) this.#end(this.#held.keys().next().value!);
  }

  /** Goes on with the feed that the token is of; undefined where there is none, or not for these terms. */
  resume(ws: FeedSocket, terms: string, token: string): HeldFeed | undefined {
    for (const [one, cancel] of this.#held) {
      if (one.terms !== terms || !one.feed.resume(ws, token)) continue;
      cancel();
      this.#held.delete(one);
      return one;
    }
    return undefined;
  }

  /** Ends all of them; those that come later end at once. */
  close(): void {
    this.#closed = true;
    for (const one of this.#held.keys()) this.#end(one);
  }

  #end(one: HeldFeed): void {
    this.#held.get(one)?.();
    this.#held.delete(one);
    one.end();
  }
}
