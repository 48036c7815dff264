import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound } from '@krateyard/status/status-error';
import { kubevirtDefinitions } from '../kubevirt/definitions.ts';
import { KUBEVIRT } from '../kubevirt/kubevirt-resources.ts';
import type { Instance, Snapshot, VirtualMachine } from '../kubevirt/vm-types.ts';
import { controllerOf } from '../life/pod-state.ts';
import { RESOURCES } from '../life/resources.ts';
import { openTestCluster, type TestCluster } from '../life/test-cluster.ts';
import { wukongDefinitions } from './definitions.ts';
import { cloudConfig, runStrategyOf } from './wukong-machine.ts';
import { WUKONG } from './wukong-resources.ts';
import type { Wukong, WukongSnapshot, WukongSpec } from './wukong-types.ts';

const NAMESPACE = 'default';

async function withWukong(use: (cluster: TestCluster) => Promise<void>): Promise<void> {
  const cluster = await openTestCluster();
  try {
    await cluster.client.create(RESOURCES.storageClasses, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard' },
      provisioner: 'test',
      volumeBindingMode: 'Immediate',
    } as KubeObject);
    for (const crd of [...wukongDefinitions(), ...kubevirtDefinitions()])
      await cluster.client.create(RESOURCES.customResourceDefinitions, crd);
    await cluster.advance(1);
    await use(cluster);
  } finally {
    await cluster.stop();
  }
}

const make = ({ client }: TestCluster, name: string, spec: Partial<WukongSpec> = {}): Promise<Wukong> =>
  client.create<Wukong>(WUKONG.wukongs, {
    apiVersion: 'vm.novasphere.dev/v1alpha1',
    kind: 'Wukong',
    metadata: { name, namespace: NAMESPACE },
    spec: { cpu: 2, memory: '64Mi', osImage: 'local/guest:1', ...spec },
  });

const read = <T extends KubeObject>({ client }: TestCluster, gvr: GroupVersionResource, name: string) =>
  client.get<T>(gvr, name, NAMESPACE);

const wukongOf = (cluster: TestCluster, name: string) => read<Wukong>(cluster, WUKONG.wukongs, name);
const vmOf = (cluster: TestCluster, name: string) =>
  read<VirtualMachine>(cluster, KUBEVIRT.virtualMachines, `${name}-vm`);

const conditionOf = (wukong: Wukong, type: string) =>
  wukong.status?.conditions?.find((one) => one.type === type);

test('[SV20] a Wukong becomes a machine with its volumes, and tells its phase, node and addresses', () =>
  withWukong(async (cluster) => {
    await make(cluster, 'erp', {
      disks: [{ name: 'data', size: '2Gi', storageClassName: 'standard', boot: false }],
      networks: [{ name: 'lan', type: 'bridge' }],
    });
    await cluster.advance(20);
    const vm = await vmOf(cluster, 'erp');
    assert.equal(controllerOf(vm)?.name, 'erp');
    assert.equal(vm.spec.runStrategy, 'Always');
    assert.deepEqual(
      vm.spec.template.spec.volumes?.map(({ name }) => name),
      ['root', 'data'],
    );
    const claim = await read(cluster, RESOURCES.persistentVolumeClaims, 'erp-data');
    assert.equal(controllerOf(claim)?.name, 'erp');
    const { metadata, status } = await wukongOf(cluster, 'erp');
    assert.deepEqual(metadata.finalizers, ['wukong.novasphere.dev/finalizer']);
    assert.deepEqual([status?.phase, status?.vmName], ['Running', 'erp-vm']);
    assert.deepEqual(status?.volumes, [{ name: 'data', pvcName: 'erp-data', bound: true, size: '2Gi' }]);
    const instance = await read<Instance>(cluster, KUBEVIRT.instances, 'erp-vm');
    assert.equal(status?.nodeName, instance.status?.nodeName);
    const [first, second] = (status?.networks ?? []) as {
      name: string;
      interface: string;
      ipAddress?: string;
      nadName?: string;
    }[];
    assert.deepEqual(
      [first?.name, first?.interface, first?.ipAddress],
      ['default', 'eth0', instance.status?.interfaces?.[0]?.ipAddress],
    );
    assert.deepEqual([second?.name, second?.nadName], ['lan', 'erp-lan-nad']);
  }));

