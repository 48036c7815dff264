import type { ComponentType } from 'react';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import type { Room, RoomPage, TrayView } from '@krateyard/ui/room';
import { CREATE_PATH } from './create/create-address.ts';
import { SCREEN_PATTERN, SCREEN_TAB, WALL_PATH } from './screen/screen-address.ts';
import { MACHINE_PATTERN, VMS_ROOT } from './vm-address.ts';
import { vmStrings as strings } from './vm-strings.ts';

const loadList = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./vms-page.tsx')).VmsPage,
});

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

const screenPages: readonly RoomPage[] = [
  { path: SCREEN_PATTERN, Page: lazyPart(loadScreenPage) },
  { path: WALL_PATH, Page: lazyPart(loadWallPage) },
];
/** A screen in the tray; noVNC comes with the first one. */
const screenTray: TrayView = { type: SCREEN_TAB, icon: 'screen', View: lazyPart(loadScreenTab) };

/** Virtual machines. Paths of pages may have parameters (`/vms/:namespace/:name/screen`); the longest that fits counts. */
export const vmsRoom: Room = {
  id: 'vms',
  name: 'vms',
  title: strings.room,
  icon: 'machine',
  letter: 'v',
  path: VMS_ROOT,
  start: VMS_ROOT,
  Page: lazyPart(loadList),
  pages: [
    { path: MACHINE_PATTERN, Page: lazyPart(loadMachinePage) },
    ...screenPages,
    { path: CREATE_PATH, Page: lazyPart(loadCreatePage) },
  ],
  tray: [screenTray],
  links: [{ group: strings.room, title: strings.wall, path: WALL_PATH, letter: 'w' }],
};
