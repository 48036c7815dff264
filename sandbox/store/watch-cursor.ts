import type { Collection } from './collection.ts';
import { StoredRevision, type StoreEvent } from './stored-revision.ts';

/** The place of one reader in a collection's past. It holds no events itself, so a slow reader costs nothing but its own 410. */
export class WatchCursor {
  readonly #collection: Collection;
  #revision: number;

  constructor(collection: Collection, afterRevision: number) {
    this.#collection = collection;
    this.#revision = afterRevision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The next changes, none when caught up, `expired` when some were forgotten before they were read. */
  read(max: number): readonly StoreEvent[] | 'expired' {
    if (!this.#collection.history.covers(this.#revision)) return 'expired';
    const events = this.#collection.history.after(this.#revision, max);
    const last = events.at(-1);
    if (last) this.#revision = last.revision;
    return events;
  }

  /** Moves a caught-up cursor on to a later revision, so that a quiet collection does not expire. */
  skipTo(revision: number): void {
    if (revision > this.#revision) this.#revision = revision;
  }
}

export interface SelectedEvent {
  readonly type: StoreEvent['type'];
  readonly stored: StoredRevision;
  readonly revision: number;
}

/** What a reader with a selector is told of a change: objects enter and leave its view. */
export function selectEvent(
  event: StoreEvent,
  matches: (stored: StoredRevision) => boolean,
): SelectedEvent | undefined {
  const { revision } = event;
  const before = event.previous !== undefined && matches(event.previous);
  const after = event.type !== 'DELETED' && matches(event.current);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', stored: event.current, revision };
  if (!before) return undefined;
  return { type: 'DELETED', stored: event.type === 'DELETED' ? event.current : lastSeen(event), revision };
}

/** The object as the reader knew it, under the revision at which it left the reader's view. */
function lastSeen(event: StoreEvent): StoredRevision {
  const { key, object } = event.previous!;
  const metadata = { ...object.metadata, resourceVersion: String(event.revision) };
  return new StoredRevision(key, event.revision, { ...object, metadata });
}
