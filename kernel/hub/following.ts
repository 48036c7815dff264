import { assertNever } from '@krateyard/status/assert-never';
import type { Frame } from './frame.ts';

/** What a topic asks of a session: a place for frames that can be full. */
export interface Outlet {
  /** Bytes that may be queued now; none or less: come back when served. */
  room(): number;
  queue(frame: Frame): void;
  /** Asks to be served at the next tick. */
  wake(): void;
}

/** What a follower asks of its topic. */
export interface Feed {
  readonly id: string;
  snapshot(): Iterable<Frame>;
  synced(): Frame;
  catchUp(keys: ReadonlySet<string>): Frame | undefined;
  /** Deltas after `offset`; undefined when they are gone. */
  replay(offset: number): readonly Frame[] | undefined;
  lastNote(): Frame | undefined;
  /** So many changes were not told one by one. */
  conflated(keys: number): void;
}

type Standing =
  | { readonly kind: 'live' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'returning'; readonly offset: number }
  | { readonly kind: 'telling'; readonly parts: Iterator<Frame>; readonly missed: Set<string> }
  | { readonly kind: 'behind'; readonly missed: Set<string> }
  | { readonly kind: 'over' };

const LIVE: Standing = { kind: 'live' };
const STARTING: Standing = { kind: 'starting' };
const OVER: Standing = { kind: 'over' };

/** More missed keys than this are not worth remembering: a snapshot is told instead. */
const MAX_MISSED = 10_000;

/** One session's standing on one topic: what it has been told and what it has missed. */
export class Following {
  readonly feed: Feed;
  readonly #outlet: Outlet;
  #standing: Standing;

  constructor(feed: Feed, outlet: Outlet, offset: number | undefined) {
    this.feed = feed;
    this.#outlet = outlet;
    this.#standing = offset === undefined ? STARTING : { kind: 'returning', offset };
  }

  get live(): boolean {
    return this.#standing.kind === 'live';
  }

  /** The topic has ended: nothing is owed any more. */
  get over(): boolean {
    return this.#standing.kind === 'over';
  }

  end(): void {
    this.#standing = OVER;
    this.#outlet.wake();
  }

  /** From the beginning again. */
  restart(): void {
    this.#standing = STARTING;
    this.#outlet.wake();
  }

  /** `frame` tells `keys` to those who were told everything before. */
  deliver(frame: Frame, keys: ReadonlySet<string>): void {
    if (this.#standing.kind === 'live' && this.#outlet.room() > 0) this.#outlet.queue(frame);
    else this.miss(keys);
  }

  miss(keys: ReadonlySet<string>): void {
    const standing = this.#standing;
    switch (standing.kind) {
      case 'live':
        this.#standing = { kind: 'behind', missed: new Set(keys) };
        this.feed.conflated(keys.size);
        this.#outlet.wake();
        return;
      case 'behind':
      case 'telling':
        this.#remember(standing.missed, keys);
        return;
      case 'starting':
      case 'returning':
      case 'over':
        return;
      default:
        assertNever(standing);
    }
  }

  note(frame: Frame): void {
    // Those who are behind or not there yet get the latest note when they are.
    if (this.#standing.kind === 'live' && this.#outlet.room() > 0) this.#outlet.queue(frame);
    else this.miss(new Set());
  }

  /** Tells what is owed as far as there is room. True when nothing is owed any more. */
  serve(): boolean {
    for (;;) {
      const standing = this.#standing;
      if (standing.kind === 'live' || standing.kind === 'over') return true;
      if (this.#outlet.room() <= 0) return false;
      this.#standing = this.#advance(standing);
    }
  }

  #advance(standing: Exclude<Standing, { kind: 'live' | 'over' }>): Standing {
    switch (standing.kind) {
      case 'starting':
        return { kind: 'telling', parts: this.feed.snapshot()[Symbol.iterator](), missed: new Set() };
      case 'returning':
        return this.#replay(standing.offset);
      case 'telling':
        return this.#tell(standing);
      case 'behind':
        this.#catchUp(standing.missed);
        this.#queue(this.feed.lastNote());
        return LIVE;
      default:
        return assertNever(standing);
    }
  }

  #tell(standing: Extract<Standing, { kind: 'telling' }>): Standing {
    const part = standing.parts.next();
    if (part.done !== true) {
      this.#outlet.queue(part.value);
      return standing;
    }
    this.#catchUp(standing.missed);
    this.#outlet.queue(this.feed.synced());
    return LIVE;
  }

  #replay(offset: number): Standing {
    const frames = this.feed.replay(offset);
    if (!frames) return STARTING;
    for (const frame of frames) this.#outlet.queue(frame);
    this.#outlet.queue(this.feed.synced());
    return LIVE;
  }

  #catchUp(missed: ReadonlySet<string>): void {
    if (missed.size > 0) this.#queue(this.feed.catchUp(missed));
  }

  #queue(frame: Frame | undefined): void {
    if (frame) this.#outlet.queue(frame);
  }

  #remember(missed: Set<string>, keys: ReadonlySet<string>): void {
    for (const key of keys) missed.add(key);
    this.feed.conflated(keys.size);
    if (missed.size > MAX_MISSED) this.#standing = STARTING;
  }
}
