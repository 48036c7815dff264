import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anything, assert as holds, property, record } from 'fast-check';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { cloneless } from './cloneless.ts';
import type { Claim, Instance, VirtualMachine, Wukong } from './machine-types.ts';
import { snapshotInfo, type WukongSnapshot } from './snapshot-view.ts';
import { vmInfo, vmStats } from './vm-view.ts';

const VM: VirtualMachine = {
  metadata: {
    name: 'db-vm',
    namespace: 'team-a',
    uid: 'u1',
    creationTimestamp: '2026-01-02T03:04:05Z',
    ownerReferences: [{ apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', name: 'db', uid: 'w1' }],
  },
  spec: {
    runStrategy: 'Always',
    template: {
      spec: {
        domain: {
          cpu: { cores: 2, sockets: 2 },
          memory: { guest: '1536Mi' },
          devices: {
            disks: [{ name: 'root' }, { name: 'data' }],
            interfaces: [
              { name: 'default', masquerade: {} },
              { name: 'lan', bridge: {} },
            ],
            gpus: [{ name: 'g', deviceName: 'nvidia.com/L40S' }],
          },
        },
        volumes: [
          { name: 'root', containerDisk: { image: 'img:1' } },
          { name: 'data', persistentVolumeClaim: { claimName: 'db-data' } },
        ],
      },
    },
  },
  status: { printableStatus: 'Running', ready: true },
};

const INSTANCE: Instance = {
  metadata: { name: 'db-vm', namespace: 'team-a', uid: 'i1' },
  status: {
    phase: 'Running',
    nodeName: 'n1',
    interfaces: [
      {
        name: 'lan',
        mac: '02:00',
        ipAddress: '10.0.0.7',
        ipAddresses: ['10.0.0.7', 'fe80::7'],
        infoSource: 'guest-agent',
      },
    ],
    phaseTransitionTimestamps: [{ phase: 'Running', phaseTransitionTimestamp: '2026-01-02T04:00:00Z' }],
  },
};

const CLAIM: Claim = {
  metadata: { name: 'db-data' },
  spec: { storageClassName: 'fast', resources: { requests: { storage: '5Gi' } } },
  status: { capacity: { storage: '6Gi' } },
};

test('[VM1] a machine is one of all its parts', () => {
  const pod: KubeObject = { metadata: { name: 'virt-launcher-db-vm-x' } };
  const info = vmInfo({
    vm: VM,
    instance: INSTANCE,
    pod,
    claim: (name) => (name === 'db-data' ? CLAIM : undefined),
    owner: { name: 'db', wukong: undefined },
  });
  assert.deepEqual(
    [info.cpu, info.memory, info.nodeName, info.ipAddress, info.wukong, info.pod, info.hasGpu, info.status],
    [4, '1536Mi', 'n1', '10.0.0.7', 'db', 'virt-launcher-db-vm-x', true, 'Running'],
  );
  assert.deepEqual(
    info.networks.map(({ name, mode, ipAddress, source }) => [name, mode, ipAddress, source]),
    [
      ['default', 'masquerade', '', ''],
      ['lan', 'bridge', '10.0.0.7', 'guest-agent'],
    ],
  );
  assert.deepEqual(info.disks, [
    { name: 'root', size: '', storageClassName: '', boot: true, image: 'img:1' },
    { name: 'data', size: '6Gi', storageClassName: 'fast', boot: false, claim: 'db-data' },
  ]);
  assert.equal(info.startedAt, Date.parse('2026-01-02T04:00:00Z'));
  assert.deepEqual(
    vmStats([info, { ...info, status: 'ErrorUnschedulable' }, { ...info, status: 'Starting' }]),
    {
      total: 3,
      running: 1,
      stopped: 0,
      error: 1,
      pending: 1,
      totalCpu: 12,
      totalMemory: '5Gi',
    },
  );
});

test('[VM8] why a machine does not run is told in KubeVirt’s own words', () => {
  const scheduled = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message: '0/3 nodes fit',
  };
  const info = vmInfo({
    vm: { ...VM, status: { printableStatus: 'ErrorUnschedulable' } },
    instance: { ...INSTANCE, status: { phase: 'Scheduling', conditions: [scheduled] } },
    pod: undefined,
    claim: () => undefined,
  });
  assert.equal(info.reason, '0/3 nodes fit');
});

test('[VM8] whatever is missing, the answer has every field and nothing invented', () => {
  const parts = { vm: { metadata: {} }, instance: undefined, pod: undefined, claim: () => undefined };
  const bare = vmInfo(parts);
  assert.deepEqual(
    [bare.status, bare.ipAddress, bare.disks, bare.networks, bare.runStrategy, bare.startedAt],
    ['Unknown', '', [], [], 'Halted', undefined],
  );
  const byType = vmInfo({ ...parts, vm: { metadata: {}, spec: { instancetype: { name: 'u1.small' } } } });
  assert.deepEqual([byType.cpu, byType.memory, byType.instancetype], [0, '', 'u1.small']);
  holds(
    property(record({ status: anything(), extra: anything() }), ({ status, extra }) => {
      const odd = {
        metadata: { name: 'x' },
        spec: {},
        other: extra,
        told: status,
      } as unknown as VirtualMachine;
      assert.equal(vmInfo({ ...parts, vm: odd }).name, 'x');
    }),
  );
});

test('[VS1] a snapshot tells its size from what its content holds, and nothing before', () => {
  const snapshot = {
    metadata: { name: 's', namespace: 'n' },
    spec: { source: { name: 'db-vm' } },
    status: {
      phase: 'InProgress',
      indications: ['QuiesceTimeout'],
      conditions: [{ type: 'Progressing', status: 'False', reason: 'Source does not exist' }],
    },
  };
  const backup = (storage: string) => ({
    persistentVolumeClaim: { spec: { resources: { requests: { storage } } } },
  });
  const content = { metadata: {}, spec: { volumeBackups: [backup('5Gi'), backup('512Mi')] } };
  assert.equal(snapshotInfo(snapshot, undefined).size, '');
  assert.equal(snapshotInfo(snapshot, content).size, '6Gi');
  const info = snapshotInfo(snapshot, undefined);
  assert.deepEqual(
    [info.wukongName, info.reason, info.indications, info.ready],
    ['db-vm', 'Source does not exist', [{ indication: 'QuiesceTimeout', message: '' }], false],
  );
});

test('[VS4] what must not exist twice is taken out of a restore under a new name', () => {
  const domain = {
    firmware: { uuid: 'a', serial: 'b' },
    devices: { interfaces: [{ name: 'default' }, { name: 'lan', macAddress: '02:00:00:00:00:01' }] },
  };
  const content = {
    metadata: {},
    spec: { source: { virtualMachine: { spec: { template: { spec: { domain } } } } } },
  };
  assert.deepEqual(
    cloneless(content).map((patch) => (JSON.parse(patch) as { path: string }).path),
    [
      '/spec/template/spec/domain/devices/interfaces/1/macAddress',
      '/spec/template/spec/domain/firmware/uuid',
      '/spec/template/spec/domain/firmware/serial',
    ],
  );
  assert.deepEqual(cloneless({ metadata: {}, spec: {} }), []);
});

test('[VK1] a machine shows what its Wukong says where it says nothing itself', () => {
  const part = { vm: VM, instance: undefined, pod: undefined, claim: () => undefined };
  const wukong: Wukong = {
    metadata: { name: 'db', namespace: 'team-a' },
    spec: {
      networks: [{ name: 'lan', ipConfig: { mode: 'static' } }],
      disks: [{ name: 'data', image: 'https://images.example/data.img' }],
      startStrategy: { runStrategy: 'RerunOnFailure' },
    },
    status: {
      phase: 'Error',
      conditions: [{ type: 'VolumesBound', status: 'False', message: 'claim db-data is not bound yet' }],
    },
  };
  const info = vmInfo({ ...part, owner: { name: 'db', wukong } });
  assert.deepEqual(
    [info.wukong, info.wukongPhase, info.autoStart, info.reason],
    ['db', 'Error', true, 'claim db-data is not bound yet'],
  );
  assert.equal(info.networks.find(({ name }) => name === 'lan')?.mode, 'static');
  assert.equal(info.disks.find(({ name }) => name === 'data')?.image, 'https://images.example/data.img');
  assert.equal(vmInfo(part).wukong, undefined);
});

test('[VM9] a disk tells how it is being filled, else how its claim stands', () => {
  const part = { vm: VM, instance: undefined, pod: undefined, claim: () => CLAIM };
  const data = (status: { phase?: string; progress?: string }) =>
    vmInfo({ ...part, dataVolume: () => ({ metadata: {}, status }) }).disks.find(
      ({ name }) => name === 'data',
    );
  const filling = data({ phase: 'ImportInProgress', progress: '42.7%' });
  assert.deepEqual([filling?.phase, filling?.progress], ['ImportInProgress', '42.7%']);
  const waiting = data({ phase: 'Pending', progress: 'N/A' });
  assert.deepEqual([waiting?.phase, waiting?.progress], ['Pending', undefined]);
  const done = data({ phase: 'Succeeded', progress: '100.0%' });
  assert.deepEqual([done?.phase, done?.progress], ['Succeeded', undefined]);
  const bound = { ...CLAIM, status: { ...CLAIM.status, phase: 'Bound' } };
  const plain = vmInfo({ ...part, claim: () => bound }).disks.find(({ name }) => name === 'data');
  assert.equal(plain?.phase, 'Bound');
});

test('[VK4] a WukongSnapshot stands for what was taken by it', () => {
  const wukong: WukongSnapshot = {
    metadata: { name: 'before', namespace: 'n', uid: 'w' },
    spec: { wukongName: 'db' },
    status: { phase: 'Creating', snapshotName: 'before-1' },
  };
  const early = snapshotInfo(undefined, undefined, wukong);
  assert.deepEqual(
    [early.id, early.name, early.wukongName, early.vmName, early.status, early.ready],
    ['w', 'before', 'db', 'db-vm', 'InProgress', false],
  );
  const failed = { ...wukong, status: { phase: 'Failed', error: 'no space' } };
  const late = snapshotInfo(undefined, undefined, failed);
  assert.deepEqual([late.status, late.reason], ['Failed', 'no space']);
});
