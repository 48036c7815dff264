import { Store } from '../live/store.ts';

/**
 * What lives in the tray at the bottom: terminals, logs, screens, tasks. A tab is plain data, so that it survives navigation
 * (the tray is above the pages) and reload (it is kept in the browser's session storage). Its view finds again what it shows
 * from `params` alone, and writes back with `updateTrayTab` what it needs to do so (a session's id and key).
 */
export interface TrayTab {
  readonly id: string;
  /** Of one of the rooms' `tray` views. */
  readonly type: string;
  readonly title: string;
  readonly params: Readonly<Record<string, string>>;
  /** Drawn on the tab: how it is, or that something new waits. */
  readonly mark?: 'busy' | 'new' | 'ended' | 'bad' | undefined;
}

export interface TrayState {
  readonly tabs: readonly TrayTab[];
  /** Tabs that show, left to right: one, or two beside each other. Empty: the tray is folded. */
  readonly shown: readonly string[];
  readonly heightPx: number;
  readonly full: boolean;
}

/** Enough for a night on call; each terminal holds a socket. */
export const MAX_TABS = 24;

export const tray = new Store<TrayState>({ tabs: [], shown: [], heightPx: 320, full: false });

/** Shows the tab of the same type and params if there is one, else opens it. Undefined when the tray is full. */
export function openTrayTab(tab: Omit<TrayTab, 'id' | 'mark'>): string | undefined {
  const state = tray.get();
  const same = state.tabs.find(
    (one) => one.type === tab.type && JSON.stringify(one.params) === JSON.stringify(tab.params),
  );
  if (!same && state.tabs.length >= MAX_TABS) return undefined;
  const opened = same ?? { ...tab, id: crypto.randomUUID() };
  tray.set({ ...state, tabs: same ? state.tabs : [...state.tabs, opened], shown: [opened.id] });
  return opened.id;
}

export function updateTrayTab(id: string, change: Partial<Omit<TrayTab, 'id' | 'type'>>): void {
  const state = tray.get();
  tray.set({ ...state, tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) });
}

export function closeTrayTab(id: string): void {
  const state = tray.get();
  tray.set({
    ...state,
    tabs: state.tabs.filter((tab) => tab.id !== id),
    shown: state.shown.filter((one) => one !== id),
  });
}
