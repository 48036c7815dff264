import type { TrayTab } from './tray-state.ts';

/** Everything that the tray says. */
export const trayStrings = {
  tray: 'Tray',
  tabs: 'Open in the tray',
  group: 'Tray',
  allTabs: (count: number): string => `All ${count} tabs`,
  tools: 'This tab',
  full: 'Full screen',
  notFull: 'Leave full screen',
  fold: 'Fold the tray',
  unfold: 'Show the tray',
  close: 'Close',
  closeOthers: 'Close the others',
  closeEnded: 'Close those that have ended',
  beside: 'Show beside the other',
  alone: 'Show alone',
  moveLeft: 'Move to the left',
  moveRight: 'Move to the right',
  more: 'More for this tab',
  resize: 'Height of the tray',
  goTray: 'Go between the tray and the page',
  noRoom: 'The tray is full: close a tab first.',
  closeFailed: (title: string, why: string): string => `${title} is closed here, but: ${why}`,
  unknownTitle: 'This tab cannot be shown',
  unknown: (type: string): string =>
    `This console knows no tabs of the type “${type}”. It may be of another version.`,
  crashTitle: 'This tab has failed',
  crash: 'The fault is in the console, not in your cluster. The page and the other tabs go on.',
  marks: {
    busy: 'working',
    new: 'has news',
    ended: 'ended',
    bad: 'failed',
  } satisfies Record<NonNullable<TrayTab['mark']>, string>,
  told: (title: string, mark: string): string => `${title}: ${mark}`,
} as const;