test('[SV21] what its startStrategy says the machine does, Stopped included, and others’ changes are taken back', () =>
  withWukong(async (cluster) => {
    await make(cluster, 'web', { startStrategy: { autoStart: false } });
    await cluster.advance(5);
    assert.equal((await wukongOf(cluster, 'web')).status?.phase, 'Stopped');
    const set = (startStrategy: object) =>
      cluster.client.patch(WUKONG.wukongs, 'web', NAMESPACE, { spec: { startStrategy } });
    await set({ autoStart: true, runStrategy: 'RerunOnFailure' });
    await cluster.advance(15);
    assert.equal((await wukongOf(cluster, 'web')).status?.phase, 'Running');
    assert.equal((await vmOf(cluster, 'web')).spec.runStrategy, 'RerunOnFailure');
    await cluster.client.patch(KUBEVIRT.virtualMachines, 'web-vm', NAMESPACE, {
      spec: { runStrategy: 'Halted' },
    });
    await cluster.advance(5);
    assert.equal((await vmOf(cluster, 'web')).spec.runStrategy, 'RerunOnFailure');
    await set({ autoStart: false });
    await cluster.advance(60);
    assert.equal((await wukongOf(cluster, 'web')).status?.phase, 'Stopped');
    assert.equal((await wukongOf(cluster, 'web')).status?.nodeName, undefined);
  }));

test('[SV21] what a machine’s run strategy is, of what a Wukong may say', () => {
  const of = (spec: Partial<WukongSpec>) => runStrategyOf({ cpu: 1, memory: '1Gi', ...spec });
  assert.equal(of({}), 'Always');
  assert.equal(of({ startStrategy: { autoStart: false, runStrategy: 'Manual' } }), 'Halted');
  assert.equal(of({ startStrategy: { runStrategy: 'Manual' } }), 'Manual');
  assert.equal(of({ highAvailability: { restartPolicy: 'OnFailure' } }), 'RerunOnFailure');
  assert.equal(of({ highAvailability: { restartPolicy: 'Never' } }), 'Manual');
});

test('[SV22] a machine waits for its volumes, and one that cannot be made says why', () =>
  withWukong(async (cluster) => {
    const disk = { name: 'd', size: '1Gi', storageClassName: 'nowhere' };
    await make(cluster, 'waits', { disks: [disk] });
    await make(cluster, 'imports', { disks: [{ ...disk, image: 'https://images.example/os.img' }] });
    await make(cluster, 'odd', { networks: [{ name: 'wide', type: 'macvlan' }] });
    await cluster.client.create<VirtualMachine>(KUBEVIRT.virtualMachines, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: { name: 'taken-vm', namespace: NAMESPACE },
      spec: { runStrategy: 'Halted', template: { spec: { domain: {} } } },
    });
    await make(cluster, 'taken');
    await cluster.advance(15);
    const waits = await wukongOf(cluster, 'waits');
    assert.equal(waits.status?.phase, 'Pending');
    assert.match(conditionOf(waits, 'VolumesBound')?.message ?? '', /waits-d is not bound/);
    await assert.rejects(vmOf(cluster, 'waits'), isNotFound);
    const imports = await wukongOf(cluster, 'imports');
    assert.deepEqual(
      [imports.status?.phase, conditionOf(imports, 'VolumesBound')?.reason],
      ['Error', 'NoImporter'],
    );
    const odd = await wukongOf(cluster, 'odd');
    assert.match(conditionOf(odd, 'NetworksConfigured')?.message ?? '', /macvlan.*wide/);
    const taken = await wukongOf(cluster, 'taken');
    assert.deepEqual([taken.status?.phase, conditionOf(taken, 'Ready')?.reason], ['Error', 'NameTaken']);
  }));

