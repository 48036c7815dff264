import type { KubeObject } from '@krateyard/kube/meta/object';
import type { PolicyRule } from './rbac-rules.ts';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';

const rule = (apiGroups: string[], resources: string[], verbs: string[]): PolicyRule => ({
  apiGroups,
  resources,
  verbs,
});
const paths = (...nonResourceURLs: string[]): PolicyRule => ({ nonResourceURLs, verbs: ['get'] });

const WORKLOADS: readonly (readonly [group: string, resources: string[]])[] = [
  [
    'apps',
    [
      'daemonsets',
      'deployments',
      'deployments/rollback',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  ],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['batch', ['cronjobs', 'jobs']],
  ['networking.k8s.io', ['ingresses', 'networkpolicies']],
  ['policy', ['poddisruptionbudgets']],
  [
    '',
    [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'serviceaccounts',
      'services',
    ],
  ],
];

const VIEW: PolicyRule[] = [
  ...WORKLOADS.map(([group, resources]) => rule([group], resources, READ)),
  rule(
    [''],
    [
      'bindings',
      'events',
      'limitranges',
      'namespaces',
      'namespaces/status',
      'pods/log',
      'pods/status',
      'resourcequotas',
      'resourcequotas/status',
      'persistentvolumeclaims/status',
      'services/status',
    ],
    READ,
  ),
  rule(
    ['apps'],
    [
      'controllerrevisions',
      'daemonsets/status',
      'deployments/status',
      'replicasets/status',
      'statefulsets/status',
    ],
    READ,
  ),
  rule(['batch'], ['cronjobs/status', 'jobs/status'], READ),
  rule(['discovery.k8s.io'], ['endpointslices'], READ),
  rule(['events.k8s.io'], ['events'], READ),
];

const EDIT: PolicyRule[] = [
  rule(
    [''],
    ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'],
    READ,
  ),
  rule([''], ['pods/eviction', 'serviceaccounts/token'], ['create']),
  rule([''], ['serviceaccounts'], ['impersonate']),
  rule(
    [''],
    ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy', 'events'],
    WRITE,
  ),
  ...WORKLOADS.map(([group, resources]) => rule([group], resources, WRITE)),
  rule(['coordination.k8s.io'], ['leases'], [...READ, ...WRITE]),
];

const ADMIN: PolicyRule[] = [
  rule(['authorization.k8s.io'], ['localsubjectaccessreviews'], ['create']),
  rule(['rbac.authorization.k8s.io'], ['rolebindings', 'roles'], [...READ, ...WRITE]),
];

/** The rights of the gateway: it reads for everybody, and does everything else as somebody. */
const GATEWAY: PolicyRule[] = [
  rule(['*'], ['*'], READ),
  { nonResourceURLs: ['*'], verbs: ['get'] },
  rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
  rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
  rule([''], ['users', 'groups', 'serviceaccounts'], ['impersonate']),
  // Extras are subresources named by their keys, which nobody knows beforehand.
  rule(['authentication.k8s.io'], ['*'], ['impersonate']),
];

/** The ClusterRoles that every cluster has, and the gateway's. */
export const DEFAULT_CLUSTER_ROLES: readonly KubeObject[] = [
  role('cluster-admin', [rule(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }]),
  role('system:discovery', [
    paths(
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/healthz',
      '/livez',
      '/openapi',
      '/openapi/*',
      '/readyz',
      '/version',
      '/version/',
    ),
  ]),
  role('system:public-info-viewer', [paths('/healthz', '/livez', '/readyz', '/version', '/version/')]),
  role('system:basic-user', [
    rule(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
    rule(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
  ]),
  role('system:auth-delegator', [
    rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
    rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
  ]),
  role('system:aggregate-to-view', VIEW, { [`${AGGREGATE}view`]: 'true' }),
  role('system:aggregate-to-edit', EDIT, { [`${AGGREGATE}edit`]: 'true' }),
  role('system:aggregate-to-admin', ADMIN, { [`${AGGREGATE}admin`]: 'true' }),
  role('system:metrics-reader', [rule(['metrics.k8s.io'], ['pods', 'nodes'], READ)], {
    [`${AGGREGATE}view`]: 'true',
  }),
  aggregated('view', { [`${AGGREGATE}edit`]: 'true' }),
  aggregated('edit', { [`${AGGREGATE}admin`]: 'true' }),
  aggregated('admin'),
  role('krateyard:gateway', GATEWAY),
];

export const DEFAULT_CLUSTER_ROLE_BINDINGS: readonly KubeObject[] = [
  binding('cluster-admin', 'cluster-admin', group('system:masters')),
  binding('system:discovery', 'system:discovery', group('system:authenticated')),
  binding('system:basic-user', 'system:basic-user', group('system:authenticated')),
  binding(
    'system:public-info-viewer',
    'system:public-info-viewer',
    group('system:authenticated'),
    group('system:unauthenticated'),
  ),
  binding('krateyard:gateway', 'krateyard:gateway', {
    kind: 'ServiceAccount',
    name: 'gateway',
    namespace: 'krateyard',
  }),
];

function role(name: string, rules: readonly PolicyRule[], labels: Record<string, string> = {}): KubeObject {
  return { metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels } }, rules };
}

function aggregated(name: string, labels: Record<string, string> = {}): KubeObject {
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE}${name}`]: 'true' } }] };
  return { ...role(name, [], labels), aggregationRule };
}

function binding(name: string, roleName: string, ...subjects: object[]): KubeObject {
  return {
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
    subjects,
  };
}

function group(name: string): object {
  return { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name };
}
