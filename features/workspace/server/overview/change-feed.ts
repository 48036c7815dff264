import type { FeedEntry } from '../../contract/overview.ts';
import type { OverviewKindName } from './overview-kinds.ts';

/** An entry with what decides who sees it. */
export interface FeedItem {
  readonly id: string;
  /** Whoever may see objects of this kind there may see the entry. */
  readonly seenWith: OverviewKindName;
  readonly entry: FeedEntry;
}

const PER_NAMESPACE = 300;
const IN_ALL = 6000;

/**
 * What happened lately, bounded: 300 entries a namespace, so that a noisy one does not drown the others, and 6,000 in all; the
 * oldest go first.
 */
export class ChangeFeed {
  readonly #all = new Map<string, FeedItem>();
  readonly #namespaces = new Map<string, Map<string, FeedItem>>();
  readonly #onChange: (item: FeedItem) => void;

  constructor(onChange: (item: FeedItem) => void) {
    this.#onChange = onChange;
  }

  /** An entry of the same id is replaced. */
  put(item: FeedItem): void {
    this.#forget(item.id);
    const namespace = item.entry.namespace ?? '';
    const here = this.#namespaces.get(namespace) ?? new Map<string, FeedItem>();
    this.#namespaces.set(namespace, here);
    here.set(item.id, item);
    this.#all.set(item.id, item);
    if (here.size > PER_NAMESPACE) this.#forget(oldest(here));
    if (this.#all.size > IN_ALL) this.#forget(this.#all.keys().next().value!);
    this.#onChange(item);
  }

  items(): Iterable<FeedItem> {
    return this.#all.values();
  }

  clear(): void {
    this.#all.clear();
    this.#namespaces.clear();
  }

  #forget(id: string): void {
    const item = this.#all.get(id);
    if (!item) return;
    this.#all.delete(id);
    const namespace = item.entry.namespace ?? '';
    const here = this.#namespaces.get(namespace);
    here?.delete(id);
    if (here?.size === 0) this.#namespaces.delete(namespace);
  }
}

/** The first list of events comes in any order. */
function oldest(items: ReadonlyMap<string, FeedItem>): string {
  let found: FeedItem | undefined;
  for (const item of items.values()) if (!found || item.entry.at < found.entry.at) found = item;
  return found!.id;
}
