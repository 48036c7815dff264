import type { KubeObject } from '@krateyard/kube/meta/object';
import { CDI_GROUP } from './cdi-resources.ts';

const RESOURCES = ['datavolumes', 'datasources'];
const VERBS = {
  view: ['get', 'list', 'watch'],
  edit: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
  admin: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
} as const;

/** CDI's ClusterRoles, which aggregate into view, edit and admin. */
export function cdiRoles(): KubeObject[] {
  return Object.entries(VERBS).map(([name, verbs]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: `cdi.kubevirt.io:${name}`,
      labels: { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' },
    },
    rules: [{ apiGroups: [CDI_GROUP], resources: RESOURCES, verbs: [...verbs] }],
  }));
}
