import type { GroupVersionResource } from '../meta/group-version.ts';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubeObject } from '../meta/object.ts';
import type { CacheChange } from './cache.ts';
import { Projector } from './projection.ts';

interface Entry<T> {
  readonly object: T;
  readonly bytes: number;
}

/** Key, entry and two map slots, beside what the projection counts. */
const ENTRY_BYTES = 220;

/** The objects of one collection, by key and by namespace. Answers every write with the changes that it made. */
export class Store<T extends KubeObject = KubeObject> {
  readonly #projector: Projector;
  readonly #gvr: GroupVersionResource;
  #entries = new Map<string, Entry<T>>();
  #namespaces = new Map<string, Map<string, T>>();
  #bytes = 0;

  constructor(gvr: GroupVersionResource) {
    this.#gvr = gvr;
    this.#projector = new Projector(gvr);
  }

  /** Estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.object;
  }

  size(namespace?: string): number {
    return namespace === undefined ? this.#entries.size : (this.#namespaces.get(namespace)?.size ?? 0);
  }

  *entries(namespace?: string): IterableIterator<readonly [key: string, object: T]> {
    if (namespace !== undefined) yield* this.#namespaces.get(namespace) ?? [];
    else for (const [key, entry] of this.#entries) yield [key, entry.object];
  }

  /** Keeps the object's projection. No change when this version is known already; an object that came back under another uid is a deletion and an addition. */
  upsert(object: T, changes: CacheChange<T>[]): string {
    const key = formatKey(keyOf(object));
    const known = this.#entries.get(key);
    if (!known) {
      changes.push({ type: 'added', key, object: this.#keep(key, object, undefined) });
      return key;
    }
    const old = known.object;
    if (
      old.metadata.resourceVersion === object.metadata.resourceVersion &&
      old.metadata.uid === object.metadata.uid
    )
      return key;
    if (old.metadata.uid === object.metadata.uid) {
      changes.push({ type: 'modified', key, object: this.#keep(key, object, known), old });
    } else {
      this.#drop(key, known);
      changes.push(
        { type: 'deleted', key, object: old },
        { type: 'added', key, object: this.#keep(key, object, undefined) },
      );
    }
    return key;
  }

  /** Forgets the object; `last` is its last state if the server told it. */
  remove(key: string, changes: CacheChange<T>[], last?: T): void {
    const known = this.#entries.get(key);
    if (!known) return;
    this.#drop(key, known);
    const object = last ? this.#projector.project(last, known.object).object : known.object;
    changes.push({ type: 'deleted', key, object });
  }

  /** Forgets everything that `keep` does not name. */
  retain(keep: ReadonlySet<string>, changes: CacheChange<T>[]): void {
    for (const key of this.#entries.keys()) if (!keep.has(key)) this.remove(key, changes);
  }

  /** The same within one namespace. */
  retainIn(namespace: string, keep: ReadonlySet<string>, changes: CacheChange<T>[]): void {
    for (const key of this.#namespaces.get(namespace)?.keys() ?? []) {
      if (!keep.has(key)) this.remove(key, changes);
    }
  }

  /** Those that hold objects. */
  namespaces(): Iterable<string> {
    return this.#namespaces.keys();
  }

  get gvr(): GroupVersionResource {
    return this.#gvr;
  }

  #keep(key: string, full: T, known: Entry<T> | undefined): T {
    const { object, bytes } = this.#projector.project(full, known?.object);
    // A version that shares most of the last one keeps alive what it shares.
    const entry = { object, bytes: known ? Math.max(bytes, known.bytes) : bytes + ENTRY_BYTES };
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes - (known?.bytes ?? 0);
    this.#index(object).set(key, object);
    return object;
  }

  #index(object: T): Map<string, T> {
    const namespace = object.metadata.namespace ?? '';
    const existing = this.#namespaces.get(namespace);
    if (existing) return existing;
    const made = new Map<string, T>();
    this.#namespaces.set(namespace, made);
    return made;
  }

  #drop(key: string, entry: Entry<T>): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    const namespace = entry.object.metadata.namespace ?? '';
    const index = this.#namespaces.get(namespace);
    index?.delete(key);
    if (index?.size === 0) this.#namespaces.delete(namespace);
  }
}
