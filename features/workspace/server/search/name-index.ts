import type { CacheChange, Collection } from '@krateyard/kube/cache/cache';
import { letterMask, rankName, type NameQuery } from '@krateyard/kube/meta/name-rank';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { VisibleNamespaces } from '../resources/view.ts';

export interface IndexedName {
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
  readonly lower: string;
  readonly mask: number;
}

/**
 * The names of one collection, made ready for ranking and kept so by its changes: a name never changes, so that only what is new
 * or gone costs anything. By namespace, as people see some and not others.
 */
export class NameIndex implements Disposable {
  readonly collection: Collection;
  readonly #namespaces = new Map<string, Map<string, IndexedName>>();
  readonly #stop: () => void;

  constructor(collection: Collection) {
    this.collection = collection;
    for (const [key, object] of collection.entries()) this.#add(key, object);
    this.#stop = collection.observe({
      onChanges: (changes) => changes.forEach((change) => this.#apply(change)),
    });
  }

  get size(): number {
    let size = 0;
    for (const names of this.#namespaces.values()) size += names.size;
    return size;
  }

  /** Everything in these namespaces (null: everywhere). */
  *names(namespaces: VisibleNamespaces): IterableIterator<IndexedName> {
    const seen = namespaces ?? this.#namespaces.keys();
    for (const namespace of seen) yield* this.#namespaces.get(namespace)?.values() ?? [];
  }

  [Symbol.dispose](): void {
    this.#stop();
    this.#namespaces.clear();
  }

  #apply(change: CacheChange): void {
    if (change.type === 'added') this.#add(change.key, change.object);
    else if (change.type === 'deleted') this.#remove(change.key, change.object);
  }

  #add(key: string, { metadata }: KubeObject): void {
    const { name = '', namespace = '' } = metadata;
    const lower = name.toLowerCase();
    const names = this.#namespaces.get(namespace) ?? new Map<string, IndexedName>();
    names.set(key, { key, name, namespace, lower, mask: letterMask(lower) });
    this.#namespaces.set(namespace, names);
  }

  #remove(key: string, { metadata }: KubeObject): void {
    const namespace = metadata.namespace ?? '';
    const names = this.#namespaces.get(namespace);
    names?.delete(key);
    if (names?.size === 0) this.#namespaces.delete(namespace);
  }
}

/** Found elsewhere than in the name: never better than a name that holds it. */
const ELSEWHERE = 350;

/**
 * How well a query names an object: the worst of its words counts. Every word must be found in the name, the namespace or the
 * kind's names (lower case), one at least in the name; 0: it does not name it.
 */
export function rankObject(entry: IndexedName, query: NameQuery, kindNames: readonly string[]): number {
  let worst = Infinity;
  let named = false;
  for (const word of query.words) {
    let rank = rankName(entry.lower, entry.mask, word);
    if (rank > 0) named = true;
    if (rank < ELSEWHERE && (entry.namespace.startsWith(word.text) || kindNames.includes(word.text)))
      rank = ELSEWHERE;
    if (rank === 0) return 0;
    if (rank < worst) worst = rank;
  }
  return named && worst !== Infinity ? worst : 0;
}
