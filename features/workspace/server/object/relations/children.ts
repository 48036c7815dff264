import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';

/** Kinds whose objects a kind's controller makes. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  'apps/deployments': ['apps/v1/replicasets'],
  'apps/replicasets': ['v1/pods'],
  'apps/statefulsets': ['v1/pods', 'apps/v1/controllerrevisions'],
  'apps/daemonsets': ['v1/pods', 'apps/v1/controllerrevisions'],
  'batch/cronjobs': ['batch/v1/jobs'],
  'batch/jobs': ['v1/pods'],
  '/replicationcontrollers': ['v1/pods'],
  '/services': ['discovery.k8s.io/v1/endpointslices'],
  '/nodes': ['v1/pods'],
  '/configmaps': [],
  '/secrets': [],
  '/serviceaccounts': [],
};

/** What a custom resource's controller usually makes. */
const USUAL = [
  'v1/pods',
  'v1/services',
  'v1/configmaps',
  'v1/secrets',
  'v1/serviceaccounts',
  'v1/persistentvolumeclaims',
  'apps/v1/deployments',
  'apps/v1/statefulsets',
  'apps/v1/daemonsets',
  'batch/v1/jobs',
  'batch/v1/cronjobs',
];
/** Each is watched while somebody looks: an operator with a hundred kinds must not start a hundred watches. */
const MOST_OF_GROUP = 8;

/**
 * Kinds among which the children of an object of `kind` are looked for, as `group/version/plural`. For custom kinds the usual
 * ones and those of the same group; what else may own what is not looked for.
 */
export function childKinds(kind: ResourceKind, all: readonly ResourceKind[]): readonly string[] {
  const known = CHILDREN[`${kind.group}/${kind.resource}`];
  if (known) return known;
  if (!kind.group.includes('.') || kind.group.endsWith('.k8s.io')) return [];
  const sameGroup = all
    .filter((other) => other.group === kind.group && other.resource !== kind.resource)
    .filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'))
    .slice(0, MOST_OF_GROUP)
    .map(({ group, version, resource }) => `${group}/${version}/${resource}`);
  return [...sameGroup, ...USUAL];
}
