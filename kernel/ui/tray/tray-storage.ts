import { LEAST_PX, USUAL_PX } from './tray-changes.ts';
import { MAX_TABS, type TrayState, type TrayTab } from './tray.ts';

const KEY = 'krateyard.tray';
const VERSION = 1;
const MAX_TEXT = 4096;

/** The part of the browser's session storage that is used. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * The tray as this person left it in this browser tab. What cannot be read is left out, alone: one broken tab does not take the
 * others with it, and what another person left is never shown.
 */
export function readTray(storage: TextStorage, owner: string): TrayState {
  const saved = parsed(storage);
  if (saved?.['version'] !== VERSION || saved['owner'] !== owner) return emptyTray();
  const tabs = listOf(saved['tabs'])
    .map(tabOf)
    .filter((tab) => tab !== undefined);
  const unique = [...new Map(tabs.map((tab) => [tab.id, tab])).values()].slice(0, MAX_TABS);
  const known = (ids: unknown): string[] => [
    ...new Set(listOf(ids).filter((id): id is string => unique.some((tab) => tab.id === id))),
  ];
  const shown = known(saved['shown']).slice(0, 2);
  const height = saved['heightPx'];
  return {
    tabs: unique,
    shown,
    heightPx: typeof height === 'number' && height >= LEAST_PX && height < 10_000 ? height : USUAL_PX,
    full: saved['full'] === true && shown.length > 0,
    last: known(saved['last']).slice(0, 2),
  };
}

/** Marks are not kept: what was busy then says anew how it is. */
export function keepTray(storage: TextStorage, owner: string, state: TrayState): void {
  const tabs = state.tabs.map(({ mark: _mark, ...kept }) => kept);
  try {
    storage.setItem(KEY, JSON.stringify({ ...state, tabs, version: VERSION, owner }));
  } catch {
    // Storage may be forbidden or full: then the tray lasts as long as the page.
  }
}

export function emptyTray(): TrayState {
  return { tabs: [], shown: [], heightPx: USUAL_PX, full: false };
}

function parsed(storage: TextStorage): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;

function tabOf(value: unknown): TrayTab | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, type, title, params } = value as Readonly<Record<string, unknown>>;
  if (!isText(id) || !isText(type) || !isText(title)) return undefined;
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return undefined;
  const texts = Object.entries(params).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { id, type, title, params: Object.fromEntries(texts) };
}
