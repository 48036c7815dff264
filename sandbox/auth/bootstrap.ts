import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LocalClient } from '../api/local-client.ts';
import { DEFAULT_CLUSTER_ROLES, DEFAULT_CLUSTER_ROLE_BINDINGS } from './default-roles.ts';
import { CLUSTER_ROLES, aggregatedRules } from './role-aggregation.ts';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' } as const;
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
export async function bootstrapCluster(client: LocalClient): Promise<void> {
  for (const name of FIRST_NAMESPACES)
    await client.create(NAMESPACES, { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } });
  for (const role of withAggregatedRules(DEFAULT_CLUSTER_ROLES)) await client.create(CLUSTER_ROLES, role);
  for (const binding of DEFAULT_CLUSTER_ROLE_BINDINGS) await client.create(BINDINGS, binding);
  for (const { namespace, person, role } of PEOPLES_RIGHTS)
    await client.create(ROLE_BINDINGS, {
      metadata: { name: `${person}-${role}`, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: person }],
    });
}

/** So that nobody has to wait for the first aggregation; in the order in which the roles build on each other. */
function withAggregatedRules(roles: readonly KubeObject[]): KubeObject[] {
  const done = [...roles];
  for (const [index, role] of done.entries())
    if (role['aggregationRule'] !== undefined) done[index] = { ...role, rules: aggregatedRules(role, done) };
  return done;
}
