import { applyPatch } from './json-patch.ts';
import {
  keyOf,
  type LiveChange,
  type LiveFrame,
  type LiveFreshness,
  type LiveObject,
  type LiveStatus,
  type LiveWindow,
} from './live-frames.ts';
import { Store } from './store.ts';

/** One row. The same object in two views means that nothing of it changed. */
export interface LiveRow {
  readonly key: string;
  readonly object: LiveObject;
  /** When it appeared after the first sync; undefined for rows that were there before. */
  readonly appearedAt?: number | undefined;
  /** Deleted, but kept in its place while the order is held. */
  readonly gone?: boolean;
}

/** What shows now. A new object at every change, at most one an animation frame. */
export interface CollectionView<Head> {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Rows in order, from `offset` on. */
  readonly rows: readonly LiveRow[];
  readonly offset: number;
  /** All that match, shown or not. */
  readonly total: number;
  readonly head: Head | undefined;
  readonly freshness: LiveFreshness | undefined;
  /** Why it failed, or why it ended. */
  readonly status: LiveStatus | undefined;
  /** The right to see this existed and is gone. */
  readonly ended: boolean;
  /** Changes of order, new and gone rows that wait for the pointer to leave. */
  readonly held: number;
}

export const EMPTY_VIEW: CollectionView<never> = {
  phase: 'loading',
  rows: [],
  offset: 0,
  total: 0,
  head: undefined,
  freshness: undefined,
  status: undefined,
  ended: false,
  held: 0,
};

interface Content {
  rows: Map<string, LiveRow>;
  /** Undefined where the server does not order: then by key, as they came. */
  order: readonly string[] | undefined;
  offset: number;
  total: number;
}

export interface LiveCollectionOptions {
  readonly now: () => number;
  /** Calls back once, soon: an animation frame, or a timer in a hidden tab. */
  readonly schedule: (run: () => void) => void;
  /** The deltas do not fit what is known: ask for the collection anew. */
  readonly onTorn: () => void;
}

/**
 * Builds the view of one subscription out of its frames. A new snapshot is gathered aside and shown when complete, so that
 * nothing flickers when the window moves or the socket returns. SPEC.md UI10–UI16.
 */
export class LiveCollection<Head> {
  readonly view: Store<CollectionView<Head>>;
  readonly #options: LiveCollectionOptions;
  #shown: Content = nothing();
  #incoming: Content | undefined;
  #head: Head | undefined;
  #freshness: LiveFreshness | undefined;
  #status: LiveStatus | undefined;
  #phase: CollectionView<Head>['phase'] = 'loading';
  #ended = false;
  #scheduled = false;
  /** The rows as they stood when the pointer came to rest; undefined when the order is free. */
  #heldRows: readonly LiveRow[] | undefined;

  constructor(options: LiveCollectionOptions) {
    this.#options = options;
    this.view = new Store<CollectionView<Head>>(EMPTY_VIEW);
  }

  apply(frame: LiveFrame<Head>): void {
    try {
      this.#take(frame);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#options.onTorn();
    }
    this.#publish();
  }

  /** While held, rows keep their places: values change, the order does not. */
  hold(held: boolean): void {
    if (held === (this.#heldRows !== undefined)) return;
    this.#heldRows = held && this.#phase === 'ready' ? this.view.get().rows : undefined;
    this.#publish();
  }

  #take(frame: LiveFrame<Head>): void {
    switch (frame.type) {
      case 'subscribed':
        return this.#begin(frame.head, frame.resumed, frame.window);
      case 'snapshot':
        return this.#gather(frame.part, frame.items);
      case 'synced':
        return this.#complete(frame.total, frame.order, frame.freshness);
      case 'delta':
        return this.#change(frame);
      case 'freshness':
        this.#freshness = frame.freshness;
        return undefined;
      case 'ended':
      case 'refused':
        return this.#fail(frame.status, frame.type === 'ended');
    }
  }

  #begin(head: Head, resumed: boolean, window: LiveWindow | undefined): void {
    this.#head = head;
    this.#status = undefined;
    this.#ended = false;
    if (resumed && this.#phase === 'ready') return;
    this.#incoming = { ...nothing(), offset: window?.offset ?? 0 };
  }

  #gather(part: number, items: readonly LiveObject[]): void {
    this.#incoming ??= nothing();
    if (part === 0) this.#incoming.rows.clear();
    for (const object of items) {
      const key = keyOf(object);
      this.#incoming.rows.set(key, this.#kept(key, object));
    }
  }

