import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('coord');
const leases = `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`;
const lease = (name: string, spec: Wire): Wire => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec,
});
const hasMetrics = (await admin.get('/apis/metrics.k8s.io/v1beta1')).status === 200;

cases('leases', target, (it) => {
  it('keep microseconds', async () => {
    const reply = await admin.post(
      leases,
      lease('l', {
        holderIdentity: 'a',
        leaseDurationSeconds: 15,
        renewTime: '2026-01-02T03:04:05.123456Z',
        leaseTransitions: 0,
      }),
    );
    assertCode(reply, 201);
    assert.equal(reply.body.spec.renewTime, '2026-01-02T03:04:05.123456Z');
  });

  it('only one of two candidates wins', async () => {
    const made = (await admin.post(leases, lease('race', { holderIdentity: '', leaseDurationSeconds: 15 })))
      .body;
    const replies = await Promise.all(
      ['a', 'b', 'c', 'd'].map((who) =>
        admin.put(`${leases}/race`, { ...made, spec: { ...made.spec, holderIdentity: who } }),
      ),
    );
    const codes = replies.map((reply) => reply.status);
    assert.equal(codes.filter((code) => code === 200).length, 1);
    assert.equal(codes.filter((code) => code === 409).length, 3);
  });

  it('are renewed by the nodes of the cluster', async () => {
    const { body } = await admin.get('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases');
    const nodes = new Set(namesOf((await admin.get('/api/v1/nodes')).body));
    assert.ok(nodes.size > 0);
    for (const item of body.items)
      if (nodes.has(item.metadata.name)) assert.equal(item.spec.holderIdentity, item.metadata.name);
    assert.ok(body.items.some((item: Wire) => nodes.has(item.metadata.name)));
  });

  it('a negative duration is 422', async () => {
    assertStatus(
      await admin.post(leases, lease('bad', { leaseDurationSeconds: -1 })),
      422,
      'Invalid',
      /spec\.leaseDurationSeconds: Invalid value: -1: must be greater than 0/,
    );
  });
});

cases('events', target, (it) => {
  const event = (name: string, more: Wire = {}): Wire => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: ns },
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', name: 'thing', namespace: ns, uid: 'u-1' },
    reason: 'Tested',
    message: 'words',
    type: 'Normal',
    source: { component: 'e2e' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
    ...more,
  });
  const events = `/api/v1/namespaces/${ns}/events`;
  const newer = `/apis/events.k8s.io/v1/namespaces/${ns}/events`;

  it('are one object in both groups', async () => {
    assertCode(await admin.post(events, event('both')), 201);
    const { body } = await admin.get(`${newer}/both`);
    assert.equal(body.apiVersion, 'events.k8s.io/v1');
    assert.equal(body.note, 'words');
    assert.equal(body.regarding.name, 'thing');
    assert.equal(body.deprecatedCount, 1);
    assert.equal(body.deprecatedSource.component, 'e2e');
  });

  it('made in the newer group are read in the older', async () => {
    const reply = await admin.post(newer, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'newer', namespace: ns },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/e2e',
      reportingInstance: 'one',
      action: 'Testing',
      reason: 'Tested',
      note: 'new words',
      type: 'Normal',
      regarding: { kind: 'ConfigMap', name: 'thing', namespace: ns },
    });
    assertCode(reply, 201);
    const { body } = await admin.get(`${events}/newer`);
    assert.equal(body.message, 'new words');
    assert.equal(body.involvedObject.name, 'thing');
    assert.equal(body.reportingComponent, 'example.com/e2e');
  });

  it('are selected by their fields', async () => {
    await admin.post(events, event('warned', { type: 'Warning', reason: 'Bad' }));
    const select = async (fieldSelector: string): Promise<string[]> =>
      namesOf((await admin.get(events, { fieldSelector })).body);
    assert.deepEqual(await select('type=Warning'), ['warned']);
    assert.deepEqual(await select('reason=Bad,involvedObject.kind=ConfigMap'), ['warned']);
    assert.ok((await select('involvedObject.uid=u-1')).includes('warned'));
    assert.deepEqual(await select('involvedObject.uid=u-2'), []);
  });

  it('count on by a patch', async () => {
    await admin.post(events, event('counted'));
    const reply = await admin.patch(`${events}/counted`, MERGE_PATCH, {
      count: 2,
      lastTimestamp: '2026-01-01T00:01:00Z',
    });
    assertCode(reply, 200);
    assert.equal(reply.body.count, 2);
  });

  it('must stand in the namespace of what they are about', async () => {
    const reply = await admin.post(
      events,
      event('astray', { involvedObject: { kind: 'ConfigMap', name: 'x', namespace: 'default' } }),
    );
    assertStatus(
      reply,
      422,
      'Invalid',
      /involvedObject\.namespace: Invalid value: "default": does not match event\.namespace/,
    );
  });
});

cases('nodes', target, (it) => {
  it('report ready, with capacity, addresses and versions', async () => {
    const { body } = await admin.get('/api/v1/nodes');
    for (const node of body.items) {
      const conditions = new Map(node.status.conditions.map((c: Wire) => [c.type, c.status]));
      assert.equal(typeof conditions.get('Ready'), 'string');
      assert.ok(node.status.capacity.cpu);
      assert.ok(node.status.allocatable.memory);
      assert.ok(node.status.addresses.some((a: Wire) => a.type === 'InternalIP'));
      assert.match(node.status.nodeInfo.kubeletVersion, /^v1\./);
      assert.equal(node.metadata.labels['kubernetes.io/hostname'], node.metadata.name);
    }
  });

  it('can be cordoned and uncordoned', async () => {
    const [name] = namesOf((await admin.get('/api/v1/nodes')).body);
    const path = `/api/v1/nodes/${name}`;
    const reply = await admin.patch(path, MERGE_PATCH, { spec: { unschedulable: true } }, { dryRun: 'All' });
    assert.equal(reply.body.spec.unschedulable, true);
  });
});

cases('metrics', target, (it) => {
  const skip = hasMetrics ? undefined : 'this cluster serves no metrics.k8s.io';

  it(
    'of nodes have usage and a window',
    async () => {
      const { body } = await admin.get('/apis/metrics.k8s.io/v1beta1/nodes');
      assert.equal(body.kind, 'NodeMetricsList');
      assert.equal(body.items.length, (await admin.get('/api/v1/nodes')).body.items.length);
      assert.match(body.items[0].usage.cpu, /^\d+(n|u|m)?$/);
      assert.match(body.items[0].usage.memory, /^\d+(Ki|Mi)$/);
      assert.ok(body.items[0].window);
      assert.ok(body.items[0].timestamp);
    },
    { skip },
  );

  it(
    'of pods have usage by container',
    async () => {
      const { status, body } = await admin.get('/apis/metrics.k8s.io/v1beta1/pods');
      assert.equal(status, 200);
      assert.equal(body.kind, 'PodMetricsList');
    },
    { skip },
  );

  it(
    'of a pod that is not there are 404',
    async () => {
      assertStatus(
        await admin.get(`/apis/metrics.k8s.io/v1beta1/namespaces/${ns}/pods/nobody`),
        404,
        'NotFound',
      );
    },
    { skip },
  );
});
