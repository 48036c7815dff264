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

const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'krateyard'];

/** What every cluster has before anybody comes: the system's namespaces, roles and bindings. */
export async function bootstrapCluster(client: LocalClient): Promise<void> {
  for (const name of FIRST_NAMESPACES)
    await client.create(NAMESPACES, { metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } });
  for (const role of withAggregatedRules(DEFAULT_CLUSTER_ROLES)) await client.create(CLUSTER_ROLES, role);
  for (const binding of DEFAULT_CLUSTER_ROLE_BINDINGS) await client.create(BINDINGS, binding);
}

/** So that nobody has to wait for the first aggregation; in the order in which the roles build on each other. */
function withAggregatedRules(roles: readonly KubeObject[]): KubeObject[] {
  const done = [...roles];
  for (const [index, role] of done.entries())
    if (role['aggregationRule'] !== undefined) done[index] = { ...role, rules: aggregatedRules(role, done) };
  return done;
}
