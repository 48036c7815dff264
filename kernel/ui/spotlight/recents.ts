import type { IconName } from '../parts/icon.tsx';
import { Store } from '../live/store.ts';

/** Something that the person has been at, with an address to come back to. */
export interface Recent {
  readonly title: string;
  readonly hint?: string | undefined;
  readonly icon: IconName;
  readonly path: string;
}

const MOST = 24;
const MAX_TEXT = 1024;
const VERSION = 1;
const keyOf = (person: string): string => `krateyard.recents.${person}`;

/** Newest first. */
export const recents = new Store<readonly Recent[]>([]);
let owner: string | undefined;

/** From now on this person's; kept in the browser. */
export function startRecents(person: string): void {
  owner = person;
  recents.set(readRecents(stored(person)));
}

/** Puts it first. */
export function remember(recent: Recent): void {
  if (owner === undefined) return;
  const next = [recent, ...recents.get().filter(({ path }) => path !== recent.path)].slice(0, MOST);
  recents.set(next);
  try {
    localStorage.setItem(keyOf(owner), JSON.stringify({ version: VERSION, recents: next }));
  } catch {
    // Storage may be forbidden: then they last as long as the page.
  }
}

/** What can be read of what was kept; anything else is left out. */
export function readRecents(text: string | null): readonly Recent[] {
  try {
    const saved = JSON.parse(text ?? 'null') as { version?: unknown; recents?: unknown } | null;
    if (saved?.version !== VERSION || !Array.isArray(saved.recents)) return [];
    return saved.recents.filter(isRecent).slice(0, MOST);
  } catch {
    return [];
  }
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== 'object' || value === null) return false;
  const { title, hint, icon, path } = value as Readonly<Record<string, unknown>>;
  return (
    isText(title) &&
    (hint === undefined || isText(hint)) &&
    // An icon that this console does not have draws nothing.
    isText(icon) &&
    isText(path) &&
    // Only pages of this console: never an address that somebody wrote into the storage.
    /^\/(?!\/)/.test(path)
  );
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;

function stored(person: string): string | null {
  try {
    return localStorage.getItem(keyOf(person));
  } catch {
    return null;
  }
}

/** Takes all of them away. */
export function forgetRecents(): void {
  recents.set([]);
  if (owner === undefined) return;
  try {
    localStorage.removeItem(keyOf(owner));
  } catch {
    // Where storage is forbidden nothing was kept.
  }
}
