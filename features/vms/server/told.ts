import type { VmEventResource } from '../contract/vm-events.ts';

export type Action = 'ADDED' | 'MODIFIED' | 'DELETED';

interface Entry {
  readonly resource: VmEventResource;
  readonly key: string;
  readonly action: Action;
}

/** In the place of what was told where it is not known whether it arrived: before anything, or after something else. */
const PERHAPS_NEW = Symbol('perhaps new');
const PERHAPS_OLD = Symbol('perhaps old');

/** What a client was told last, by key, and in which order: as much of that as the journal is long. */
export class Told {
  readonly #length: number;
  readonly #last = new Map<VmEventResource, Map<string, string | symbol>>();
  /** The entry of position `at` stands at `at % length`. */
  readonly #journal: Entry[] = [];
  #at = 0;

  constructor(journalLength: number) {
    this.#length = journalLength;
  }

  /** How much has been told. */
  get at(): number {
    return this.#at;
  }

  keys(resource: VmEventResource): Iterable<string> {
    return this.#last.get(resource)?.keys() ?? [];
  }

  /** What is to be told of an object that is now `data` (undefined: not there); undefined when that is told already. */
  take(resource: VmEventResource, key: string, data: string | undefined): Action | undefined {
    const last = this.#last.get(resource) ?? new Map<string, string | symbol>();
    this.#last.set(resource, last);
    const before = last.get(key);
    if (before === data) return undefined;
    if (data === undefined) last.delete(key);
    else last.set(key, data);
    const isNew = before === undefined || before === PERHAPS_NEW;
    const action = data === undefined ? 'DELETED' : isNew ? 'ADDED' : 'MODIFIED';
    this.#journal[this.#at % this.#length] = { resource, key, action };
    this.#at += 1;
    return action;
  }

  /**
   * What was told after a position counts as not told for sure. The objects that it was about; undefined where the journal does not
   * reach back so far, or the position is none.
   */
  doubt(position: number): readonly Omit<Entry, 'action'>[] | undefined {
    if (position > this.#at || this.#at - position > this.#length) return undefined;
    const first = new Map<string, Entry>();
    for (let at = position; at < this.#at; at += 1) {
      const entry = this.#journal[at % this.#length]!;
      const id = `${entry.resource} ${entry.key}`;
      if (!first.has(id)) first.set(id, entry);
    }
    for (const { resource, key, action } of first.values())
      this.#last.get(resource)?.set(key, action === 'ADDED' ? PERHAPS_NEW : PERHAPS_OLD);
    return [...first.values()];
  }
}