  /** The row that is shown already, where the snapshot says nothing new. */
  #kept(key: string, object: LiveObject): LiveRow {
    const known = this.#shown.rows.get(key);
    const same =
      known &&
      known.object.metadata.uid === object.metadata.uid &&
      known.object.metadata['resourceVersion'] === object.metadata['resourceVersion'];
    return same ? known : { key, object, appearedAt: known?.appearedAt };
  }

  #complete(total: number, order: readonly string[] | undefined, freshness: LiveFreshness): void {
    if (this.#incoming) {
      const moved = this.#incoming.offset !== this.#shown.offset;
      this.#shown = this.#incoming;
      this.#incoming = undefined;
      if (moved) this.#heldRows = undefined;
    }
    this.#shown.total = total;
    if (order) this.#shown.order = order;
    this.#freshness = freshness;
    this.#phase = 'ready';
  }

  #change(frame: LiveFrame<Head> & { type: 'delta' }): void {
    const content = this.#incoming ?? this.#shown;
    for (const change of frame.changes) applyChange(content, change, this.#options.now());
    if (frame.total !== undefined) content.total = frame.total;
    if (!frame.order) return;
    content.order = frame.order;
    const shows = new Set(frame.order);
    for (const key of content.rows.keys()) if (!shows.has(key)) content.rows.delete(key);
  }

  #fail(status: LiveStatus, ended: boolean): void {
    this.#shown = nothing();
    this.#incoming = undefined;
    this.#heldRows = undefined;
    this.#status = status;
    // Asked again and refused: it still is a right that was lost.
    this.#ended = ended || (this.#ended && status.reason === 'Forbidden');
    this.#phase = 'failed';
  }

  #publish(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.schedule(() => {
      this.#scheduled = false;
      this.view.set(this.#compose());
    });
  }

  #compose(): CollectionView<Head> {
    const free = orderedRows(this.#shown);
    const held = this.#heldRows && heldRows(this.#heldRows, this.#shown.rows);
    return {
      phase: this.#phase,
      rows: held ?? free,
      offset: this.#shown.offset,
      total: this.#shown.total,
      head: this.#head,
      freshness: this.#freshness,
      status: this.#status,
      ended: this.#ended,
      held: held ? countMoved(held, free) : 0,
    };
  }
}

const nothing = (): Content => ({ rows: new Map(), order: undefined, offset: 0, total: 0 });

function applyChange(content: Content, change: LiveChange, now: number): void {
  const known = content.rows.get(change.key);
  if (change.op === 'deleted') {
    content.rows.delete(change.key);
    return;
  }
  if ('object' in change) {
    const appearedAt = known ? known.appearedAt : now;
    content.rows.set(change.key, { key: change.key, object: change.object, appearedAt });
    return;
  }
  if (!known) throw new RangeError(`A patch for ${change.key}, which is not known`);
  content.rows.set(change.key, { ...known, object: applyPatch(known.object, change.patch) });
}

function orderedRows({ rows, order }: Content): readonly LiveRow[] {
  if (!order) return [...rows.values()];
  return order.map((key) => rows.get(key)).filter((row) => row !== undefined);
}

function heldRows(places: readonly LiveRow[], rows: ReadonlyMap<string, LiveRow>): readonly LiveRow[] {
  return places.map((place) => rows.get(place.key) ?? (place.gone ? place : { ...place, gone: true }));
}

function countMoved(held: readonly LiveRow[], free: readonly LiveRow[]): number {
  const longest = Math.max(held.length, free.length);
  let moved = 0;
  for (let index = 0; index < longest; index += 1) {
    if (held[index]?.key !== free[index]?.key) moved += 1;
  }
  return moved;
}
