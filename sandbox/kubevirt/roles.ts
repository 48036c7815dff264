import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  INSTANCETYPE_GROUP,
  KUBEVIRT_GROUP,
  SNAPSHOT_GROUP,
  SUBRESOURCES_GROUP,
} from './kubevirt-resources.ts';

const READ = ['get', 'list', 'watch'];
const WRITE = ['get', 'delete', 'create', 'update', 'patch', 'list', 'watch'];
const MACHINES = ['virtualmachines', 'virtualmachineinstances', 'virtualmachineinstancemigrations'];
const CLUSTER_TYPES = ['virtualmachineclusterinstancetypes', 'virtualmachineclusterpreferences'];
const TYPES = ['virtualmachineinstancetypes', 'virtualmachinepreferences', ...CLUSTER_TYPES];
const SNAPSHOTS = ['virtualmachinesnapshots', 'virtualmachinesnapshotcontents', 'virtualmachinerestores'];

/** What reads from an instance, and what changes it or shows its screen: a viewer has neither of the latter. */
const LOOK = ['guestosinfo', 'filesystemlist', 'userlist'].map((name) => `virtualmachineinstances/${name}`);
const SCREEN = ['console', 'vnc', 'vnc/screenshot', 'portforward'].map(
  (name) => `virtualmachineinstances/${name}`,
);
const POWER = [
  ...['pause', 'unpause', 'reset', 'softreboot'].map((name) => `virtualmachineinstances/${name}`),
  ...['start', 'stop', 'restart', 'migrate'].map((name) => `virtualmachines/${name}`),
];

/** KubeVirt's ClusterRoles, which aggregate into view, edit and admin. */
export function kubevirtRoles(): KubeObject[] {
  const look = { apiGroups: [SUBRESOURCES_GROUP], resources: LOOK, verbs: ['get'] };
  const use = [
    { apiGroups: [SUBRESOURCES_GROUP], resources: SCREEN, verbs: ['get'] },
    { apiGroups: [SUBRESOURCES_GROUP], resources: POWER, verbs: ['update'] },
    look,
  ];
  return [
    instancetypeView(),
    role('view', [
      { apiGroups: [KUBEVIRT_GROUP], resources: MACHINES, verbs: READ },
      { apiGroups: [SNAPSHOT_GROUP], resources: SNAPSHOTS, verbs: READ },
      { apiGroups: [INSTANCETYPE_GROUP], resources: TYPES, verbs: READ },
      look,
    ]),
    ...['edit', 'admin'].map((name) =>
      role(name, [
        { apiGroups: [KUBEVIRT_GROUP], resources: MACHINES, verbs: WRITE },
        { apiGroups: [SNAPSHOT_GROUP], resources: SNAPSHOTS, verbs: WRITE },
        { apiGroups: [INSTANCETYPE_GROUP], resources: TYPES, verbs: WRITE },
        ...use,
      ]),
    ),
  ];
}

function role(name: string, rules: readonly object[]): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name: `kubevirt.io:${name}`,
      labels: { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' },
    },
    rules,
  };
}

/** Everybody who is somebody may see the instance types for all namespaces; see kubevirtBindings. */
function instancetypeView(): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'instancetype.kubevirt.io:view' },
    rules: [{ apiGroups: [INSTANCETYPE_GROUP], resources: CLUSTER_TYPES, verbs: READ }],
  };
}

/** As KubeVirt binds it. */
export function kubevirtBindings(): KubeObject[] {
  const name = 'instancetype.kubevirt.io:view';
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:authenticated' }],
    },
  ];
}
