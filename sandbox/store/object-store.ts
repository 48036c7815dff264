import { Collection, type RevisionCounter } from './collection.ts';

export interface ObjectStoreOptions {
  /** Changes that each collection remembers for watches and consistent lists; then 410 Expired. */
  readonly historyLimit?: number;
}

/** 10,000 changes of 50,000 pods are some 40 MB, and more than a minute of a busy scene. */
const DEFAULT_HISTORY_LIMIT = 10_000;

/** Everything the API server holds: collections by storage key (`pods`, `deployments.apps`), under one revision counter. */
export class ObjectStore implements RevisionCounter {
  readonly #historyLimit: number;
  readonly #collections = new Map<string, Collection>();
  #revision = 1;
  #forgottenUntil = 0;

  constructor(options: ObjectStoreOptions = {}) {
    this.#historyLimit = options.historyLimit ?? DEFAULT_HISTORY_LIMIT;
  }

  get current(): number {
    return this.#revision;
  }

  next(): number {
    this.#revision += 1;
    return this.#revision;
  }

  collection(storageKey: string): Collection {
    let found = this.#collections.get(storageKey);
    if (!found) {
      found = new Collection(this, this.#historyLimit, this.#forgottenUntil);
      this.#collections.set(storageKey, found);
    }
    return found;
  }

  /** All storage keys that were ever used. */
  storageKeys(): string[] {
    return [...this.#collections.keys()];
  }

  /** Compaction: what happened until now can no longer be watched or listed. */
  forgetHistory(): void {
    this.#forgottenUntil = this.#revision;
    for (const collection of this.#collections.values()) collection.history.forget(this.#revision);
  }
}
