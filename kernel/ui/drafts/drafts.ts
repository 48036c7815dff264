import type { LiveObject } from '../live/live-frames.ts';
import { settingsOwner } from '../settings/settings.ts';

/** What somebody was typing, with what it began from: enough to go on after a reload, also when the object has changed. */
export interface Draft {
  readonly text: string;
  /** The object as it was read; undefined for one that is to be made. */
  readonly base?: LiveObject | undefined;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
}

export interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

export type Kept = 'stored' | 'memory' | 'too-large';

const PREFIX = 'krateyard.draft.';
/** The oldest go when there are more: a tab's storage holds some 5 MB. */
export const MAX_DRAFTS = 12;

/**
 * Drafts by the object that they are of. Kept in the tab's session storage, so that navigation, disconnect, sign-out and reload
 * lose nothing; those of Secrets in memory alone, as what is typed there must not be written to disk. Each is its writer's: who
 * signs in to the same tab afterwards does not find it.
 */
export class Drafts {
  readonly #storage: DraftStorage | undefined;
  readonly #now: () => number;
  readonly #owner: () => string;
  readonly #memory = new Map<string, Draft>();

  constructor(storage: DraftStorage | undefined, now: () => number, owner: () => string) {
    this.#storage = storage;
    this.#now = now;
    this.#owner = owner;
  }

  read(id: string): Draft | undefined {
    return this.#read(this.#own(id));
  }

  #own(id: string): string {
    return `${this.#owner()} ${id}`;
  }

  #read(own: string): Draft | undefined {
    const known = this.#memory.get(own);
    if (known) return known;
    try {
      const text = this.#storage?.getItem(PREFIX + own);
      if (text === null || text === undefined) return undefined;
      const draft = JSON.parse(text) as Draft;
      return typeof draft.text === 'string' && typeof draft.savedAt === 'number' ? draft : undefined;
    } catch {
      return undefined;
    }
  }

  /** A secret one is in memory alone, whatever was stored before it; `too-large`: so is one that was meant to be stored. */
  write(id: string, draft: Omit<Draft, 'savedAt'>, secret = false): Kept {
    const whole: Draft = { ...draft, savedAt: this.#now() };
    const own = this.#own(id);
    this.#memory.delete(own);
    this.#memory.set(own, whole);
    const oldest = this.#memory.keys().next();
    if (this.#memory.size > MAX_DRAFTS && !oldest.done) this.#memory.delete(oldest.value);
    if (!secret && this.#store(PREFIX + own, JSON.stringify(whole))) return 'stored';
    this.#remove(own);
    return secret ? 'memory' : 'too-large';
  }

  forget(id: string): void {
    const own = this.#own(id);
    this.#memory.delete(own);
    this.#remove(own);
  }

  /** Makes room by what is oldest until it fits or nothing is left. */
  #store(key: string, text: string): boolean {
    if (!this.#storage) return false;
    for (let tries = 0; tries <= MAX_DRAFTS; tries += 1) {
      try {
        this.#storage.setItem(key, text);
        for (const old of this.#stored().slice(MAX_DRAFTS)) this.#storage.removeItem(old);
        return true;
      } catch {
        const oldest = this.#stored().findLast((other) => other !== key);
        if (oldest === undefined) return false;
        this.#storage.removeItem(oldest);
      }
    }
    return false;
  }

  /** Newest first. */
  #stored(): readonly string[] {
    const storage = this.#storage;
    if (!storage) return [];
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return keys
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => ({ key, at: this.#read(key.slice(PREFIX.length))?.savedAt ?? 0 }))
      .toSorted((a, b) => b.at - a.at)
      .map(({ key }) => key);
  }

  #remove(own: string): void {
    try {
      this.#storage?.removeItem(PREFIX + own);
    } catch {
      // A browser that allows no storage has none to clear.
    }
  }
}

export const drafts = new Drafts(storageOfTab(), () => Date.now(), settingsOwner);

function storageOfTab(): DraftStorage | undefined {
  try {
    return typeof sessionStorage === 'undefined' ? undefined : sessionStorage;
  } catch {
    return undefined;
  }
}

export const draftId = (kindPath: string, key: string): string => `${kindPath} ${key}`;
