import { formatCount } from '@krateyard/ui/words/format-time';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';

/** What the pages of machines say. The screen, the form of new machines and the serial console have catalogues of their own. */
export const vmStrings = {
  room: 'Machines',
  title: (what: string): string => `${what} · Krateyard`,
  loading: 'Loading',
  wall: 'Wall of screens',
  keys: 'Machines',
  filterKey: 'Filter the machines',
  clearKey: 'Clear the selection or the filter',
  filterHint: 'Text, label=app=web, status:failed, node:n1',
  clearFilter: 'Clear the filter',
  count: (shown: number, all: number): string =>
    shown === all
      ? `${formatCount(all)} ${all === 1 ? 'machine' : 'machines'}`
      : `${formatCount(shown)} of ${formatCount(all)} machines`,
  columns: {
    status: 'Status',
    name: 'Name',
    reason: 'Why',
    namespace: 'Namespace',
    node: 'Node',
    ip: 'IP',
    cpu: 'CPU',
    memory: 'Memory',
    cpuUsed: 'CPU used',
    memoryUsed: 'Memory used',
    uptime: 'Up',
    snapshots: 'Snapshots',
    labels: 'Labels',
    type: 'Instance type',
    strategy: 'Run strategy',
    image: 'Image',
    age: 'Age',
  },
  numbers: 'Machines in numbers',
  words: {
    Failed: 'failed',
    Pending: 'on the way',
    Unknown: 'unknown',
    Running: 'running',
    Stopped: 'off',
  } satisfies Record<StatusWord, string>,
  only: (word: string): string => `Show only those that are ${word}`,
  cpus: (count: number): string => `${formatCount(count)} ${count === 1 ? 'CPU' : 'CPUs'}`,
  ofRunning: 'of those that run',
  memoryOf: (text: string): string => `${text} memory`,

  emptyTitle: 'No machines here',
  empty:
    'There is no virtual machine in the namespaces that you may see. The first one shows here as soon as there is one.',
  emptyNamespaces: (namespaces: string): string =>
    `None in ${namespaces}. The first one shows here as soon as there is one.`,
  showAll: 'Show all namespaces',
  noMatchTitle: 'Nothing matches the filter',
  noMatch: (filter: string): string => `No machine matches “${filter}” in the namespaces chosen.`,
  badFilterTitle: 'The filter cannot be understood',
  forbiddenTitle: 'You may not list machines here',
  forbidden:
    'Ask whoever runs this cluster for a role that allows get, list and watch of virtualmachines (kubevirt.io:view), or choose a namespace in which you have one.',
  lostTitle: 'You lost the right to see these machines',
  lost: 'What was shown is gone from this page. When the right is given back, it shows again by itself.',
  darkTitle: 'No KubeVirt here',
  dark: 'Virtual machines are KubeVirt’s. This page lights up by itself when KubeVirt is installed and the gateway may read its machines.',
  lacks: (problem: string, purpose: string): string => `${problem}: needed for ${purpose}`,
  failedTitle: 'The machines cannot be shown',
  failed: 'The gateway could not read them from the cluster; it keeps trying.',
  noSocketTitle: 'The gateway does not answer',
  noSocket: 'Nothing is known yet, and this page keeps trying by itself.',
} as const;
