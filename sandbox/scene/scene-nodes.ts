import type { KubeObject } from '@krateyard/kube/meta/object';

export interface NodeWish {
  readonly name: string;
  readonly index: number;
  readonly cpu: number;
  readonly memoryGi: number;
  readonly pods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { key: string; value?: string; effect: string }[];
  readonly unschedulable?: boolean;
  readonly pressure?: 'MemoryPressure' | 'DiskPressure';
  /** Bits of the pod network's prefix. */
  readonly prefix?: number;
}

/** A node as its kubelet registers it; the heartbeats come from life. */
export function nodeObject(wish: NodeWish): KubeObject {
  const { name, index, cpu, memoryGi, pods = 110, labels, taints, unschedulable, pressure } = wish;
  const size = { pods: String(pods), 'ephemeral-storage': '102350Mi', 'hugepages-2Mi': '0' };
  const address = `172.18.${Math.floor((index + 2) / 256)}.${(index + 2) % 256}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/region': 'eu-north',
        'topology.kubernetes.io/zone': `eu-north-${'abc'[index % 3]}`,
        'node.kubernetes.io/instance-type': `m${cpu}.${memoryGi}`,
        ...labels,
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: {
      podCIDR: podCidr(index, wish.prefix ?? 24),
      podCIDRs: [podCidr(index, wish.prefix ?? 24)],
      providerID: `sandbox://krateyard/${name}`,
      ...(taints && { taints }),
      ...(unschedulable && { unschedulable }),
    },
    status: {
      capacity: { ...size, cpu: String(cpu), memory: `${memoryGi * 1024 * 1024}Ki` },
      allocatable: { ...size, cpu: `${cpu * 1000 - 100}m`, memory: `${memoryGi * 1024 * 1024 - 524_288}Ki` },
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      ...(pressure && { conditions: [underPressure(pressure)] }),
      nodeInfo: nodeInfo(name),
    },
  };
}

function podCidr(index: number, prefix: number): string {
  const start = 10 * 2 ** 24 + 64 * 2 ** 16 + index * 2 ** (32 - prefix);
  return `${[24, 16, 8, 0].map((shift) => (start >>> shift) & 255).join('.')}/${prefix}`;
}

function underPressure(type: string): object {
  const [reason, message] =
    type === 'DiskPressure'
      ? ['KubeletHasDiskPressure', 'kubelet has disk pressure']
      : ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'];
  return { type, status: 'True', reason, message };
}

function nodeInfo(name: string): object {
  return {
    architecture: 'amd64',
    bootID: `boot-${name}`,
    containerRuntimeVersion: 'containerd://2.1.4',
    kernelVersion: '6.12.48+sandbox-amd64',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.34.4',
    machineID: `machine-${name}`,
    operatingSystem: 'linux',
    osImage: 'Krateyard sandbox (simulated)',
    systemUUID: `system-${name}`,
    swap: {},
  };
}
