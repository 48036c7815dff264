import type { KubeObject } from '@krateyard/kube/meta/object';
import { ownerReference } from '../life/pod-state.ts';
import type { Pod } from '../life/pod-types.ts';
import { quantity } from '../life/quantity.ts';
import { CREATED_BY_LABEL, DOMAIN_ANNOTATION, MIGRATION_LABEL, VM_NAME_LABEL } from './kubevirt-resources.ts';
import type { Instance } from './vm-types.ts';

const IMAGE = 'quay.io/kubevirt/virt-launcher:v1.7.0';
const MI = 1024 * 1024;
/** What virt-launcher, libvirt and QEMU need beside the guest's memory, about. */
const OVERHEAD_MI = 224;
/** KubeVirt's default `cpuAllocationRatio` of 10: a tenth of a CPU is asked for each of the guest's. */
const MILLICORES_PER_CPU = 100;
const DEFAULT_MEMORY = '256Mi';

/** CPUs of the guest. */
export function cpusOf({ spec }: Instance): number {
  const { cores = 1, sockets = 1, threads = 1 } = spec.domain?.cpu ?? {};
  return cores * sockets * threads;
}

export function memoryOf({ spec }: Instance): string {
  const { memory, resources } = spec.domain ?? {};
  return memory?.guest ?? String(resources?.requests?.['memory'] ?? DEFAULT_MEMORY);
}

/** The pod that runs an instance; with a migration, the one that it moves to. */
export function launcherPod(instance: Instance, migration?: { uid: string; sourceNode: string }): Pod {
  const { name = '', namespace = '', labels = {}, uid = '' } = instance.metadata;
  const devices = devicesOf(instance);
  const memory = Math.ceil(quantity(memoryOf(instance)) / MI) + OVERHEAD_MI;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `virt-launcher-${name.slice(0, 45)}-`,
      namespace,
      labels: {
        ...labels,
        'kubevirt.io': 'virt-launcher',
        [CREATED_BY_LABEL]: uid,
        [VM_NAME_LABEL]: name.slice(0, 63),
        ...(migration && { [MIGRATION_LABEL]: migration.uid }),
      },
      annotations: { [DOMAIN_ANNOTATION]: name, ...attachmentsOf(instance) },
      ownerReferences: [ownerReference(instance, 'kubevirt.io/v1', 'VirtualMachineInstance')],
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: (instance.spec.terminationGracePeriodSeconds ?? 30) + 15,
      enableServiceLinks: false,
      containers: [
        {
          name: 'compute',
          image: IMAGE,
          command: ['/usr/bin/virt-launcher-monitor', '--name', name, '--uid', uid, '--namespace', namespace],
          resources: {
            requests: {
              cpu: `${cpusOf(instance) * MILLICORES_PER_CPU}m`,
              memory: `${memory}Mi`,
              ...devices,
            },
            ...(Object.keys(devices).length > 0 && { limits: devices }),
          },
        },
      ],
      ...(instance.spec.nodeSelector && { nodeSelector: instance.spec.nodeSelector }),
      ...(instance.spec.tolerations !== undefined && {
        tolerations: instance.spec.tolerations as Pod['spec']['tolerations'],
      }),
      ...(migration
        ? { affinity: awayFrom(migration.sourceNode) }
        : instance.spec.affinity !== undefined && { affinity: instance.spec.affinity }),
    },
  } satisfies KubeObject as Pod;
}

/** How many of each device the pod must get from its node's device plug-ins. */
function devicesOf({ spec }: Instance): Record<string, string> {
  const { gpus = [], hostDevices = [] } = spec.domain?.devices ?? {};
  const counts = new Map<string, number>();
  for (const { deviceName } of [...gpus, ...hostDevices])
    counts.set(deviceName, (counts.get(deviceName) ?? 0) + 1);
  return Object.fromEntries(Array.from(counts, ([name, count]) => [name, String(count)]));
}

/** What Multus is to join the pod to, as KubeVirt tells it. */
function attachmentsOf({ spec, metadata }: Instance): Record<string, string> {
  const wanted = (spec.networks ?? []).flatMap(({ name, multus }) => {
    if (!multus) return [];
    const [one = '', other] = multus.networkName.split('/');
    const mac = spec.domain?.devices?.interfaces?.find((each) => each.name === name)?.macAddress;
    return [
      { name: other ?? one, namespace: other === undefined ? metadata.namespace : one, ...(mac && { mac }) },
    ];
  });
  return wanted.length === 0 ? {} : { 'k8s.v1.cni.cncf.io/networks': JSON.stringify(wanted) };
}

function awayFrom(node: string): object {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'NotIn', values: [node] }];
  const nodeSelectorTerms = [{ matchExpressions }];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
