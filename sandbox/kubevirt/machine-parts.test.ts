import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { cdiDefinitions } from '../cdi/definitions.ts';
import { DATA_SOURCES, DATA_VOLUMES, type DataVolume } from '../cdi/cdi-resources.ts';
import { RESOURCES } from '../life/resources.ts';
import type { Sandbox } from '../sandbox.ts';
import { kubevirtDefinitions } from './definitions.ts';
import { INSTANCETYPES, KUBEVIRT } from './kubevirt-resources.ts';
import { until, untilStatus, withDefinitions } from './test-sandbox.ts';
import type { Instance, VirtualMachine } from './vm-types.ts';

const NAMESPACE = 'default';

const withMachines = (use: (sandbox: Sandbox) => Promise<void>): Promise<void> =>
  withDefinitions([...kubevirtDefinitions(), ...cdiDefinitions()], use);

function makeVm(
  sandbox: Sandbox,
  name: string,
  spec: object,
  domain: Record<string, unknown> = {},
): Promise<VirtualMachine> {
  const volumes = [{ name: 'root', containerDisk: { image: 'local/guest:1' } }];
  return sandbox.client.create<VirtualMachine>(KUBEVIRT.virtualMachines, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace: NAMESPACE },
    spec: { runStrategy: 'Always', template: { spec: { domain, volumes } }, ...spec },
  });
}

test('[SV14] an instance type says cpu and memory; without it the machine stays off, until it comes', async () => {
  await withMachines(async (sandbox) => {
    await makeVm(sandbox, 'typed', { instancetype: { name: 'tiny' } });
    const waiting = await until<VirtualMachine>(sandbox, KUBEVIRT.virtualMachines, 'typed', ({ status }) =>
      (status?.conditions ?? []).some(({ type }) => type === 'Failure'),
    );
    assert.equal(waiting.status?.printableStatus, 'Stopped');
    const failure = waiting.status?.conditions?.find(({ type }) => type === 'Failure');
    assert.deepEqual(
      [failure?.status, failure?.reason, failure?.message],
      [
        'True',
        'FailedFindInstancetype',
        'virtualmachineclusterinstancetypes.instancetype.kubevirt.io "tiny" not found',
      ],
    );
    await sandbox.client.create(INSTANCETYPES.clusterTypes, {
      apiVersion: 'instancetype.kubevirt.io/v1beta1',
      kind: 'VirtualMachineClusterInstancetype',
      metadata: { name: 'tiny' },
      spec: { cpu: { guest: 2 }, memory: { guest: '96Mi' } },
    });
    const running = await untilStatus(sandbox, 'typed', 'Running');
    assert.ok(!running.status?.conditions?.some(({ type }) => type === 'Failure'));
    const instance = await sandbox.client.get<Instance>(KUBEVIRT.instances, 'typed', NAMESPACE);
    assert.deepEqual(
      [instance.spec.domain?.cpu, instance.spec.domain?.memory],
      [{ sockets: 2, cores: 1, threads: 1 }, { guest: '96Mi' }],
    );
    await assert.rejects(
      makeVm(sandbox, 'both', { instancetype: { name: 'tiny' } }, { memory: { guest: '64Mi' } }),
      /VM field\(s\) spec\.template\.spec\.domain\.memory conflicts with selected instance type/,
    );
  });
});

const imported = (name: string, source: object): object => ({
  dataVolumeTemplates: [
    { metadata: { name }, spec: { ...source, storage: { resources: { requests: { storage: '1Gi' } } } } },
  ],
  template: { spec: { domain: {}, volumes: [{ name: 'root', dataVolume: { name } }] } },
});

test('[SV15] data volumes are imported, copied or left blank before a machine starts, and say why not', async () => {
  await withMachines(async (sandbox) => {
    await sandbox.client.create(RESOURCES.storageClasses, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'sandbox',
    });
    const phases: string[] = [];
    const stop = new AbortController();
    sandbox.client.watch<DataVolume>(
      DATA_VOLUMES,
      ({ object }) => {
        const phase = (object as DataVolume).status?.phase;
        if (object.metadata?.name === 'web-root' && phase !== undefined && phases.at(-1) !== phase)
          phases.push(phase);
      },
      stop.signal,
    );
    await makeVm(
      sandbox,
      'web',
      imported('web-root', { source: { http: { url: 'https://images.example/a.qcow2' } } }),
    );
    await untilStatus(sandbox, 'web', 'Provisioning');
    await untilStatus(sandbox, 'web', 'Running');
    stop.abort();
    assert.deepEqual(phases.slice(-3), ['ImportScheduled', 'ImportInProgress', 'Succeeded']);

    await makeVm(
      sandbox,
      'lost',
      imported('lost-root', { source: { registry: { url: 'docker://no.invalid/a:1' } } }),
    );
    await untilStatus(sandbox, 'lost', 'DataVolumeError');
    const volume = await sandbox.client.get<DataVolume>(DATA_VOLUMES, 'lost-root', NAMESPACE);
    const why = volume.status?.conditions?.find(({ type }) => type === 'Running');
    assert.match(why?.message ?? '', /no such host/);

    await sandbox.client.create(DATA_SOURCES, {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataSource',
      metadata: { name: 'golden', namespace: NAMESPACE },
      spec: { source: { pvc: { name: 'web-root', namespace: NAMESPACE } } },
    });
    await makeVm(
      sandbox,
      'copy',
      imported('copy-root', { sourceRef: { kind: 'DataSource', name: 'golden' } }),
    );
    await makeVm(sandbox, 'blank', imported('blank-root', { source: { blank: {} } }));
    await untilStatus(sandbox, 'copy', 'Running');
    await untilStatus(sandbox, 'blank', 'Running');
  });
});

test('[SV16] more sockets are taken at once; other memory waits for a restart and says so', async () => {
  await withMachines(async (sandbox) => {
    await makeVm(sandbox, 'web', {}, { cpu: { sockets: 1 }, memory: { guest: '64Mi' } });
    await untilStatus(sandbox, 'web', 'Running');
    const change = (domain: object): Promise<KubeObject> =>
      sandbox.client.patch(KUBEVIRT.virtualMachines, 'web', NAMESPACE, {
        spec: { template: { spec: { domain } } },
      });
    await change({ cpu: { sockets: 2 } });
    await until<Instance>(sandbox, KUBEVIRT.instances, 'web', ({ spec }) => spec.domain?.cpu?.sockets === 2);
    const restart = (vm: VirtualMachine) =>
      vm.status?.conditions?.find(({ type }) => type === 'RestartRequired');
    await change({ memory: { guest: '96Mi' } });
    const told = await until<VirtualMachine>(
      sandbox,
      KUBEVIRT.virtualMachines,
      'web',
      (vm) => restart(vm) !== undefined,
    );
    assert.match(restart(told)?.message ?? '', /memory updated in template spec/);
    await sandbox.client.delete(KUBEVIRT.instances, 'web', NAMESPACE);
    await until<VirtualMachine>(sandbox, KUBEVIRT.virtualMachines, 'web', (vm) => restart(vm) === undefined);
  });
});
