import type { Principal } from '@krateyard/auth/principal';
import type { Clock } from '@krateyard/telemetry/clock';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { Freshness } from '../../contract/freshness.ts';
import type { KindSummary } from '../../contract/resource-api.ts';
import type { FollowKinds, KindsFrame } from '../../contract/watch-protocol.ts';
import type { ApiServerWatch } from '../deps.ts';
import type { ClusterDeps } from './cluster-actions.ts';
import { readKindListing, type KindListing } from './kind-listing.ts';

export interface KindsSubscriptionDeps extends ClusterDeps {
  readonly clock: Clock;
  readonly reach: () => ReturnType<ApiServerWatch['reach']> | undefined;
  readonly who: () => Principal;
  readonly send: (frame: KindsFrame) => void;
}

/** What is looked at this often is in memory: discovery, which CRDs and APIServices make anew, and counts of caches. */
const LOOK_MS = 2_000;
/** Rights cost questions to the API server, one a namespace. */
const RIGHTS_MS = 30_000;

/** One `kinds` of one session: what the person may list, then what came, went or has another count. */
export class KindsSubscription {
  readonly id: string;
  /** There is no stream: each person has their own kinds. */
  readonly stream = '';
  readonly #deps: KindsSubscriptionDeps;
  readonly #over = new AbortController();
  #cancel: (() => void) | undefined;
  #listing: KindListing | undefined;
  #rightsAt = 0;
  #looking: Promise<void> | undefined;
  #seenAt = 0;
  #told: Map<string, string> | undefined;
  #toldState = '';

  constructor({ id }: FollowKinds, deps: KindsSubscriptionDeps) {
    this.id = id;
    this.#deps = deps;
  }

  /** Resolves when the first frame was sent; rejects with what the API server says when the kinds cannot be known. */
  async open(): Promise<void> {
    await this.#look();
    this.#over.signal.throwIfAborted();
    this.#cancel = this.#deps.clock.every(LOOK_MS, () => void this.#lookAgain());
  }

  /** The person signed in anew: their rights are asked for again. */
  async reauthorize(): Promise<void> {
    this.#listing = undefined;
    await this.#lookAgain();
  }

  close(): void {
    this.#over.abort(new StatusError('Gone', 'the subscription was ended'));
    this.#cancel?.();
  }

  /** One look at a time. What cannot be asked now stays as it is, and is said not to be current. */
  #lookAgain(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => this.#tellFreshness(this.#freshness(toStatus(error).message)))
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { clock, who } = this.#deps;
    const { signal } = this.#over;
    if (!this.#listing || clock.monotonic() - this.#rightsAt >= RIGHTS_MS) {
      this.#listing = await readKindListing(this.#deps, who(), signal);
      this.#rightsAt = clock.monotonic();
    }
    const items = await this.#listing.items(signal);
    this.#seenAt = clock.now();
    if (!signal.aborted) this.#tell(items);
  }

  #tell(items: readonly KindSummary[]): void {
    const before = this.#told;
    const next = new Map(items.map((item) => [item.path, JSON.stringify(item)]));
    const parts: Record<string, KindSummary | null> = {};
    for (const item of items) if (before?.get(item.path) !== next.get(item.path)) parts[item.path] = item;
    for (const path of before?.keys() ?? []) if (!next.has(path)) parts[path] = null;
    this.#told = next;
    const freshness = this.#freshness();
    if (before && Object.keys(parts).length === 0) return this.#tellFreshness(freshness);
    this.#toldState = freshness.state;
    this.#send({ parts, synced: true, freshness, ...(!before && { whole: true }) });
  }

  /** Nothing, unless it is another state than was told last. */
  #tellFreshness(freshness: Freshness): void {
    if (freshness.state === this.#toldState || this.#over.signal.aborted) return;
    this.#toldState = freshness.state;
    this.#send({ freshness });
  }

  /** As the API server answers. `failure`: why this look did not succeed. */
  #freshness(failure?: string): Freshness {
    const now = this.#deps.clock.now();
    const { state = 'answers', since = now, reason = failure } = this.#deps.reach() ?? {};
    const why = reason === undefined ? {} : { reason };
    const stale = (at: number) => ({ observedAt: new Date(at).toISOString(), lagMs: Math.max(0, now - at) });
    if (state === 'away') return { state: 'disconnected', ...stale(since), ...why };
    if (failure !== undefined) return { state: 'disconnected', ...stale(this.#seenAt), ...why };
    if (state === 'slow') return { state: 'lagging', ...stale(since), ...why };
    return { state: 'live', ...stale(now) };
  }

  #send(frame: Omit<KindsFrame, 'type' | 'id'>): void {
    this.#deps.send({ type: 'kinds', id: this.id, ...frame });
  }
}
