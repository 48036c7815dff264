import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';

export const KUBEVIRT_GROUP = 'kubevirt.io';
export const SUBRESOURCES_GROUP = 'subresources.kubevirt.io';
export const SNAPSHOT_GROUP = 'snapshot.kubevirt.io';
export const INSTANCETYPE_GROUP = 'instancetype.kubevirt.io';

const kubevirt = (resource: string): GroupVersionResource => ({
  group: KUBEVIRT_GROUP,
  version: 'v1',
  resource,
});
const snapshot = (resource: string): GroupVersionResource => ({
  group: SNAPSHOT_GROUP,
  version: 'v1beta1',
  resource,
});

/** KubeVirt's collections that its controllers read and write. */
export const KUBEVIRT = {
  virtualMachines: kubevirt('virtualmachines'),
  instances: kubevirt('virtualmachineinstances'),
  migrations: kubevirt('virtualmachineinstancemigrations'),
  snapshots: snapshot('virtualmachinesnapshots'),
  snapshotContents: snapshot('virtualmachinesnapshotcontents'),
  restores: snapshot('virtualmachinerestores'),
} as const satisfies Record<string, GroupVersionResource>;

/** On launcher pods: the uid of their instance, and the virtual machine's name. */
export const CREATED_BY_LABEL = 'kubevirt.io/created-by';
export const VM_NAME_LABEL = 'vm.kubevirt.io/name';
export const DOMAIN_ANNOTATION = 'kubevirt.io/domain';
/** On the pod that is the target of a migration: the migration's uid. */
export const MIGRATION_LABEL = 'kubevirt.io/migrationJobUID';

const instancetype = (resource: string): GroupVersionResource => ({
  group: INSTANCETYPE_GROUP,
  version: 'v1beta1',
  resource,
});

/** What machines may refer to; KubeVirt lives without. */
export const INSTANCETYPES = {
  clusterTypes: instancetype('virtualmachineclusterinstancetypes'),
  types: instancetype('virtualmachineinstancetypes'),
  clusterPreferences: instancetype('virtualmachineclusterpreferences'),
  preferences: instancetype('virtualmachinepreferences'),
} as const satisfies Record<string, GroupVersionResource>;
