import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { alikeKey } from '../../contract/alike-events.ts';
import { mergedEvent } from '../resources/merged-event.ts';
import type { Order, Row } from '../resources/order.ts';
import { createMembership, viewEntries, type ViewSpec } from '../resources/view.ts';
import type { RowsView } from './ordered-view.ts';

type Alike = Map<string, KubeObject>;

/** Events in order, those alike as one row (`mergedEvent`). */
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
