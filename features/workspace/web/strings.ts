import { formatCount } from '@krateyard/ui/words/format-time';

/** Everything that this room says. */
export const strings = {
  overview: 'Overview',
  room: 'Resources',
  title: (kind: string): string => `${kind} · Krateyard`,
  kind: 'Kind',
  pickKind: 'Choose a kind',
  groups: {
    workloads: 'Workloads',
    network: 'Network',
    config: 'Config',
    storage: 'Storage',
    access: 'Access',
    cluster: 'Cluster',
    custom: 'Custom',
  },
  spotlightObjects: 'Objects',
  spotlightKinds: 'Kinds',
  spotlightActions: 'Actions',
  keys: 'Resources',
  filterKey: 'Filter the table',
  clearKey: 'Close, or clear the filter',
  yamlKey: 'Show the YAML',

  filterHint: 'Text, label=app=web, status:failed, node:n1',
  count: (total: number): string => `${formatCount(total)} ${total === 1 ? 'object' : 'objects'}`,
  rows: (total: number): string => `${formatCount(total)} ${total === 1 ? 'row' : 'rows'}`,
  scoped: (count: number): string =>
    count === 1
      ? 'in the one namespace that you may see'
      : `in the ${formatCount(count)} namespaces that you may see`,

  loading: 'Loading',
  emptyTitle: (kind: string): string => `No ${kind} here`,
  emptyCluster: 'The cluster has none, and this page will show the first one as soon as there is one.',
  emptyNamespaces: (namespaces: string): string =>
    `None in ${namespaces}. This page will show the first one as soon as there is one.`,
  showAll: 'Show all namespaces',
  noMatchTitle: 'Nothing matches the filter',
  noMatch: (filter: string): string => `No object matches “${filter}” in the namespaces chosen.`,
  forbiddenTitle: (kind: string): string => `You may not list ${kind}`,
  forbidden:
    'Ask whoever runs this cluster for a role that allows get, list and watch here, or choose a namespace in which you have one.',
  unknownTitle: (kind: string): string => `The cluster serves no “${kind}”`,
  unknown: 'The kind may have been removed, or its API group may be down. Choose another one above.',
  badFilterTitle: 'The filter cannot be understood',
  failedTitle: (kind: string): string => `${kind} cannot be shown`,
  failed: 'The gateway could not read this from the cluster.',

  details: 'Details',
  yaml: 'YAML',
  copyYaml: 'Copy',
  objectGone: 'This object was deleted. What it last was stands below.',
  objectMissing: (name: string): string => `“${name}” is not there`,
  objectMissingHint: 'It was deleted, renamed, or you may not see it.',
  closeDetails: 'Close the details',
} as const;
