import type { KubeObject } from '@krateyard/kube/meta/object';
import type { RunStrategy } from '../kubevirt/vm-types.ts';
import { named } from './manifests.ts';

interface Wish {
  readonly namespace: string;
  readonly name: string;
  readonly runStrategy: RunStrategy;
  readonly cores: number;
  readonly memory: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly volumes?: readonly object[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** Virtual machines of the teams: some on, some off, one that fits nowhere and one whose disk is missing. */
export function demoMachines(): KubeObject[] {
  return [
    machine({ namespace: 'team-a', name: 'build-agent', runStrategy: 'Always', cores: 2, memory: '2Gi' }),
    machine({
      namespace: 'team-a',
      name: 'legacy-crm',
      runStrategy: 'RerunOnFailure',
      cores: 1,
      memory: '1Gi',
    }),
    machine({ namespace: 'team-a', name: 'spare', runStrategy: 'Manual', cores: 1, memory: '512Mi' }),
    machine({ namespace: 'team-b', name: 'jump-host', runStrategy: 'Always', cores: 1, memory: '512Mi' }),
    machine({ namespace: 'team-b', name: 'old-wiki', runStrategy: 'Halted', cores: 2, memory: '4Gi' }),
    machine({
      namespace: 'platform',
      name: 'render',
      runStrategy: 'Always',
      cores: 4,
      memory: '8Gi',
      nodeSelector: { 'nvidia.com/gpu.product': 'L40S' },
    }),
    machine({
      namespace: 'platform',
      name: 'gitlab-runner',
      runStrategy: 'Always',
      cores: 2,
      memory: '2Gi',
      volumes: [{ name: 'cache', persistentVolumeClaim: { claimName: 'runner-cache' } }],
    }),
  ];
}

function machine(wish: Wish): KubeObject {
  const { namespace, name, runStrategy, cores, memory, labels, volumes = [], nodeSelector } = wish;
  const disks = [{ name: 'root' }, ...(volumes as { name: string }[])].map((volume) => ({
    name: volume.name,
    disk: { bus: 'virtio' },
  }));
  return named('kubevirt.io/v1', 'VirtualMachine', namespace, name, {
    spec: {
      runStrategy,
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': name, ...labels } },
        spec: {
          domain: {
            cpu: { cores },
            memory: { guest: memory },
            devices: { disks, interfaces: [{ name: 'default', masquerade: {} }] },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [
            { name: 'root', containerDisk: { image: `registry.yard.example/images/${name}:1` } },
            ...volumes,
          ],
          terminationGracePeriodSeconds: 30,
          ...(nodeSelector && { nodeSelector }),
        },
      },
    },
  });
}
