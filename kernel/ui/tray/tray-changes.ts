import type { TrayState, TrayTab } from './tray-state.ts';

/** What people do to the tray, as pure changes of its state. Ids that are not there change nothing. */

export const LEAST_PX = 120;
export const USUAL_PX = 320;
/** What of the page above stays in sight. */
export const ABOVE_PX = 160;

const has = (state: TrayState, id: string): boolean => state.tabs.some((tab) => tab.id === id);

export function shownTab(state: TrayState, id: string): TrayState {
  return has(state, id) ? seen({ ...state, shown: [id] }) : state;
}

/** Beside the tab that shows (the right one of two), or alone where none does. */
export function shownBeside(state: TrayState, id: string): TrayState {
  if (!has(state, id)) return state;
  const other = state.shown.findLast((one) => one !== id);
  return seen({ ...state, shown: other === undefined ? [id] : [other, id] });
}

export function folded(state: TrayState): TrayState {
  return state.shown.length === 0 ? state : { ...state, shown: [], full: false, last: state.shown };
}

export function unfolded(state: TrayState): TrayState {
  if (state.shown.length > 0 || state.tabs.length === 0) return state;
  const last = (state.last ?? []).filter((id) => has(state, id));
  return seen({ ...state, shown: last.length > 0 ? last : [state.tabs.at(-1)!.id] });
}

/** Moves a tab among its neighbours; at the ends it stays. */
export function moved(state: TrayState, id: string, to: number): TrayState {
  const from = state.tabs.findIndex((tab) => tab.id === id);
  const place = Math.max(0, Math.min(state.tabs.length - 1, to));
  if (from === -1 || from === place) return state;
  const tabs = state.tabs.toSpliced(from, 1).toSpliced(place, 0, state.tabs[from]!);
  return { ...state, tabs };
}

export function resized(state: TrayState, heightPx: number, windowPx: number): TrayState {
  const most = Math.max(LEAST_PX, windowPx - ABOVE_PX);
  return { ...state, heightPx: Math.round(Math.max(LEAST_PX, Math.min(most, heightPx))) };
}

/** Without the tab. If it was the only one that showed, its neighbour shows: the next one, or else the one before. */
export function withoutTab(state: TrayState, id: string): TrayState {
  const at = state.tabs.findIndex((tab) => tab.id === id);
  if (at === -1) return state;
  const tabs = state.tabs.toSpliced(at, 1);
  const left = state.shown.filter((one) => one !== id);
  const neighbour = tabs[at] ?? tabs.at(-1);
  const alone = state.shown.length > 0 && left.length === 0;
  const shown = alone && neighbour ? [neighbour.id] : left;
  return seen({ ...state, tabs, shown, full: state.full && shown.length > 0 });
}

/** What shows is not new any more. */
function seen(state: TrayState): TrayState {
  const fresh = (tab: TrayTab): boolean => tab.mark === 'new' && state.shown.includes(tab.id);
  if (!state.tabs.some(fresh)) return state;
  return { ...state, tabs: state.tabs.map((tab) => (fresh(tab) ? { ...tab, mark: undefined } : tab)) };
}
