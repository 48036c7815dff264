import { Store } from '../live/store.ts';
import { toast } from '../parts/toasts.ts';
import { withoutTab } from './tray-changes.ts';
import type { TrayState, TrayTab } from './tray-state.ts';
import { trayStrings } from './tray-strings.ts';

export type { TrayState, TrayTab } from './tray-state.ts';

/** Enough for a night on call; each terminal holds a socket. */
export const MAX_TABS = 24;

export const tray = new Store<TrayState>({ tabs: [], shown: [], heightPx: 320, full: false });

/** Shows the tab of the same type and params if there is one, else opens it. Undefined, and said, when the tray is full. */
export function openTrayTab(tab: Omit<TrayTab, 'id' | 'mark'>): string | undefined {
  const state = tray.get();
  const same = state.tabs.find(
    (one) => one.type === tab.type && JSON.stringify(one.params) === JSON.stringify(tab.params),
  );
  if (!same && state.tabs.length >= MAX_TABS) {
    toast('warn', trayStrings.noRoom);
    return undefined;
  }
  const opened = same ?? { ...tab, id: newId() };
  tray.set({ ...state, tabs: same ? state.tabs : [...state.tabs, opened], shown: [opened.id] });
  return opened.id;
}

export function updateTrayTab(id: string, change: Partial<Omit<TrayTab, 'id' | 'type'>>): void {
  const state = tray.get();
  tray.set({ ...state, tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) });
}

/** Says how what is in the tab stands; may be said again and again. */
export function markTrayTab(id: string, mark: TrayTab['mark']): void {
  const tab = tray.get().tabs.find((one) => one.id === id);
  if (tab && tab.mark !== mark) updateTrayTab(id, { mark });
}

/** Takes the tab away at once; the person's own closing (`closeByPerson`) asks the view first. Its neighbour takes its place. */
export function closeTrayTab(id: string): void {
  tray.set(withoutTab(tray.get(), id));
}

/** `randomUUID` is not there on pages that came over plain HTTP. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('');
