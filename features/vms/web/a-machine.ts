import type { VmInfo } from '../contract/vm-api.ts';

/** A machine that runs, for tests. */
export function aMachine(more: Partial<VmInfo> = {}): VmInfo {
  return {
    id: 'uid',
    name: 'web',
    namespace: 'a',
    status: 'Running',
    cpu: 1,
    memory: '1Gi',
    nodeName: '',
    ipAddress: '',
    osImage: '',
    createdAt: 1,
    hasGpu: false,
    networks: [],
    disks: [],
    gpus: [],
    ready: true,
    reason: '',
    runStrategy: 'Always',
    phase: 'Running',
    paused: false,
    migratable: true,
    labels: {},
    ...more,
  };
}
