/**
 * What the hub asks of whoever has state to show. The state is a set of keyed values; the hub decides when and to whom it is
 * told, the source only encodes. Every method is pure with respect to the hub and must be fast.
 */
export interface StateSource {
  /** Messages that bring a newcomer to the present; `resume` is the token that stands in the last of them. Large states are cut into several. */
  snapshot(resume: string): Iterable<Uint8Array>;
  /**
   * One message that tells the present of `keys`, made once for all followers that are up to date. `undefined` when nothing
   * of it shows (a change outside the window).
   */
  delta(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined;
  /**
   * The same for one follower that missed deltas because it was slow: must not rely on anything told before (full values
   * instead of patches). By default the hub calls `delta`.
   */
  catchUp?(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined;
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
  /** A message outside the state (freshness, status): told to all now, in order with deltas, not kept for resume. */
  note(message: Uint8Array): void;
  /** The topic is over: `message` goes to all, then they are unsubscribed. */
  end(message: Uint8Array): void;
}
