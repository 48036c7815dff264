import type { ComponentType } from 'react';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import { loadPart } from '@krateyard/ui/page/load-part';
import type { Room, RoomLink, TrayView, Visit } from '@krateyard/ui/room';
import { explorerStrings } from './explorer/explorer-strings.ts';
import { loadObjectPage, loadOverviewPage, loadResourcesPage } from './first-pages.ts';
import { KindPicker } from './kind-picker.tsx';
import { LOGS_PATH } from './logs/log-address.ts';
import { LOGS_TAB } from './logs/open-logs.ts';
import { CREATE_ROOT, OBJECT_ROOT, readObjectUrl } from '@krateyard/ui/page/object-href';
import { recordingStrings } from './recordings/recording-strings.ts';
import { RECORDINGS_PATH } from './recordings/recordings-api.ts';
import { SHELL_PATH, SHELLS_PATH } from './shell/shell-address.ts';
import { shellStrings } from './shell/shell-strings.ts';
import { strings } from './strings.ts';
import { formatView, ROOT } from './view-url.ts';

const link = (group: string, title: string, kind: string, letter?: string): RoomLink => ({
  group,
  title,
  path: formatView({ kind }),
  ...(letter !== undefined && { letter }),
});

const loadCreatePage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./object/create/create-page.tsx')).CreatePage,
});

const loadShellPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./shell/shell-page.tsx')).ShellPage,
});
const loadShellsPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./shell/shells-page.tsx')).ShellsPage,
});
const loadRecordingsPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./recordings/recordings-page.tsx')).RecordingsPage,
});
const loadShellTab = async (): Promise<{ default: TrayView['View'] }> => ({
  default: (await import('./shell/shell-tab.tsx')).ShellTab,
});

/** A shell in the tray; the terminal comes with it. */
const shellTray: TrayView = {
  type: 'shell',
  icon: 'terminal',
  View: lazyPart(loadShellTab),
  onClose: async (tab) => (await loadPart(() => import('./shell/close-shell.tsx'))).closeShellTab(tab),
};

const loadLogsPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./logs/logs-page.tsx')).LogsPage,
});

const loadLogsTab = async (): Promise<{ default: TrayView['View'] }> => ({
  default: (await import('./logs/logs-tab.tsx')).LogsTab,
});

const loadKindsPage = async (): Promise<{ default: ComponentType }> => ({
  default: (await import('./explorer/kinds-page.tsx')).KindsPage,
});

const { workloads, network, config, cluster } = strings.groups;

/** Every kind with its count. */
const KINDS_PATH = '/kinds';

/** What people look at most; every other kind is one key (`:`) away. */
const LINKS: readonly RoomLink[] = [
  link(workloads, 'Pods', 'pods', 'p'),
  link(workloads, 'Deployments', 'deployments', 'd'),
  link(workloads, 'StatefulSets', 'statefulsets'),
  link(workloads, 'DaemonSets', 'daemonsets'),
  link(workloads, 'Jobs', 'batch/v1/jobs', 'j'),
  link(network, 'Services', 'services', 's'),
  link(network, 'Ingresses', 'ingresses', 'i'),
  link(config, 'ConfigMaps', 'configmaps', 'c'),
  link(config, 'Secrets', 'secrets'),
  link(config, 'Volume claims', 'pvcs', 'u'),
  link(cluster, 'Nodes', 'v1/nodes', 'n'),
  link(cluster, 'Namespaces', 'namespaces'),
  link(cluster, 'Events', 'events', 'e'),
  { group: strings.groups.custom, title: explorerStrings.allKinds, path: KINDS_PATH, letter: 'k' },
  { group: strings.groups.custom, title: explorerStrings.createObjects, path: CREATE_ROOT },
  { group: shellStrings.group, title: shellStrings.listTitle, path: SHELLS_PATH },
  { group: shellStrings.group, title: recordingStrings.title, path: RECORDINGS_PATH },
];

/** Objects are what people come back to. */
function visitOf(path: string, search: string): Visit | undefined {
  const at = path.startsWith(`${OBJECT_ROOT}/`) ? readObjectUrl(path, search) : undefined;
  if (!at) return undefined;
  const kind = at.kind.split('/').at(-1)!;
  return {
    title: at.name,
    hint: at.namespace === undefined ? kind : `${kind} · ${at.namespace}`,
    icon: 'boxes',
  };
}

/** Where the console starts. */
export const overviewRoom: Room = {
  id: 'overview',
  name: 'workspace',
  title: strings.overview,
  icon: 'pulse',
  letter: 'o',
  path: '/overview',
  start: '/overview',
  Page: lazyPart(loadOverviewPage),
};

export const workspaceRoom: Room = {
  id: 'resources',
  name: 'workspace',
  title: strings.room,
  icon: 'boxes',
  letter: 'r',
  path: ROOT,
  start: formatView({ kind: 'pods' }),
  Page: lazyPart(loadResourcesPage),
  pages: [
    { path: KINDS_PATH, Page: lazyPart(loadKindsPage) },
    { path: CREATE_ROOT, Page: lazyPart(loadCreatePage) },
    { path: OBJECT_ROOT, Page: lazyPart(loadObjectPage) },
    { path: SHELL_PATH, Page: lazyPart(loadShellPage) },
    { path: SHELLS_PATH, Page: lazyPart(loadShellsPage) },
    { path: RECORDINGS_PATH, Page: lazyPart(loadRecordingsPage) },
    { path: LOGS_PATH, Page: lazyPart(loadLogsPage) },
  ],
  tray: [shellTray, { type: LOGS_TAB, icon: 'lines', View: lazyPart(loadLogsTab) }],
  // With the actions behind it a good part of the console: loaded when the spotlight opens.
  spotlight: async (...asked) => (await loadPart(() => import('./spotlight/find.ts'))).find(...asked),
  visit: visitOf,
  links: LINKS,
  TopBar: KindPicker,
};
