import type { KubeObject } from '@krateyard/kube/meta/object';
import { WUKONG_GROUP } from './wukong-resources.ts';

const RESOURCES = ['wukongs', 'wukongsnapshots'];
const VERBS = {
  view: ['get', 'list', 'watch'],
  edit: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
} as const;

/** What viewers and editors of a namespace may do with its Wukongs; admin has what edit has. */
export function wukongRoles(): KubeObject[] {
  return Object.entries(VERBS).map(([name, verbs]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: `wukong-${name}`,
      labels: { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' },
    },
    rules: [{ apiGroups: [WUKONG_GROUP], resources: RESOURCES, verbs: [...verbs] }],
  }));
}
