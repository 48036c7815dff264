import type { StatusError } from '@krateyard/status/status-error';
import type { KubeObject, WatchEvent } from '../meta/object.ts';
import type { Freshness } from './cache.ts';
import type { FreshnessTracker } from './freshness-tracker.ts';
import type { ReflectorTarget } from './reflector.ts';

export interface NamespacePartNeeds<T extends KubeObject> {
  readonly tracker: FreshnessTracker;
  /** Asked while the first list comes in: why no more may be kept, or undefined. */
  readonly admit: () => StatusError | undefined;
  readonly take: (objects: readonly T[], seen: Set<string>) => void;
  /** Forgets what of this namespace is not named. */
  readonly retain: (seen: ReadonlySet<string>) => void;
  readonly change: (events: readonly WatchEvent<T>[]) => void;
  /** The state is another. */
  readonly onSettled: () => void;
}

export type PartState =
  | { readonly at: 'waiting' | 'synced' }
  | { readonly at: 'impossible'; readonly error: StatusError };

/** One namespace's share of a collection: how far it is and how fresh; the objects are the collection's. */
export class NamespacePart<in T extends KubeObject> implements ReflectorTarget<T> {
  readonly #needs: NamespacePartNeeds<T>;
  #state: PartState = { at: 'waiting' };
  #resourceVersion = '';

  constructor(needs: NamespacePartNeeds<T>) {
    this.#needs = needs;
  }

  get state(): PartState {
    return this.#state;
  }

  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  freshness(): Freshness {
    return this.#needs.tracker.current();
  }

  /** Joins a collection that has its first list. */
  late(reason: string): void {
    this.#needs.tracker.behind(reason);
  }

  fill(objects: readonly T[], seen: Set<string>): void {
    const refused = this.#resourceVersion === '' ? this.#needs.admit() : undefined;
    if (refused) {
      this.impossible(refused, true);
      throw refused;
    }
    this.#needs.take(objects, seen);
  }

  filled(seen: ReadonlySet<string>, resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    this.#state = { at: 'synced' };
    this.#needs.retain(seen);
    this.#needs.tracker.proven();
    this.#needs.onSettled();
  }

  apply(events: readonly WatchEvent<T>[]): void {
    this.#resourceVersion = events.at(-1)?.object.metadata.resourceVersion ?? this.#resourceVersion;
    this.#needs.change(events);
    this.#needs.tracker.proven();
  }

  proven(resourceVersion?: string): void {
    if (resourceVersion !== undefined) this.#resourceVersion = resourceVersion;
    if (this.#state.at === 'synced') this.#needs.tracker.proven();
  }

  behind(reason: string): void {
    if (this.#state.at === 'synced') this.#needs.tracker.behind(reason);
  }

  disconnected(reason: string): void {
    this.#needs.tracker.disconnected(reason);
  }

  impossible(error: StatusError, gone: boolean): void {
    this.#state = { at: 'impossible', error };
    if (gone) {
      this.#resourceVersion = '';
      this.#needs.retain(new Set());
    }
    this.#needs.tracker.disconnected(error.message);
    this.#needs.onSettled();
  }

  close(): void {
    this.#needs.tracker.close();
  }
}
