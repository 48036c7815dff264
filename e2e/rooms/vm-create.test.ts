import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { bringCdi, bringKubeVirt, bringMultus } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { roomFixture } from './room-fixture.ts';
import { vmCreateCases } from './vm-create-cases.ts';
import { assertInvalid, makerIn, seedBody } from './vm-maker.ts';

const fixture = await roomFixture();
const { target } = fixture;
await bringKubeVirt(target);
vmCreateCases(fixture);

test('[VC4] with refusals inside, a dry run of what cannot be is an answer; who may not ask is refused all the same', async () => {
  const by = await makerIn(fixture, 'vc-inside');
  const inside = { dryRun: true, refusals: 'inside' };
  for (const [body, namespace, code, field] of [
    [seedBody('No Name'), by.namespace, 422, 'name'],
    [seedBody('web', { cpu: 100 }), by.namespace, 422, 'cpu'],
    [seedBody('web'), 'No', 400, undefined],
  ] as const) {
    const { status, body: told } = await by.create(body, { ...inside, namespace });
    assert.deepEqual(
      [status, told.accepted, told.refused?.code, told.objects],
      [200, false, code, []],
      JSON.stringify(told),
    );
    assert.equal(told.refused.details?.causes?.[0]?.field, field);
  }
  const elsewhere = await by.create(seedBody('web'), { ...inside, namespace: 'default' });
  assert.equal(elsewhere.status, 200, elsewhere.text);
  assert.equal((elsewhere.body.refused ?? elsewhere.body.objects[0].status).code, 403);
  const well = await by.create(seedBody('web'), inside);
  assert.deepEqual([well.status, well.body.accepted, well.body.refused], [200, true, undefined]);
  // Only a dry run has an answer to be inside of.
  assert.equal((await by.create(seedBody('No Name'), { refusals: 'inside' })).status, 422);
  assert.equal((await by.create(seedBody('web'), { ...inside, refusals: 'outside' })).status, 400);
});

test('[VC3] garbage is refused, never an error of the gateway’s own, and makes nothing', async () => {
  const by = await makerIn(fixture, 'vc-fuzz');
  const leaf = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('web', '1Gi', '\u0000', '../..', '${x}', "'; --", '9'.repeat(40)),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  );
  const keys = fc.constantFrom(
    ...Object.keys(SHAPE),
    'name',
    'source',
    'type',
    'size',
    'users',
    'labels',
    '__proto__',
  );
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(keys, any, async (key, value) => {
      const body = { ...seedBody('fuzz', { runStrategy: 'Halted' }), [key]: value };
      const reply = await by.create(body, { dryRun: true });
      assert.ok([200, 400, 409, 413, 422].includes(reply.status), `${reply.status} ${reply.text}`);
      if (reply.status !== 200) assert.equal(reply.body.kind, 'Status', reply.text);
    }),
    { numRuns: 400 },
  );
  for (const body of ['{', '[]', '"x"', 'null', '{"name":"a","name":"b"}'])
    assert.ok((await by.create(body as unknown as Wire)).status < 500);
  assert.deepEqual((await by.who.api.get('/api/vms', { namespace: by.namespace })).body, []);
});

const SHAPE = {
  cpu: 1,
  memory: '',
  osImage: '',
  disks: [],
  networks: [],
  gpus: [],
  cloudInit: {},
  placement: {},
  preference: {},
};

