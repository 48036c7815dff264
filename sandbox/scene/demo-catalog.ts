import type { KubeObject } from '@krateyard/kube/meta/object';

const SIZES = [
  ['u1.nano', 1, '512Mi', 'Small things'],
  ['u1.small', 1, '2Gi', 'General, small'],
  ['u1.medium', 1, '4Gi', 'General'],
  ['u1.large', 2, '8Gi', 'General, large'],
  ['cx1.medium', 1, '2Gi', 'Computing'],
  ['m1.large', 2, '16Gi', 'Much memory'],
] as const;

const PREFERENCES = [
  ['alpine', 'Alpine Linux'],
  ['fedora', 'Fedora'],
  ['ubuntu', 'Ubuntu'],
  ['windows.11.virtio', 'Windows 11, virtio drivers'],
] as const;

const described = (name: string, words: string): KubeObject['metadata'] => ({
  name,
  annotations: { 'openshift.io/display-name': words },
});

/** What new machines can be made of: sizes, preferences, and images that were imported before. */
export function demoCatalog(): KubeObject[] {
  return [
    ...SIZES.map(([name, guest, memory, words]) => ({
      apiVersion: 'instancetype.kubevirt.io/v1beta1',
      kind: 'VirtualMachineClusterInstancetype',
      metadata: described(name, words),
      spec: { cpu: { guest }, memory: { guest: memory } },
    })),
    ...PREFERENCES.map(([name, words]) => ({
      apiVersion: 'instancetype.kubevirt.io/v1beta1',
      kind: 'VirtualMachineClusterPreference',
      metadata: described(name, words),
      spec: { devices: { preferredDiskBus: 'virtio', preferredInterfaceModel: 'virtio' } },
    })),
  ];
}
