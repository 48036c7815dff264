import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';

const NAMESPACES = 50;
const namespaceOf = (index: number): string => `team-${index % NAMESPACES}`;
const nameOf = (index: number): string => `machine-${String(index).padStart(5, '0')}`;

function vm(index: number): KubeObject {
  const name = nameOf(index);
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      ...ids(name, index, 'vm'),
      labels: { app: name, 'app.kubernetes.io/part-of': 'fleet', round: '0' },
    },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          domain: {
            cpu: { cores: 2 },
            memory: { guest: '4Gi' },
            devices: {
              disks: [{ name: 'root', disk: { bus: 'virtio' } }],
              interfaces: [{ name: 'default', masquerade: {} }],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [{ name: 'root', persistentVolumeClaim: { claimName: `${name}-root` } }],
        },
      },
    },
    status: { printableStatus: 'Running', ready: true, created: true },
  };
}

function instance(index: number): KubeObject {
  const name = nameOf(index);
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: ids(name, index, 'vmi'),
    spec: vm(index)['spec'],
    status: {
      phase: 'Running',
      nodeName: `node-${index % 40}`,
      interfaces: [
        { name: 'default', ipAddress: '10.1.2.3', ipAddresses: ['10.1.2.3'], mac: '02:00:00:00:00:01' },
      ],
      phaseTransitionTimestamps: [{ phase: 'Running', phaseTransitionTimestamp: '2026-01-01T00:00:00Z' }],
    },
  };
}

function pod(index: number): KubeObject {
  const name = nameOf(index);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...ids(`virt-launcher-${name}`, index, 'pod'),
      labels: { 'kubevirt.io/created-by': `vmi-${index}` },
      annotations: { 'kubevirt.io/domain': name },
    },
    spec: { nodeName: `node-${index % 40}`, containers: [] },
    status: { phase: 'Running' },
  };
}

function claim(index: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: ids(`${nameOf(index)}-root`, index, 'claim'),
    spec: { storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } },
    status: { phase: 'Bound', capacity: { storage: '20Gi' } },
  };
}

function ids(name: string, index: number, kind: string): KubeObject['metadata'] {
  return {
    name,
    namespace: namespaceOf(index),
    uid: `${kind}-${index}`,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
}

const MAKERS: Readonly<Record<string, (index: number) => KubeObject>> = {
  virtualmachines: vm,
  virtualmachineinstances: instance,
  pods: pod,
  persistentvolumeclaims: claim,
};

/** Objects of a fleet of machines by kind; of other kinds (data volumes, Wukongs) there are none. */
export function fleet(count: number): (gvr: GroupVersionResource) => KubeObject[] {
  return ({ resource }) => {
    const make = MAKERS[resource];
    return make ? Array.from({ length: count }, (_, index) => make(index)) : [];
  };
}

/** One of the parts of machine `index`, changed for the `round`th time. */
export function changed(
  index: number,
  round: number,
): { readonly resource: string; readonly object: KubeObject } {
  const resource = ['virtualmachines', 'virtualmachineinstances', 'pods', 'persistentvolumeclaims'][
    round % 4
  ]!;
  const object = MAKERS[resource]!(index);
  const metadata = {
    ...object.metadata,
    resourceVersion: String(round + 2),
    labels: { ...object.metadata.labels, round: String(round) },
  };
  return { resource, object: { ...object, metadata } };
}
