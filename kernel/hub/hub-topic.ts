import { Following, type Feed, type Outlet } from './following.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { ReplayRing } from './replay-ring.ts';
import { formatResume, parseResume } from './resume-token.ts';
import type { StateSource, StateTopic, TopicOptions } from './topic.ts';

/** What a topic asks of the hub. */
export interface TopicHost {
  readonly epoch: string;
  readonly ring: { readonly maxFrames: number; readonly maxBytes: number };
  /** The topic has something to tell at the next tick. */
  dirty(topic: HubTopic): void;
  /** The last follower left; `linger`: it may come back. */
  idle(topic: HubTopic, linger: boolean): void;
  forget(topic: HubTopic): void;
  conflated(keys: number): void;
  /** The source threw. */
  fault(topic: HubTopic, error: unknown): void;
}

export class HubTopic implements StateTopic, Feed {
  readonly id: string;
  readonly #host: TopicHost;
  readonly #source: StateSource;
  readonly #options: TopicOptions;
  readonly #followings = new Map<Outlet, Following>();
  readonly #ring: ReplayRing;
  #pending = new Set<string>();
  #resetting = false;
  #ended = false;
  #offset = 0;
  #note: Frame | undefined;
  /** Made for the first newcomer of a tick, used by the others. */
  #shared: readonly Frame[] | undefined;

  constructor(id: string, source: StateSource, options: TopicOptions, host: TopicHost) {
    this.id = id;
    this.#source = source;
    this.#options = options;
    this.#host = host;
    this.#ring = new ReplayRing(host.ring);
  }

  get followers(): number {
    return this.#followings.size;
  }

  get ringBytes(): number {
    return this.#ring.bytes;
  }

  changed(keys: Iterable<string>): void {
    if (this.#ended) return;
    for (const key of keys) this.#pending.add(key);
    if (this.#pending.size > 0) this.#host.dirty(this);
  }

  reset(): void {
    if (this.#ended) return;
    this.#resetting = true;
    this.#host.dirty(this);
  }

  note(message: Uint8Array): void {
    if (this.#ended) return;
    this.flush();
    const frame = encodeFrame(message);
    this.#note = frame;
    for (const following of this.#followings.values()) following.note(frame);
    this.#host.dirty(this);
  }

  end(message?: Uint8Array): void {
    if (this.#ended) return;
    this.#ended = true;
    const frame = message && encodeFrame(message);
    for (const [outlet, following] of this.#followings) {
      if (frame) outlet.queue(frame);
      following.end();
    }
    this.#followings.clear();
    this.#host.forget(this);
  }

  /** True when what the outlet knows up to `resume` is enough to go on from. */
  follow(outlet: Outlet, resume: string | undefined): { following: Following; resumed: boolean } {
    const offset = resume === undefined ? undefined : this.#resumeOffset(resume);
    const following = new Following(this, outlet, offset);
    this.#followings.set(outlet, following);
    outlet.wake();
    return { following, resumed: offset !== undefined };
  }

  unfollow(outlet: Outlet, linger: boolean): void {
    if (!this.#followings.delete(outlet) || this.#ended || this.#followings.size > 0) return;
    this.#host.idle(this, linger);
  }

  /** The hub has let go of the topic. */
  forgotten(): void {
    this.#ended = true;
    this.#pending.clear();
    this.#ring.clear(this.#offset);
    this.#options.onIdle?.();
  }

  /** Tells what changed since the last tick to all who are up to date. */
  flush(): void {
    if (this.#ended) return;
    this.#shared = undefined;
    try {
      if (this.#resetting) this.#restartAll();
      else if (this.#pending.size > 0) this.#tellPending();
    } catch (error) {
      this.#host.fault(this, error);
      this.end(this.#options.faultMessage?.(this.id));
    }
  }

  /** After the tick: what was made for its newcomers is let go. */
  settle(): void {
    this.#shared = undefined;
  }

  *snapshot(): Iterable<Frame> {
    if (this.#shared) {
      yield* this.#shared;
      return;
    }
    const made: Frame[] = [];
    let bytes = 0;
    for (const part of this.#source.snapshot()) {
      const frame = encodeFrame(part);
      bytes += frame.bytes.length;
      if (bytes <= this.#host.ring.maxBytes) made.push(frame);
      yield frame;
    }
    if (bytes <= this.#host.ring.maxBytes) this.#shared = made;
  }

  synced(): Frame {
    return encodeFrame(this.#source.synced(this.#token(this.#offset)));
  }

  catchUp(keys: ReadonlySet<string>): Frame | undefined {
    const message = this.#source.catchUp(keys, this.#token(this.#offset));
    return message && encodeFrame(message);
  }

  replay(offset: number): readonly Frame[] | undefined {
    return this.#ring.since(offset, this.#offset);
  }

  lastNote(): Frame | undefined {
    return this.#note;
  }

  conflated(keys: number): void {
    this.#host.conflated(keys);
  }

  #restartAll(): void {
    this.#resetting = false;
    this.#pending.clear();
    this.#offset += 1;
    this.#ring.clear(this.#offset);
    for (const following of this.#followings.values()) following.restart();
  }

  #tellPending(): void {
    const keys = this.#pending;
    this.#pending = new Set();
    const message = this.#source.delta(keys, this.#token(this.#offset + 1));
    if (!message) {
      // Nothing shows now; whoever is behind may know a state in which it did.
      for (const following of this.#followings.values()) if (!following.live) following.miss(keys);
      return;
    }
    this.#offset += 1;
    const frame = encodeFrame(message);
    this.#ring.push(this.#offset, frame);
    for (const following of this.#followings.values()) following.deliver(frame, keys);
  }

  #token(offset: number): string {
    return formatResume({ epoch: this.#host.epoch, topic: this.id, offset });
  }

  #resumeOffset(token: string): number | undefined {
    const point = parseResume(token);
    if (point?.epoch !== this.#host.epoch || point.topic !== this.id) return undefined;
    return this.#ring.since(point.offset, this.#offset) ? point.offset : undefined;
  }
}
