import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';

export const WUKONG_GROUP = 'vm.novasphere.dev';

const wukong = (resource: string): GroupVersionResource => ({
  group: WUKONG_GROUP,
  version: 'v1alpha1',
  resource,
});

export const WUKONG = {
  wukongs: wukong('wukongs'),
  snapshots: wukong('wukongsnapshots'),
} as const satisfies Record<string, GroupVersionResource>;

/** CDI's, read and written where it is served. */
export const DATA_VOLUMES: GroupVersionResource = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  resource: 'datavolumes',
};

/** On everything that the operator makes: the Wukong's name. */
export const WUKONG_LABEL = 'vm.novasphere.dev/wukong';
export const WUKONG_FINALIZER = 'wukong.novasphere.dev/finalizer';
export const WUKONG_API_VERSION = `${WUKONG_GROUP}/v1alpha1`;