test('[SV23] a deleted Wukong takes its machine along before it goes', () =>
  withWukong(async (cluster) => {
    await make(cluster, 'old', { disks: [{ name: 'data', size: '1Gi', storageClassName: 'standard' }] });
    await cluster.advance(15);
    await cluster.client.delete(WUKONG.wukongs, 'old', NAMESPACE);
    assert.notEqual((await wukongOf(cluster, 'old')).metadata.deletionTimestamp, undefined);
    await cluster.advance(90);
    await assert.rejects(wukongOf(cluster, 'old'), isNotFound);
    await assert.rejects(vmOf(cluster, 'old'), isNotFound);
    await assert.rejects(read(cluster, RESOURCES.persistentVolumeClaims, 'old-data'), isNotFound);
  }));

test('[SV24] a WukongSnapshot is taken once, owns what it took, and says why it failed', () =>
  withWukong(async (cluster) => {
    const snapshot = (name: string, wukongName: string) =>
      cluster.client.create<WukongSnapshot>(WUKONG.snapshots, {
        apiVersion: 'vm.novasphere.dev/v1alpha1',
        kind: 'WukongSnapshot',
        metadata: { name, namespace: NAMESPACE },
        spec: { wukongName },
      });
    const of = (name: string) => read<WukongSnapshot>(cluster, WUKONG.snapshots, name);
    await make(cluster, 'db');
    await cluster.advance(15);
    await snapshot('good', 'db');
    await snapshot('lost', 'nobody');
    await cluster.advance(5);
    const good = await of('good');
    assert.equal(good.status?.phase, 'Succeeded');
    assert.equal((await of('lost')).status?.phase, 'Pending');
    const taken = await read<Snapshot>(cluster, KUBEVIRT.snapshots, good.status?.snapshotName ?? '');
    assert.deepEqual([controllerOf(taken)?.name, taken.spec.source.name], ['good', 'db-vm']);
    await cluster.client.patch(WUKONG.snapshots, 'good', NAMESPACE, { status: null }, 'status');
    await cluster.advance(5);
    assert.equal((await of('good')).status?.phase, 'Succeeded');
    assert.equal((await cluster.client.list(KUBEVIRT.snapshots, { namespace: NAMESPACE })).items.length, 1);
    await cluster.advance(70, 5_000);
    const lost = await of('lost');
    assert.deepEqual([lost.status?.phase, lost.status?.error], ['Failed', 'wukong nobody does not exist']);
    await cluster.client.delete(WUKONG.snapshots, 'good', NAMESPACE);
    await cluster.advance(5);
    await assert.rejects(read(cluster, KUBEVIRT.snapshots, taken.metadata.name ?? ''), isNotFound);
  }));

test('[SV25] its cloud-init cannot be broken out of, and stays in a Secret', () =>
  withWukong(async (cluster) => {
    const name = 'x\nruncmd: [evil]';
    const wukong = await make(cluster, 'safe', { cloudInitUser: { name, password: '": {' } });
    await cluster.advance(15);
    const [header, body] = (cloudConfig(wukong) ?? '').split('\n');
    assert.equal(header, '#cloud-config');
    const { users } = JSON.parse(body ?? '') as { users: { name: string; plain_text_passwd: string }[] };
    assert.deepEqual([users[0]?.name, users[0]?.plain_text_passwd], [name, '": {']);
    assert.doesNotMatch(JSON.stringify(await vmOf(cluster, 'safe')), /runcmd|plain_text_passwd/);
    const secret = await read(cluster, RESOURCES.secrets, 'safe-cloud-init');
    assert.ok((secret['data'] as { userdata?: string }).userdata);
  }));
