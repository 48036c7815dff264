import type { ComponentType } from 'react';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import type { Room } from '@krateyard/ui/room';
import { VMS_ROOT } from './vm-address.ts';
import { vmStrings as strings } from './vm-strings.ts';

const loadList = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./vms-page.tsx')).VmsPage,
});

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
  pages: [],
  tray: [],
};
