import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Order, Row } from '../resources/order.ts';
import { createMembership, viewRows, type ViewSpec } from '../resources/view.ts';

/** Above this share of rows changed at once, sorting anew is cheaper than moving one by one. */
const RESORT_SHARE = 8;

/** Rows in order, kept so while objects change. */
export interface RowsView {
  readonly total: number;
  slice(offset: number, limit: number): readonly Row[];
  /** Puts these keys where they belong now. */
  update(keys: ReadonlySet<string>): void;
}

/** The objects of a view in order, kept so while they change. */
export class OrderedView implements RowsView {
  readonly #collection: Collection;
  readonly #order: Order;
  readonly #shows: (object: KubeObject) => boolean;
  readonly #byKey: Map<string, Row>;
  #rows: Row[];

  constructor(collection: Collection, view: ViewSpec, order: Order) {
    this.#collection = collection;
    this.#order = order;
    this.#shows = createMembership(view);
    this.#rows = viewRows(collection, view, order);
    this.#byKey = new Map(this.#rows.map((row) => [row.key, row]));
  }

  get total(): number {
    return this.#rows.length;
  }

  slice(offset: number, limit: number): readonly Row[] {
    return this.#rows.slice(offset, offset + limit);
  }

  /** Puts these keys where they belong now. */
  update(keys: ReadonlySet<string>): void {
    const anew = keys.size * RESORT_SHARE > this.#rows.length;
    for (const key of keys) this.#replace(key, anew);
    if (anew) this.#rows = [...this.#byKey.values()].sort(this.#order.compare);
  }

  #replace(key: string, anew: boolean): void {
    const before = this.#byKey.get(key);
    const found = this.#collection.get(key);
    const object = found && this.#shows(found) ? found : undefined;
    if (before?.object === object && !this.#order.measured) return;
    const after = object && this.#order.row(key, object);
    if (after) this.#byKey.set(key, after);
    else this.#byKey.delete(key);
    if (anew) return;
    if (before && after && this.#order.compare(before, after) === 0) {
      this.#rows[this.#place(before)] = after;
      return;
    }
    if (before) this.#rows.splice(this.#place(before), 1);
    if (after) this.#rows.splice(this.#place(after), 0, after);
  }

  /** Where the row stands, or would. */
  #place(row: Row): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order.compare(this.#rows[middle]!, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
