import type { PickItem } from '@krateyard/ui/parts/pick-list';
import type { KindSummary } from '../contract/resource-api.ts';
import { strings } from './strings.ts';

type Group = keyof typeof strings.groups;

/** As people think, not as API groups go. What no rule names is custom. */
const BY_GROUP: Readonly<Record<string, Group>> = {
  apps: 'workloads',
  batch: 'workloads',
  autoscaling: 'workloads',
  policy: 'workloads',
  'networking.k8s.io': 'network',
  'gateway.networking.k8s.io': 'network',
  'discovery.k8s.io': 'network',
  'storage.k8s.io': 'storage',
  'snapshot.storage.k8s.io': 'storage',
  'rbac.authorization.k8s.io': 'access',
  'certificates.k8s.io': 'access',
  'authentication.k8s.io': 'access',
  'authorization.k8s.io': 'access',
  'coordination.k8s.io': 'cluster',
  'events.k8s.io': 'cluster',
  'metrics.k8s.io': 'cluster',
  'node.k8s.io': 'cluster',
  'scheduling.k8s.io': 'cluster',
  'apiextensions.k8s.io': 'cluster',
  'apiregistration.k8s.io': 'cluster',
  'admissionregistration.k8s.io': 'cluster',
  'flowcontrol.apiserver.k8s.io': 'cluster',
  'resource.k8s.io': 'cluster',
};

const CORE: Readonly<Record<string, Group>> = {
  pods: 'workloads',
  replicationcontrollers: 'workloads',
  podtemplates: 'workloads',
  services: 'network',
  endpoints: 'network',
  configmaps: 'config',
  secrets: 'config',
  resourcequotas: 'config',
  limitranges: 'config',
  persistentvolumeclaims: 'storage',
  persistentvolumes: 'storage',
  serviceaccounts: 'access',
  nodes: 'cluster',
  namespaces: 'cluster',
  events: 'cluster',
  componentstatuses: 'cluster',
};

const ORDER = Object.keys(strings.groups) as Group[];
/** Most asked for first; the rest of a group by name. */
const FIRST = [
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'services',
  'ingresses',
  'nodes',
  'namespaces',
  'events',
];

export function groupOf(kind: { readonly group: string; readonly resource: string }): Group {
  return (
    (kind.group === '' ? CORE[kind.resource] : BY_GROUP[kind.group]) ??
    (kind.group === '' ? 'config' : 'custom')
  );
}

/** What can be listed, grouped for the kind picker. The same plural in two groups is told apart by its group. */
export function kindItems(kinds: readonly KindSummary[]): readonly PickItem[] {
  const plurals = Map.groupBy(kinds, (kind) => kind.kind);
  return kinds
    .filter((kind) => kind.verbs.includes('list'))
    .map((kind) => ({ kind, group: groupOf(kind) }))
    .toSorted((a, b) => placeOf(a) - placeOf(b) || a.kind.kind.localeCompare(b.kind.kind))
    .map(({ kind, group }) => ({
      value: kind.path,
      label: kind.kind,
      group: strings.groups[group],
      also: [kind.resource, kind.singular, ...kind.shortNames],
      hint:
        (plurals.get(kind.kind)?.length ?? 0) > 1 || group === 'custom'
          ? kind.group || 'core'
          : kind.shortNames[0],
    }));
}

function placeOf({ kind, group }: { kind: KindSummary; group: Group }): number {
  const first = FIRST.indexOf(kind.resource);
  return ORDER.indexOf(group) * 100 + (first === -1 ? FIRST.length : first);
}
