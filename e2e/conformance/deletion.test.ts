import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { configMap, deployment, pod, replicaSet } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('deletion');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
const sets = `/apis/apps/v1/namespaces/${ns}/replicasets`;
const pods = `/api/v1/namespaces/${ns}/pods`;

const gone = (path: string): Promise<true> =>
  pollUntil(`${path} to be gone`, async () => (await admin.get(path)).status === 404, { deadlineMs: 40_000 });
const podsOf = async (app: string): Promise<string[]> =>
  namesOf((await admin.get(pods, { labelSelector: `app=${app}` })).body);

cases('finalizers', target, (it) => {
  it('keep a deleted object until the last one goes', async () => {
    await admin.post(maps, configMap('held', {}, { finalizers: ['example.com/one', 'example.com/two'] }));
    const reply = await admin.delete(`${maps}/held`);
    assertCode(reply, 200);
    assert.equal(reply.body.kind, 'ConfigMap');
    assert.match(reply.body.metadata.deletionTimestamp, /^\d{4}-/);
    assert.equal(reply.body.metadata.deletionGracePeriodSeconds, 0);
    const one = await admin.patch(`${maps}/held`, MERGE_PATCH, {
      metadata: { finalizers: ['example.com/two'] },
    });
    assertCode(one, 200);
    assertCode(await admin.patch(`${maps}/held`, MERGE_PATCH, { metadata: { finalizers: null } }), 200);
    assertCode(await admin.get(`${maps}/held`), 404);
  });

  it('cannot be added while the object is being deleted', async () => {
    await admin.post(maps, configMap('late', {}, { finalizers: ['example.com/one'] }));
    await admin.delete(`${maps}/late`);
    const reply = await admin.patch(`${maps}/late`, MERGE_PATCH, {
      metadata: { finalizers: ['example.com/one', 'example.com/new'] },
    });
    assertStatus(reply, 422, 'Invalid', /no new finalizers can be added if the object is being deleted/);
    await admin.patch(`${maps}/late`, MERGE_PATCH, { metadata: { finalizers: null } });
  });

  it('a second delete changes nothing', async () => {
    await admin.post(maps, configMap('again', {}, { finalizers: ['example.com/one'] }));
    const first = (await admin.delete(`${maps}/again`)).body;
    const second = (await admin.delete(`${maps}/again`)).body;
    assert.equal(second.metadata.deletionTimestamp, first.metadata.deletionTimestamp);
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    await admin.patch(`${maps}/again`, MERGE_PATCH, { metadata: { finalizers: null } });
  });

  it('deletionTimestamp cannot be taken back by an update', async () => {
    await admin.post(maps, configMap('stays', {}, { finalizers: ['example.com/one'] }));
    await admin.delete(`${maps}/stays`);
    const reply = await admin.patch(`${maps}/stays`, MERGE_PATCH, {
      metadata: { deletionTimestamp: null },
      data: { a: '1' },
    });
    assertCode(reply, 200);
    assert.match(reply.body.metadata.deletionTimestamp, /^\d{4}-/);
    assert.deepEqual(reply.body.data, { a: '1' });
    await admin.patch(`${maps}/stays`, MERGE_PATCH, { metadata: { finalizers: null } });
  });

  it('an unqualified finalizer name is 422', async () => {
    const reply = await admin.post(maps, configMap('odd-finalizer', {}, { finalizers: ['nonsense'] }));
    assertStatus(reply, 422, 'Invalid', /metadata\.finalizers/);
  });
});

