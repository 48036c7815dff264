import type { MenuItem } from '../parts/menu.tsx';
import { moved, shownBeside, shownTab } from './tray-changes.ts';
import { trayStrings } from './tray-strings.ts';
import { tray, type TrayState, type TrayTab } from './tray.ts';

/** All that can be done with a tab. */
export function tabMenu(state: TrayState, tab: TrayTab, close: (tab: TrayTab) => void): readonly MenuItem[] {
  const at = state.tabs.findIndex((one) => one.id === tab.id);
  const others = state.tabs.filter((one) => one.id !== tab.id);
  const ended = state.tabs.filter((one) => one.mark === 'ended' || one.mark === 'bad');
  const change = (next: (state: TrayState) => TrayState) => () => tray.set(next(tray.get()));
  const two = state.shown.length === 2 && state.shown.includes(tab.id);
  const items: (MenuItem | false)[] = [
    two && {
      id: 'alone',
      group: 'show',
      label: trayStrings.alone,
      run: change((now) => shownTab(now, tab.id)),
    },
    !two &&
      state.shown.some((id) => id !== tab.id) && {
        id: 'beside',
        group: 'show',
        icon: 'split',
        label: trayStrings.beside,
        run: change((now) => shownBeside(now, tab.id)),
      },
    at > 0 && {
      id: 'left',
      group: 'move',
      label: trayStrings.moveLeft,
      run: change((now) => moved(now, tab.id, at - 1)),
    },
    at < state.tabs.length - 1 && {
      id: 'right',
      group: 'move',
      label: trayStrings.moveRight,
      run: change((now) => moved(now, tab.id, at + 1)),
    },
    {
      id: 'close',
      group: 'close',
      icon: 'close',
      label: trayStrings.close,
      keys: 'Delete',
      run: () => close(tab),
    },
    others.length > 0 && {
      id: 'others',
      group: 'close',
      label: trayStrings.closeOthers,
      run: () => others.forEach(close),
    },
    ended.length > 0 && {
      id: 'ended',
      group: 'close',
      label: trayStrings.closeEnded,
      run: () => ended.forEach(close),
    },
  ];
  return items.filter((item) => item !== false);
}
