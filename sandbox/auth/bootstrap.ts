import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LocalClient } from '../api/local-client.ts';
import type { ResourceRegistry } from '../api/resource-registry.ts';
import { DEFAULT_CLUSTER_ROLES, DEFAULT_CLUSTER_ROLE_BINDINGS } from './default-roles.ts';
import { CLUSTER_ROLES, aggregatedRules } from './role-aggregation.ts';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' } as const;
const SERVICES = { group: '', version: 'v1', resource: 'services' } as const;
const API_SERVICES = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' } as const;
const BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterrolebindings',
} as const;

const ROLE_BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'rolebindings',
} as const;

const FIRST_NAMESPACES = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
  'krateyard',
  'team-a',
  'team-b',
];

/** Who of the sandbox's people may do what where; admin may do everything and carol nothing. */
const PEOPLES_RIGHTS = [
  { namespace: 'team-a', person: 'alice', role: 'edit' },
  { namespace: 'team-b', person: 'bob', role: 'view' },
] as const;

/** What every cluster has before anybody comes: the system's namespaces, roles and bindings. */
export async function bootstrapCluster(
  client: LocalClient,
  registry: ResourceRegistry,
  now: string,
): Promise<void> {
  for (const name of FIRST_NAMESPACES)
    await client.create(NAMESPACES, { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } });
  await client.create(SERVICES, KUBERNETES_SERVICE);
  for (const group of ['', ...registry.groups()])
    for (const version of registry.versionsOf(group) ?? []) {
      const { metadata } = await client.create(API_SERVICES, apiService(group, version));
      const conditions = [{ ...AVAILABLE, lastTransitionTime: now }];
      await client.patch(API_SERVICES, metadata.name ?? '', undefined, { status: { conditions } }, 'status');
    }
  for (const role of withAggregatedRules(DEFAULT_CLUSTER_ROLES)) await client.create(CLUSTER_ROLES, role);
  for (const binding of DEFAULT_CLUSTER_ROLE_BINDINGS) await client.create(BINDINGS, binding);
  for (const { namespace, person, role } of PEOPLES_RIGHTS)
    await client.create(ROLE_BINDINGS, {
      metadata: { name: `${person}-${role}`, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: person }],
    });
}

/** The API server as pods see it. */
const KUBERNETES_SERVICE: KubeObject = {
  metadata: {
    name: 'kubernetes',
    namespace: 'default',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }] },
};

const AVAILABLE = {
  type: 'Available',
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
} as const;

function apiService(group: string, version: string): KubeObject {
  return {
    metadata: {
      name: `${version}.${group}`,
      labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' },
    },
    spec: { ...(group !== '' && { group }), version, groupPriorityMinimum: 17_000, versionPriority: 15 },
  };
}

/** So that nobody has to wait for the first aggregation; in the order in which the roles build on each other. */
function withAggregatedRules(roles: readonly KubeObject[]): KubeObject[] {
  const done = [...roles];
  for (const [index, role] of done.entries())
    if (role['aggregationRule'] !== undefined) done[index] = { ...role, rules: aggregatedRules(role, done) };
  return done;
}