test('[VC2, VC8, SV30] networks of Multus and GPUs are offered, reach the launcher pod, and run out', async () => {
  const by = await makerIn(fixture, 'vc-devices');
  await by.who.grant('cluster-admin');
  await bringMultus(target);
  const { namespace } = by;
  const device = 'vendor.example/A1';
  const [node] = (await target.admin.get('/api/v1/nodes')).body.items as [Wire];
  const resources = { capacity: { [device]: '1' }, allocatable: { [device]: '1' } };
  await target.admin.patch(
    `/api/v1/nodes/${node.metadata.name as string}/status`,
    'application/merge-patch+json',
    { status: resources },
  );
  const nets = `/apis/k8s.cni.cncf.io/v1/namespaces/${namespace}/network-attachment-definitions`;
  await pollUntil('the kind to be served', async () => (await target.admin.get(nets)).status === 200);
  await target.make(nets, {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'lan' },
    spec: { config: '{"cniVersion":"0.3.1","type":"bridge","bridge":"br0"}' },
  });
  const options = await pollUntil('both to be offered', async () => {
    const { body } = await by.who.api.get('/api/vm-options', { namespace });
    return body.multus === true && (body.devices as Wire[]).length > 0 && (body as Wire);
  });
  const lan = (options.networks as Wire[]).find((one) => one.namespace === namespace);
  assert.deepEqual(lan, { name: 'lan', namespace, type: 'bridge' });
  assert.deepEqual(options.devices, [{ deviceName: device, count: 1 }]);

  const wish = {
    networks: [{ name: 'default' }, { name: 'lan', nadName: 'lan', macAddress: '02:00:00:00:00:07' }],
    gpus: [{ name: 'gpu', deviceName: device }],
  };
  assertInvalid(
    await by.create(seedBody('none', { networks: [{ name: 'a', nadName: 'nope' }] })),
    'networks.0.nadName',
  );
  assert.equal((await by.create(seedBody('one', wish))).status, 201);
  const shown = async (name: string): Promise<Wire> =>
    (await by.who.api.get(`/api/vms/${name}`, { namespace })).body as Wire;
  await pollUntil('it to run', async () => (await shown('one')).status === 'Running', { deadlineMs: 60_000 });
  const one = await shown('one');
  assert.deepEqual(one.gpus, [{ name: 'gpu', deviceName: device }]);
  assert.equal((one.networks as Wire[])[1]!.macAddress, '02:00:00:00:00:07');
  const pod = (await target.admin.get(`/api/v1/namespaces/${namespace}/pods/${one.pod as string}`))
    .body as Wire;
  assert.equal(pod.spec.containers[0].resources.limits[device], '1');
  assert.deepEqual(JSON.parse(pod.metadata.annotations['k8s.v1.cni.cncf.io/networks'] as string), [
    { name: 'lan', namespace, mac: '02:00:00:00:00:07' },
  ]);

  assert.equal((await by.create(seedBody('two', { gpus: wish.gpus }))).status, 201);
  await pollUntil('the other to wait for a device', async () =>
    JSON.stringify(await shown('two')).includes(`Insufficient ${device}`),
  );
});

test('[VC2, VC7] with CDI, images are imported before the machine starts; a claim that is there is told before', async () => {
  const by = await makerIn(fixture, 'vc-cdi');
  const refused = await by.create(seedBody('web', { disks: [{ name: 'root', size: '1Gi' }] }));
  assertInvalid(refused, 'disks.0.size');
  assert.match(refused.body.message as string, /no CDI is served here/);
  await bringCdi(target);
  await target.make('/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'sandbox',
  });
  const body = seedBody('web', {
    disks: [
      { name: 'root', size: '1Gi', storageClassName: '', boot: true },
      { name: 'data', size: '1Gi' },
    ],
  });
  const made = await pollUntil(
    'CDI to be known',
    async () => {
      const reply = await by.create(body);
      return reply.status === 201 && reply;
    },
    { deadlineMs: 60_000 },
  );
  const task = await by.taskEnds(made.body.task.id as string);
  assert.equal(task.state, 'observed', JSON.stringify(task));
  const vm = await by.read('web');
  assert.deepEqual(
    (vm.disks as Wire[]).map(({ name, claim, size, boot }) => [name, claim, size, boot] as unknown[]),
    [
      ['root', 'web-root', '1Gi', true],
      ['data', 'web-data', '1Gi', false],
    ],
  );
  await by.who.api.post('/api/vms/web/action', { action: 'delete' }, { namespace: by.namespace });
  const claims = `/api/v1/namespaces/${by.namespace}/persistentvolumeclaims`;
  await pollUntil('its claims to go with it', async () => {
    const { body: list } = await target.admin.get(claims);
    return (list.items as Wire[]).length === 0;
  });
  await target.make(claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'web-root' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const taken = await by.create(body);
  assertInvalid(taken, 'disks.0.name');
  assert.match(taken.body.message as string, /PersistentVolumeClaim "web-root".*there is one already/);
  const options = await by.who.api.get('/api/vm-options', { namespace: by.namespace });
  assert.deepEqual(
    [options.body.cdi, (options.body.claims as Wire[]).map(({ name }) => name as string)],
    [true, ['web-root']],
  );
});
