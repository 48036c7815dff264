import { formatKey, keyOf } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';

export type MirrorListener<T extends KubeObject> = (object: T, old: T | undefined, gone: boolean) => void;

const EMPTY: ReadonlyMap<string, never> = new Map<string, never>();

/** What the controllers know of one collection, fed by a watch. Objects are shared and must not be changed. */
export class Mirror<T extends KubeObject> {
  #byKey = new Map<string, T>();
  #byNamespace = new Map<string, Map<string, T>>();
  #byOwner = new Map<string, Map<string, T>>();
  #listeners: MirrorListener<T>[] = [];

  onChange(listener: MirrorListener<T>): void {
    this.#listeners.push(listener);
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  get size(): number {
    return this.#byKey.size;
  }

  all(): Iterable<T> {
    return this.#byKey.values();
  }

  inNamespace(namespace: string): Iterable<T> {
    return (this.#byNamespace.get(namespace) ?? EMPTY).values();
  }

  /** Objects whose `ownerReferences` name this uid. */
  ownedBy(uid: string): T[] {
    return [...(this.#byOwner.get(uid) ?? EMPTY).values()];
  }

  observe(object: T): void {
    const key = formatKey(keyOf(object));
    const old = this.#byKey.get(key);
    if (old && version(old) >= version(object)) return;
    if (old) this.#unindex(key, old);
    this.#byKey.set(key, object);
    this.#index(key, object);
    for (const listener of this.#listeners) listener(object, old, false);
  }

  forget(object: T): void {
    const key = formatKey(keyOf(object));
    const old = this.#byKey.get(key);
    if (!old || old.metadata.uid !== object.metadata.uid) return;
    this.#byKey.delete(key);
    this.#unindex(key, old);
    for (const listener of this.#listeners) listener(object, old, true);
  }

  #index(key: string, object: T): void {
    at(this.#byNamespace, object.metadata.namespace ?? '').set(key, object);
    for (const owner of object.metadata.ownerReferences ?? []) at(this.#byOwner, owner.uid).set(key, object);
  }

  #unindex(key: string, object: T): void {
    drop(this.#byNamespace, object.metadata.namespace ?? '', key);
    for (const owner of object.metadata.ownerReferences ?? []) drop(this.#byOwner, owner.uid, key);
  }
}

function version(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}

function at<T>(index: Map<string, Map<string, T>>, name: string): Map<string, T> {
  let found = index.get(name);
  if (!found) index.set(name, (found = new Map()));
  return found;
}

function drop<T>(index: Map<string, Map<string, T>>, name: string, key: string): void {
  const found = index.get(name);
  found?.delete(key);
  if (found?.size === 0) index.delete(name);
}
