import type { KubeObject } from '@krateyard/kube/meta/object';
import { named } from './manifests.ts';

/** Machines whose owner is a Wukong: one that is on, with a disk and a second network, and one that is off. */
export function demoWukongs(): KubeObject[] {
  return [
    named('vm.novasphere.dev/v1alpha1', 'Wukong', 'team-a', 'erp', {
      spec: {
        cpu: 2,
        memory: '4Gi',
        osImage: 'registry.yard.example/images/erp:7',
        disks: [{ name: 'data', size: '20Gi', storageClassName: 'standard' }],
        networks: [{ name: 'lan', type: 'bridge', ipConfig: { mode: 'dhcp' } }],
        startStrategy: { autoStart: true, runStrategy: 'RerunOnFailure' },
      },
    }),
    named('vm.novasphere.dev/v1alpha1', 'Wukong', 'team-b', 'archive', {
      spec: {
        cpu: 1,
        memory: '1Gi',
        osImage: 'registry.yard.example/images/archive:2',
        startStrategy: { autoStart: false },
      },
    }),
  ];
}
