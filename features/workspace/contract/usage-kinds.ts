/** What usage can be asked of: pods and nodes have it; of these others it is the sum of their pods. */
export const USAGE_KINDS = [
  'pods',
  'nodes',
  'namespaces',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'jobs',
] as const;
