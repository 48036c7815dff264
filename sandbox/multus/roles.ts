import type { KubeObject } from '@krateyard/kube/meta/object';

/** Who may see and make them, by the roles that every namespace has. */
export function multusRoles(): KubeObject[] {
  const verbs = {
    view: ['get', 'list', 'watch'],
    edit: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  };
  return Object.entries(verbs).map(([name, may]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: `net-attach-def-${name}`,
      labels: { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' },
    },
    rules: [{ apiGroups: ['k8s.cni.cncf.io'], resources: ['network-attachment-definitions'], verbs: may }],
  }));
}
