import type { ComponentType } from 'react';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import { loadPart } from '@krateyard/ui/page/load-part';
import type { Room, RoomPage, TrayView, Visit } from '@krateyard/ui/room';
import { CREATE_PATH } from './create/create-address.ts';
import { loadVmsPage } from './first-pages.ts';
import { machinePages } from './machine-pages.ts';
import { SCREEN_PATTERN, SCREEN_TAB, WALL_PATH } from './screen/screen-address.ts';
import { SERIAL_PATTERN, SERIAL_TAB } from './serial/serial-address.ts';
import { MACHINE_PATTERN, readMachinePath, VMS_ROOT } from './vm-address.ts';
import { vmStrings as strings } from './vm-strings.ts';

const loadCreatePage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./create/create-page.tsx')).CreatePage,
});

const loadMachinePage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./machine/machine-page.tsx')).MachinePage,
});

const loadScreenPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./screen/screen-page.tsx')).ScreenPage,
});
const loadWallPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./screen/wall-page.tsx')).WallPage,
});
const loadScreenTab = async (): Promise<{ default: TrayView['View'] }> => ({
  default: (await import('./screen/screen-tab.tsx')).ScreenTab,
});

const loadSerialPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./serial/serial-page.tsx')).SerialPage,
});
const loadSerialTab = async (): Promise<{ default: TrayView['View'] }> => ({
  default: (await import('./serial/serial-tab.tsx')).SerialTab,
});

const screenPages: readonly RoomPage[] = [
  { path: SCREEN_PATTERN, Page: lazyPart(loadScreenPage) },
  { path: WALL_PATH, Page: lazyPart(loadWallPage) },
];
/** A screen in the tray; noVNC comes with the first one. */
const screenTray: TrayView = { type: SCREEN_TAB, icon: 'screen', View: lazyPart(loadScreenTab) };

/** Machines are what people come back to. */
function visitOf(path: string): Visit | undefined {
  const at = readMachinePath(path);
  return at && { title: at.name, hint: strings.machineIn(at.namespace), icon: 'machine' };
}

/** A serial console in the tray; the terminal comes with the first one. */
const serialTray: TrayView = { type: SERIAL_TAB, icon: 'terminal', View: lazyPart(loadSerialTab) };

/** Virtual machines. Paths of pages may have parameters (`/vms/:namespace/:name/screen`); the longest that fits counts. */
export const vmsRoom: Room = {
  id: 'vms',
  name: 'vms',
  title: strings.room,
  icon: 'machine',
  letter: 'v',
  path: VMS_ROOT,
  start: VMS_ROOT,
  Page: lazyPart(loadVmsPage),
  pages: [
    { path: MACHINE_PATTERN, Page: lazyPart(loadMachinePage) },
    ...screenPages,
    { path: SERIAL_PATTERN, Page: lazyPart(loadSerialPage) },
    { path: CREATE_PATH, Page: lazyPart(loadCreatePage) },
  ],
  // With the actions behind it a good part of the room: loaded when the spotlight opens.
  spotlight: async (text, limit, signal) =>
    (await loadPart(() => import('./find-machines.ts'))).findMachines(text, limit, signal),
  visit: visitOf,
  objectPages: machinePages,
  tray: [screenTray, serialTray],
  links: [{ group: strings.screens, title: strings.wall, path: WALL_PATH, letter: 'w' }],
};