cases('graceful deletion', target, (it) => {
  it('a scheduled pod stays with a deletionTimestamp until its kubelet has stopped it', async () => {
    await admin.post(
      pods,
      pod('leaving', 'trap "" TERM; while true; do sleep 1; done', { terminationGracePeriodSeconds: 3 }),
    );
    await pollUntil(
      'the pod to run',
      async () => (await admin.get(`${pods}/leaving`)).body.status.phase === 'Running',
      { deadlineMs: 30_000 },
    );
    const reply = await admin.delete(`${pods}/leaving`);
    assertCode(reply, 200);
    assert.equal(reply.body.kind, 'Pod');
    assert.equal(reply.body.metadata.deletionGracePeriodSeconds, 3);
    const { body } = await admin.get(`${pods}/leaving`);
    assert.match(body.metadata.deletionTimestamp, /^\d{4}-/);
    await gone(`${pods}/leaving`);
  });

  it('gracePeriodSeconds 0 deletes at once', async () => {
    await admin.post(pods, pod('forced'));
    await pollUntil(
      'the pod to be scheduled',
      async () => (await admin.get(`${pods}/forced`)).body.spec.nodeName,
      { deadlineMs: 30_000 },
    );
    assertCode(await admin.delete(`${pods}/forced`, { gracePeriodSeconds: 0 }), 200);
    assertCode(await admin.get(`${pods}/forced`), 404);
  });

  it('a pod that was never scheduled goes at once', async () => {
    await admin.post(pods, pod('unborn', undefined, { schedulerName: 'nobody' }));
    assertCode(await admin.delete(`${pods}/unborn`), 200);
    assertCode(await admin.get(`${pods}/unborn`), 404);
  });

  it('gracePeriodSeconds in the query is honoured', async () => {
    await admin.post(pods, pod('by-query'));
    await pollUntil(
      'the pod to be scheduled',
      async () => (await admin.get(`${pods}/by-query`)).body.spec.nodeName,
      { deadlineMs: 30_000 },
    );
    await admin.delete(`${pods}/by-query`, undefined, { gracePeriodSeconds: 0 });
    assertCode(await admin.get(`${pods}/by-query`), 404);
  });

  it('eviction deletes a pod', async () => {
    await admin.post(pods, pod('evicted', undefined, { schedulerName: 'nobody' }));
    const reply = await admin.post(`${pods}/evicted/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'evicted', namespace: ns },
    });
    assertCode(reply, 201);
    assert.equal(reply.body.status, 'Success');
    await gone(`${pods}/evicted`);
  });
});

cases('garbage collection', target, (it) => {
  it('background: the owner goes at once, its dependents follow', async () => {
    await admin.post(sets, replicaSet('bg', 2));
    await pollUntil('two pods', async () => (await podsOf('bg')).length === 2);
    assertCode(await admin.delete(`${sets}/bg`, { propagationPolicy: 'Background' }), 200);
    assertCode(await admin.get(`${sets}/bg`), 404);
    await pollUntil('the pods to go', async () => (await podsOf('bg')).length === 0, { deadlineMs: 40_000 });
  });

  it('foreground: the owner waits for its dependents', async () => {
    await admin.post(sets, replicaSet('fg', 1));
    await pollUntil('one pod', async () => (await podsOf('fg')).length === 1);
    const reply = await admin.delete(`${sets}/fg`, { propagationPolicy: 'Foreground' });
    assertCode(reply, 200);
    assert.deepEqual(reply.body.metadata.finalizers, ['foregroundDeletion']);
    await gone(`${sets}/fg`);
    assert.deepEqual(await podsOf('fg'), []);
  });

  it('orphan: dependents stay and lose their owner', async () => {
    await admin.post(sets, replicaSet('orphan', 1));
    await pollUntil('one pod', async () => (await podsOf('orphan')).length === 1);
    await admin.delete(`${sets}/orphan`, { propagationPolicy: 'Orphan' });
    await gone(`${sets}/orphan`);
    const { body } = await admin.get(pods, { labelSelector: 'app=orphan' });
    assert.equal(body.items.length, 1);
    assert.equal(body.items[0].metadata.deletionTimestamp, undefined);
    await pollUntil('the owner reference to go', async () => {
      const list = await admin.get(pods, { labelSelector: 'app=orphan' });
      return list.body.items[0].metadata.ownerReferences === undefined;
    });
    await admin.delete(pods, { gracePeriodSeconds: 0 }, { labelSelector: 'app=orphan' });
  });

  it('goes through two levels: deployment, replica set, pod', async () => {
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await admin.post(path, deployment('levels', 1));
    await pollUntil('one pod', async () => (await podsOf('levels')).length === 1);
    await admin.delete(`${path}/levels`);
    await pollUntil(
      'all to go',
      async () => {
        const left = (await admin.get(sets, { labelSelector: 'app=levels' })).body.items.length;
        return left === 0 && (await podsOf('levels')).length === 0;
      },
      { deadlineMs: 40_000 },
    );
  });

  it('an object whose owner does not exist is collected', async () => {
    const owner = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'never-was',
      uid: '11111111-2222-3333-4444-555555555555',
    };
    await admin.post(maps, configMap('abandoned', {}, { ownerReferences: [owner] }));
    await gone(`${maps}/abandoned`);
  });

  it('an object with one owner left stays', async () => {
    const a = (await admin.post(maps, configMap('owner-a'))).body;
    const b = (await admin.post(maps, configMap('owner-b'))).body;
    const owners = [a, b].map((owner: Wire) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: owner.metadata.name,
      uid: owner.metadata.uid,
    }));
    await admin.post(maps, configMap('shared', {}, { ownerReferences: owners }));
    await admin.post(maps, configMap('only-a', {}, { ownerReferences: [owners[0]] }));
    await admin.delete(`${maps}/owner-a`);
    await gone(`${maps}/only-a`);
    assertCode(await admin.get(`${maps}/shared`), 200);
    await admin.delete(`${maps}/owner-b`);
    await gone(`${maps}/shared`);
  });

  it('two controllers in ownerReferences are 422', async () => {
    const owner = (name: string): Wire => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name,
      uid: name,
      controller: true,
    });
    const reply = await admin.post(
      maps,
      configMap('two-bosses', {}, { ownerReferences: [owner('a'), owner('b')] }),
    );
    assertStatus(reply, 422, 'Invalid', /Only one reference can have Controller set to true/);
  });
});

cases('namespace lifecycle', target, (it) => {
  it('a new namespace is Active, with a name label, a service account and the root CA', async () => {
    const name = await target.namespace('life');
    const { body } = await admin.get(`/api/v1/namespaces/${name}`);
    assert.equal(body.status.phase, 'Active');
    assert.deepEqual(body.spec.finalizers, ['kubernetes']);
    assert.equal(body.metadata.labels['kubernetes.io/metadata.name'], name);
    const ca = await pollUntil('the root CA', async () => {
      const reply = await admin.get(`/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`);
      return reply.status === 200 && reply.body;
    });
    assert.match(ca.data['ca.crt'], /BEGIN CERTIFICATE/);
  });

  it('deleting a namespace deletes all that is in it', async () => {
    const name = await target.namespace('emptied');
    await admin.post(`/api/v1/namespaces/${name}/configmaps`, configMap('inside'));
    await admin.post(`/apis/apps/v1/namespaces/${name}/deployments`, deployment('inside', 1));
    const reply = await admin.delete(`/api/v1/namespaces/${name}`);
    assertCode(reply, 200);
    await gone(`/api/v1/namespaces/${name}`);
    assertCode(await admin.get(`/api/v1/namespaces/${name}/configmaps/inside`), 404);
  });

  it('a terminating namespace refuses new objects and waits for finalizers', async () => {
    const name = await target.namespace('closing');
    const inside = `/api/v1/namespaces/${name}/configmaps`;
    await admin.post(inside, configMap('held', {}, { finalizers: ['example.com/wait'] }));
    const reply = await admin.delete(`/api/v1/namespaces/${name}`);
    assert.equal(reply.body.status.phase, 'Terminating');
    const refused = await admin.post(inside, configMap('late'));
    assertStatus(
      refused,
      403,
      'Forbidden',
      new RegExp(`unable to create new content in namespace ${name} because it is being terminated`),
    );
    assert.equal(refused.body.details.causes[0].reason, 'NamespaceTerminating');
    await pollUntil('the conditions', async () => {
      const { body } = await admin.get(`/api/v1/namespaces/${name}`);
      return body.status.conditions?.some(
        (c: Wire) => c.type === 'NamespaceFinalizersRemaining' && c.status === 'True',
      );
    });
    await admin.patch(`${inside}/held`, MERGE_PATCH, { metadata: { finalizers: null } });
    await gone(`/api/v1/namespaces/${name}`);
  });

  it('the default namespace cannot be deleted', async () => {
    const reply = await admin.delete('/api/v1/namespaces/default');
    assertStatus(
      reply,
      403,
      'Forbidden',
      /namespaces "default" is forbidden: this namespace may not be deleted/,
    );
  });
});
