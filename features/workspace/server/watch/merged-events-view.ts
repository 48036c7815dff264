import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { alikeKey, eventTimes } from '../../contract/alike-events.ts';
import type { Order, Row } from '../resources/order.ts';
import { createMembership, viewEntries, type ViewSpec } from '../resources/view.ts';
import type { RowsView } from './ordered-view.ts';

type Alike = Map<string, KubeObject>;

/**
 * Events in order, those alike as one row. The row is the oldest of them by name, so that it stays the same row while others come,
 * and says what the newest says: how often in all, first and last. One alone stays the object that it is.
 */
export class MergedEventsView implements RowsView {
  readonly #collection: Collection;
  readonly #order: Order;
  readonly #shows: (object: KubeObject) => boolean;
  readonly #groups = new Map<string, Alike>();
  /** By key of an event: the group that it is in. */
  readonly #groupOf = new Map<string, string>();
  readonly #rowOf = new Map<string, Row>();
  #rows: Row[] = [];

  constructor(collection: Collection, view: ViewSpec, order: Order) {
    this.#collection = collection;
    this.#order = order;
    this.#shows = createMembership(view);
    for (const [key, object] of viewEntries(collection, view)) this.#put(key, object);
    this.#place(this.#groups.keys());
  }

  get total(): number {
    return this.#rows.length;
  }

  slice(offset: number, limit: number): readonly Row[] {
    return this.#rows.slice(offset, offset + limit);
  }

  update(keys: ReadonlySet<string>): void {
    const changed = new Set<string>();
    for (const key of keys) {
      const before = this.#groupOf.get(key);
      const found = this.#collection.get(key);
      const object = found && this.#shows(found) ? found : undefined;
      if (before !== undefined) {
        if (this.#groups.get(before)?.get(key) === object) continue;
        changed.add(before);
        this.#take(key, before);
      }
      if (object) changed.add(this.#put(key, object));
    }
    if (changed.size > 0) this.#place(changed);
  }

  #put(key: string, object: KubeObject): string {
    const group = alikeKey(object);
    const alike = this.#groups.get(group) ?? new Map<string, KubeObject>();
    this.#groups.set(group, alike.set(key, object));
    this.#groupOf.set(key, group);
    return group;
  }

  #take(key: string, group: string): void {
    this.#groupOf.delete(key);
    const alike = this.#groups.get(group);
    if (alike?.delete(key) && alike.size === 0) this.#groups.delete(group);
  }

  /** Sorting what is nearly sorted is quicker than it looks, and there are few rows where much is alike. */
  #place(groups: Iterable<string>): void {
    for (const group of groups) {
      const alike = this.#groups.get(group);
      if (!alike) this.#rowOf.delete(group);
      else this.#rowOf.set(group, this.#order.row(...mergedEvent(alike)));
    }
    this.#rows = [...this.#rowOf.values()].sort(this.#order.compare);
  }
}

/** Of at least one. */
function mergedEvent(alike: Alike): [key: string, object: KubeObject] {
  const oldestFirst = Array.from(alike).toSorted(
    ([aKey, a], [bKey, b]) => madeAt(a).localeCompare(madeAt(b)) || (aKey < bKey ? -1 : aKey > bKey ? 1 : 0),
  );
  const [key, anchor] = oldestFirst[0]!;
  if (alike.size === 1) return [key, anchor];
  const told = oldestFirst.map(([, object]) => ({ object, ...eventTimes(object) }));
  const newest = told.reduce((best, one) => ((one.last ?? 0) >= (best.last ?? 0) ? one : best));
  const firsts = told.flatMap(({ first }) => first ?? []);
  const count = told.reduce((sum, one) => sum + one.count, 0);
  const { series: _, ...said } = newest.object as KubeObject & { readonly series?: unknown };
  const merged: KubeObject & EventFields = {
    ...said,
    metadata: { ...anchor.metadata, resourceVersion: versionOf(told.map(({ object }) => object)) },
    count,
    ...(firsts.length > 0 && { firstTimestamp: new Date(Math.min(...firsts)).toISOString() }),
    ...(newest.last !== undefined && { lastTimestamp: new Date(newest.last).toISOString() }),
  };
  return [key, merged];
}

interface EventFields {
  readonly count: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
}

const madeAt = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';

/** Another one whenever any of them changes, comes or goes. */
const versionOf = (objects: readonly KubeObject[]): string =>
  objects.map(({ metadata }) => metadata.resourceVersion ?? '').join('.');
