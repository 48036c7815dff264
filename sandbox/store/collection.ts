import type { KubeObject } from '@krateyard/kube/meta/object';
import { EventHistory } from './event-history.ts';
import { deepFreeze } from './json-value.ts';
import { StoredRevision, type StoreEvent } from './stored-revision.ts';

/** Where a collection gets its revisions from: one counter for the whole store. */
export interface RevisionCounter {
  readonly current: number;
  next(): number;
}

/** The objects of one resource, by key in byte order, with the recent past. All calls are synchronous: there are no races. */
export class Collection {
  readonly #revisions: RevisionCounter;
  readonly #history: EventHistory;
  #byKey = new Map<string, StoredRevision>();
  #keys: string[] = [];
  #listeners = new Set<() => void>();
  #notifying = false;
  #lastRevision = 0;

  constructor(revisions: RevisionCounter, historyLimit: number, completeAfter: number) {
    this.#revisions = revisions;
    this.#history = new EventHistory(historyLimit, completeAfter);
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** The revision of the last change; 0 before the first. */
  get lastRevision(): number {
    return this.#lastRevision;
  }

  get history(): EventHistory {
    return this.#history;
  }

  get(key: string): StoredRevision | undefined {
    return this.#byKey.get(key);
  }

  /** What is there now, in the order of keys, of one namespace or of all. */
  list(namespace?: string): StoredRevision[] {
    const found: StoredRevision[] = [];
    const [from, to] = this.#range(namespace);
    for (let i = from; i < to; i += 1) found.push(this.#byKey.get(this.#keys[i]!)!);
    return found;
  }

  /** What was there at a revision that the history covers. */
  listAt(revision: number, namespace?: string): StoredRevision[] {
    const undo = new Map<string, StoredRevision | undefined>();
    for (const event of this.#history.after(revision).toReversed())
      undo.set(event.current.key, event.previous);
    if (undo.size === 0) return this.list(namespace);
    const prefix = namespace === undefined ? '' : `${namespace}/`;
    const kept = this.list(namespace).filter((stored) => !undo.has(stored.key));
    for (const stored of undo.values()) if (stored?.key.startsWith(prefix)) kept.push(stored);
    return kept.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Stores the object, which becomes frozen, under a new revision. */
  put(key: string, object: KubeObject): StoredRevision {
    const revision = this.#revisions.next();
    object.metadata.resourceVersion = String(revision);
    const current = new StoredRevision(key, revision, deepFreeze(object));
    const previous = this.#byKey.get(key);
    if (!previous) this.#keys.splice(this.#indexOf(key), 0, key);
    this.#byKey.set(key, current);
    this.#record({ type: previous ? 'MODIFIED' : 'ADDED', revision, current, previous });
    return current;
  }

  /** Removes an object; gives its last state (`last` if it changed in the same step), under the deletion's revision. */
  remove(key: string, last?: KubeObject): StoredRevision | undefined {
    const previous = this.#byKey.get(key);
    if (!previous) return undefined;
    const revision = this.#revisions.next();
    const object = last ?? previous.object;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const current = new StoredRevision(key, revision, deepFreeze({ ...object, metadata }));
    this.#byKey.delete(key);
    this.#keys.splice(this.#indexOf(key), 1);
    this.#record({ type: 'DELETED', revision, current, previous });
    return current;
  }

  /** Calls `listener` after changes, once for all changes of a turn, never inside of the call that made them. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #record(event: StoreEvent): void {
    this.#history.push(event);
    this.#lastRevision = event.revision;
    if (this.#notifying || this.#listeners.size === 0) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      for (const listener of this.#listeners) listener();
    });
  }

  #range(namespace: string | undefined): [from: number, to: number] {
    if (namespace === undefined) return [0, this.#keys.length];
    // '0' is the character after '/': together they bound the keys of the namespace.
    return [this.#indexOf(`${namespace}/`), this.#indexOf(`${namespace}0`)];
  }

  #indexOf(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
