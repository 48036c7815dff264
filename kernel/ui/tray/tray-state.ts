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
  /** What showed before it was folded. */
  readonly last?: readonly string[];
}
