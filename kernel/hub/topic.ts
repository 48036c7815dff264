/**
 * What the hub asks of whoever has state to show. The state is a set of keyed values; the hub decides when and to whom it is
 * told, the source only encodes. Every method is called between changes, synchronously, and must be fast.
 */
export interface StateSource {
  /**
   * The state, for a newcomer, cut into messages of moderate size. Pulled lazily: between two parts the state may change; keys
   * that do are told again by `catchUp` afterwards, so parts may read whatever is true when they are made.
   */
  snapshot(): Iterable<Uint8Array>;
  /** Ends a snapshot or a replay: from here on the follower is up to date. `resume` is the token to come back with. */
  synced(resume: string): Uint8Array;
  /**
   * One message that tells the present of `keys`, made once for all followers that are up to date. `undefined` when nothing
   * of it shows (a change outside the window).
   */
  delta(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined;
  /**
   * The same for one follower that missed deltas because it was slow: must not rely on anything told before (full values
   * instead of patches) and must not change what later deltas build on.
   */
  catchUp(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined;
}

/** A state topic in the hub: one per distinct (what, filter, scope), shared by all sessions that follow it. */
export interface StateTopic {
  /** Short, unique in this process; stands in messages as `stream`. */
  readonly id: string;
  readonly followers: number;
  /** These keys changed (or appeared, or went). Told at the next tick, conflated: latest wins. */
  changed(keys: Iterable<string>): void;
  /** The state as a whole changed (scope narrowed, relist): followers get a new snapshot at the next tick. */
  reset(): void;
  /** A message outside the state (freshness, status): told to all in order with deltas, latest wins for the slow, not kept for resume. */
  note(message: Uint8Array): void;
  /** The topic is over: `message` goes to all, then they are unsubscribed and the topic is forgotten. */
  end(message?: Uint8Array): void;
}

export interface TopicOptions {
  /** Nobody follows any more and nobody came back while it lingered: the source may be let go. The topic is already forgotten. */
  onIdle?: () => void;
  /** The source threw and the topic ends: what to tell its followers, who know of nothing else. */
  faultMessage?: (topicId: string) => Uint8Array;
}
