import type { StateSource } from '@krateyard/hub/topic';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Order } from '../resources/order.ts';
import { encodeDelta, encodeSnapshot, encodeSynced, type StreamChange } from './encode.ts';
import { MergedEventsView } from './merged-events-view.ts';
import { OrderedView, type RowsView } from './ordered-view.ts';
import type { SourceOptions } from './set-source.ts';

export interface WindowSourceOptions extends SourceOptions {
  readonly order: Order;
  readonly offset: number;
  readonly limit: number;
  /** Events that are alike are one row. */
  readonly merge?: boolean | undefined;
}

/** The part of an ordered view that shows. Only what shows is told, with its order and how many there are in all. */
export class WindowSource implements StateSource {
  readonly #options: WindowSourceOptions;
  readonly #view: RowsView;
  /** In order. */
  #told: Map<string, KubeObject>;
  #total: number;

  constructor(options: WindowSourceOptions) {
    this.#options = options;
    const { collection, view, order, merge } = options;
    this.#view = new (merge ? MergedEventsView : OrderedView)(collection, view, order);
    this.#told = this.#showing();
    this.#total = this.#view.total;
  }

  snapshot(): Iterable<Uint8Array> {
    return encodeSnapshot(this.#options, [...this.#told.values()]);
  }

  synced(resume: string): Uint8Array {
    const freshness = this.#options.collection.freshness();
    return encodeSynced(this.#options, resume, freshness, {
      total: this.#total,
      order: [...this.#told.keys()],
    });
  }

  delta(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined {
    this.#view.update(keys);
    const before = this.#told;
    const totalBefore = this.#total;
    this.#told = this.#showing();
    this.#total = this.#view.total;
    const changes = differences(before, this.#told);
    const order = sameOrder(before, this.#told) ? undefined : [...this.#told.keys()];
    const total = this.#total === totalBefore ? undefined : this.#total;
    if (changes.length === 0 && order === undefined && total === undefined) return undefined;
    return encodeDelta(this.#options, changes, resume, { total, order });
  }

  /** The whole window: it is small, and which keys a slow client knows cannot be told from which have changed. */
  catchUp(_keys: ReadonlySet<string>, resume: string): Uint8Array {
    const changes = Array.from(this.#told, ([key, object]): StreamChange => ({ op: 'added', key, object }));
    const position = { total: this.#total, order: [...this.#told.keys()] };
    return encodeDelta({ ...this.#options, payload: 'full' }, changes, resume, position);
  }

  #showing(): Map<string, KubeObject> {
    const rows = this.#view.slice(this.#options.offset, this.#options.limit);
    return new Map(rows.map(({ key, object }) => [key, object]));
  }
}

function differences(
  before: ReadonlyMap<string, KubeObject>,
  after: ReadonlyMap<string, KubeObject>,
): StreamChange[] {
  const changes: StreamChange[] = [];
  for (const key of before.keys()) if (!after.has(key)) changes.push({ op: 'deleted', key });
  for (const [key, object] of after) {
    const known = before.get(key);
    if (!known) changes.push({ op: 'added', key, object });
    else if (known !== object) {
      const same = known.metadata.uid === object.metadata.uid;
      changes.push({ op: 'modified', key, object, ...(same && { before: known }) });
    }
  }
  return changes;
}

function sameOrder(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): boolean {
  if (before.size !== after.size) return false;
  const keys = after.keys();
  for (const key of before.keys()) if (keys.next().value !== key) return false;
  return true;
}
