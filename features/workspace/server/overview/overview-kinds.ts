import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { deriveCertificate, deriveNamespace, deriveNode, deriveQuota } from './cluster-findings.ts';
import type { Derive } from './finding.ts';
import { derivePod } from './pod-findings.ts';
import { deriveClaim, deriveDeployment, deriveJob } from './workload-findings.ts';

/** One kind that the overview is made of. */
export interface OverviewKind {
  readonly name: OverviewKindName;
  readonly gvr: GroupVersionResource;
  /** Path of the kind in the API of the room. */
  readonly path: string;
  readonly kindName: string;
  readonly namespaced: boolean;
  readonly derive?: Derive;
  /** May be absent from a cluster, which then lacks nothing. */
  readonly optional?: boolean;
}

export type OverviewKindName =
  | 'pods'
  | 'nodes'
  | 'events'
  | 'deployments'
  | 'statefulsets'
  | 'daemonsets'
  | 'jobs'
  | 'claims'
  | 'quotas'
  | 'namespaces'
  | 'certificates';

const core = (resource: string): GroupVersionResource => ({ group: '', version: 'v1', resource });
const apps = (resource: string): GroupVersionResource => ({ group: 'apps', version: 'v1', resource });

export const OVERVIEW_KINDS: readonly OverviewKind[] = [
  { name: 'pods', gvr: core('pods'), path: 'pods', kindName: 'Pod', namespaced: true, derive: derivePod },
  {
    name: 'nodes',
    gvr: core('nodes'),
    path: 'v1/nodes',
    kindName: 'Node',
    namespaced: false,
    derive: deriveNode,
  },
  { name: 'events', gvr: core('events'), path: 'events', kindName: 'Event', namespaced: true },
  {
    name: 'deployments',
    gvr: apps('deployments'),
    path: 'deployments',
    kindName: 'Deployment',
    namespaced: true,
    derive: deriveDeployment,
  },
  {
    name: 'statefulsets',
    gvr: apps('statefulsets'),
    path: 'statefulsets',
    kindName: 'StatefulSet',
    namespaced: true,
  },
  {
    name: 'daemonsets',
    gvr: apps('daemonsets'),
    path: 'daemonsets',
    kindName: 'DaemonSet',
    namespaced: true,
  },
  {
    name: 'jobs',
    gvr: { group: 'batch', version: 'v1', resource: 'jobs' },
    path: 'batch/v1/jobs',
    kindName: 'Job',
    namespaced: true,
    derive: deriveJob,
  },
  {
    name: 'claims',
    gvr: core('persistentvolumeclaims'),
    path: 'pvcs',
    kindName: 'PersistentVolumeClaim',
    namespaced: true,
    derive: deriveClaim,
  },
  {
    name: 'quotas',
    gvr: core('resourcequotas'),
    path: 'v1/resourcequotas',
    kindName: 'ResourceQuota',
    namespaced: true,
    derive: deriveQuota,
  },
  {
    name: 'namespaces',
    gvr: core('namespaces'),
    path: 'namespaces',
    kindName: 'Namespace',
    namespaced: false,
    derive: deriveNamespace,
  },
  {
    name: 'certificates',
    gvr: { group: 'cert-manager.io', version: 'v1', resource: 'certificates' },
    path: 'cert-manager.io/v1/certificates',
    kindName: 'Certificate',
    namespaced: true,
    derive: deriveCertificate,
    optional: true,
  },
];

/** Known for what claims wait for; never shown. */
export const STORAGE_CLASSES: GroupVersionResource = {
  group: 'storage.k8s.io',
  version: 'v1',
  resource: 'storageclasses',
};

export const overviewKind = (name: OverviewKindName): OverviewKind =>
  OVERVIEW_KINDS.find((kind) => kind.name === name)!;
