import { lazy } from 'react';
import type { Room } from '@krateyard/ui/room';
import { KindPicker } from './kind-picker.tsx';
import { strings } from './strings.ts';
import { formatView, ROOT } from './view-url.ts';

export const workspaceRoom: Room = {
  name: 'workspace',
  title: strings.room,
  icon: 'boxes',
  letter: 'r',
  path: ROOT,
  start: formatView({ kind: 'pods' }),
  Page: lazy(async () => ({ default: (await import('./resources-page.tsx')).ResourcesPage })),
  TopBar: KindPicker,
};
