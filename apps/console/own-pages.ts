import { lazyPart } from '@krateyard/ui/page/lazy-part';
import type { RoomPage } from '@krateyard/ui/room';

const loadSettings = async () => ({ default: (await import('./settings/settings-page.tsx')).SettingsPage });
const loadMe = async () => ({ default: (await import('@krateyard/workspace/web/me-page')).MePage });

/** Pages about the person, in no room. */
export const ownPages: readonly RoomPage[] = [
  { path: '/settings', Page: lazyPart(loadSettings) },
  { path: '/me', Page: lazyPart(loadMe) },
];
