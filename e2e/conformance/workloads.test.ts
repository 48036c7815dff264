import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH, STRATEGIC_PATCH } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { container, daemonSet, deployment, job, replicaSet, statefulSet } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('workloads');
const pods = `/api/v1/namespaces/${ns}/pods`;
const apps = `/apis/apps/v1/namespaces/${ns}`;
const batch = `/apis/batch/v1/namespaces/${ns}`;
const patience = { deadlineMs: 50_000, everyMs: 100 };

const read = async (path: string): Promise<Wire> => (await admin.get(path)).body;
const podsOf = async (app: string): Promise<Wire[]> =>
  (await admin.get(pods, { labelSelector: `app=${app}` })).body.items;
const alive = async (app: string): Promise<Wire[]> =>
  (await podsOf(app)).filter((pod) => pod.metadata.deletionTimestamp === undefined);
const setsOf = async (app: string): Promise<Wire[]> =>
  (await admin.get(`${apps}/replicasets`, { labelSelector: `app=${app}` })).body.items;
const revisionOf = (object: Wire): string => object.metadata.annotations['deployment.kubernetes.io/revision'];

const rolledOut = (name: string): Promise<Wire> =>
  pollUntil(
    `${name} to be rolled out`,
    async () => {
      const now = await read(`${apps}/deployments/${name}`);
      const { status, spec, metadata } = now;
      return (
        status.observedGeneration === metadata.generation &&
        status.updatedReplicas === spec.replicas &&
        status.availableReplicas === spec.replicas &&
        (status.replicas ?? 0) === spec.replicas &&
        now
      );
    },
    patience,
  );

const newTemplate = (mark: string): Wire => ({ spec: { template: { metadata: { annotations: { mark } } } } });

cases(
  'deployments',
  target,
  (it) => {
    it('make a replica set and pods that are owned and named after it', async () => {
      await admin.post(`${apps}/deployments`, deployment('web', 2));
      const now = await rolledOut('web');
      const [set] = await setsOf('web');
      assert.match(set.metadata.name, /^web-[a-z0-9]+$/);
      const hash = set.metadata.labels['pod-template-hash'];
      assert.equal(set.metadata.name, `web-${hash}`);
      assert.equal(set.metadata.ownerReferences[0].uid, now.metadata.uid);
      assert.equal(set.metadata.ownerReferences[0].controller, true);
      assert.equal(revisionOf(now), '1');
      assert.equal(revisionOf(set), '1');
      for (const pod of await podsOf('web')) {
        assert.match(pod.metadata.name, new RegExp(`^${set.metadata.name}-[a-z0-9]{5}$`));
        assert.equal(pod.metadata.generateName, `${set.metadata.name}-`);
        assert.equal(pod.metadata.labels['pod-template-hash'], hash);
        assert.equal(pod.metadata.ownerReferences[0].uid, set.metadata.uid);
      }
      const conditions = new Map<string, Wire>(now.status.conditions.map((c: Wire) => [c.type, c]));
      assert.equal(conditions.get('Available').status, 'True');
      assert.equal(conditions.get('Progressing').reason, 'NewReplicaSetAvailable');
    });

    it('replace a pod that is deleted', async () => {
      await admin.post(`${apps}/deployments`, deployment('heals', 1));
      await rolledOut('heals');
      const [lost] = await podsOf('heals');
      await admin.delete(`${pods}/${lost.metadata.name}`, { gracePeriodSeconds: 0 });
      await pollUntil(
        'another pod',
        async () => (await alive('heals')).some((pod) => pod.metadata.uid !== lost.metadata.uid),
        patience,
      );
      await rolledOut('heals');
    });

    it('scale up and down through the subresource', async () => {
      await admin.post(`${apps}/deployments`, deployment('scales', 1));
      await rolledOut('scales');
      const path = `${apps}/deployments/scales/scale`;
      assertCode(await admin.patch(path, MERGE_PATCH, { spec: { replicas: 3 } }), 200);
      await rolledOut('scales');
      assert.equal((await alive('scales')).length, 3);
      const scale = await read(path);
      assert.equal(scale.kind, 'Scale');
      assert.deepEqual(scale.status, { replicas: 3, selector: 'app=scales' });
      await admin.patch(path, MERGE_PATCH, { spec: { replicas: 0 } });
      await pollUntil('no pods', async () => (await alive('scales')).length === 0, patience);
    });

    it('a changed template rolls a new replica set out and keeps the old one', async () => {
      await admin.post(`${apps}/deployments`, deployment('rolls', 2));
      await rolledOut('rolls');
      const before = (await setsOf('rolls'))[0];
      await admin.patch(`${apps}/deployments/rolls`, STRATEGIC_PATCH, newTemplate('two'));
      const now = await rolledOut('rolls');
      assert.equal(revisionOf(now), '2');
      const sets = await setsOf('rolls');
      assert.equal(sets.length, 2);
      assert.equal(sets.find((set) => set.metadata.uid === before.metadata.uid).spec.replicas, 0);
      for (const pod of await alive('rolls')) assert.equal(pod.metadata.annotations.mark, 'two');
    });

    it('the template of before takes the old replica set again, with a new revision', async () => {
      await admin.post(`${apps}/deployments`, deployment('undoes', 1));
      await rolledOut('undoes');
      const first = (await setsOf('undoes'))[0];
      await admin.patch(`${apps}/deployments/undoes`, STRATEGIC_PATCH, newTemplate('bad'));
      await rolledOut('undoes');
      await admin.patch(`${apps}/deployments/undoes`, STRATEGIC_PATCH, {
        spec: { template: { metadata: { annotations: { mark: null } } } },
      });
      const now = await rolledOut('undoes');
      assert.equal(revisionOf(now), '3');
      const sets = await setsOf('undoes');
      assert.equal(sets.length, 2);
      const again = sets.find((set) => set.metadata.uid === first.metadata.uid);
      assert.equal(again.spec.replicas, 1);
      assert.equal(revisionOf(again), '3');
      assert.equal(again.metadata.annotations['deployment.kubernetes.io/revision-history'], '1');
    });

    it('kubectl rollout restart is a change of the template', async () => {
      await admin.post(`${apps}/deployments`, deployment('restarts', 1));
      await rolledOut('restarts');
      const [before] = await podsOf('restarts');
      await admin.patch(`${apps}/deployments/restarts`, STRATEGIC_PATCH, {
        spec: {
          template: {
            metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } },
          },
        },
      });
      await rolledOut('restarts');
      const now = await alive('restarts');
      assert.equal(now.length, 1);
      assert.notEqual(now[0]?.metadata.uid, before.metadata.uid);
    });

    it('a paused deployment does not roll out', async () => {
      await admin.post(`${apps}/deployments`, deployment('pauses', 1));
      await rolledOut('pauses');
      await admin.patch(`${apps}/deployments/pauses`, MERGE_PATCH, { spec: { paused: true } });
      await admin.patch(`${apps}/deployments/pauses`, STRATEGIC_PATCH, newTemplate('later'));
      await pollUntil(
        'the controller to look',
        async () => {
          const now = await read(`${apps}/deployments/pauses`);
          return now.status.observedGeneration === now.metadata.generation;
        },
        patience,
      );
      assert.equal((await setsOf('pauses')).length, 1);
      const { status } = await read(`${apps}/deployments/pauses`);
      assert.equal(status.conditions.find((c: Wire) => c.type === 'Progressing').reason, 'DeploymentPaused');
      await admin.patch(`${apps}/deployments/pauses`, MERGE_PATCH, { spec: { paused: false } });
      await rolledOut('pauses');
      assert.equal((await setsOf('pauses')).length, 2);
    });

    it('Recreate ends the old pods before it starts new ones', async () => {
      await admin.post(`${apps}/deployments`, deployment('recreates', 1, { strategy: { type: 'Recreate' } }));
      await rolledOut('recreates');
      const from = (await admin.get(pods)).body.metadata.resourceVersion;
      using watch = await admin.watch(pods, { resourceVersion: from, labelSelector: 'app=recreates' });
      await admin.patch(`${apps}/deployments/recreates`, STRATEGIC_PATCH, newTemplate('two'));
      await rolledOut('recreates');
      const told = watch.events.filter((e) => e.type !== 'MODIFIED').map((e) => e.type);
      assert.deepEqual(told, ['DELETED', 'ADDED']);
    });

    it('a rollout that cannot progress is told after its deadline', async () => {
      const stuck = deployment('stuck', 1, { progressDeadlineSeconds: 1 });
      stuck.spec.template.spec.containers = [container('true', { image: 'local/does-not-exist:1' })];
      await admin.post(`${apps}/deployments`, stuck);
      const condition = await pollUntil(
        'the condition',
        async () => {
          const { status } = await read(`${apps}/deployments/stuck`);
          return status?.conditions?.find((c: Wire) => c.type === 'Progressing' && c.status === 'False');
        },
        patience,
      );
      assert.equal(condition.reason, 'ProgressDeadlineExceeded');
      const { status } = await read(`${apps}/deployments/stuck`);
      assert.equal(status.unavailableReplicas, 1);
    });

    it('a selector that does not match the template is 422', async () => {
      const wrong = deployment('wrong', 1);
      wrong.spec.template.metadata.labels = { app: 'other' };
      assertStatus(
        await admin.post(`${apps}/deployments`, wrong),
        422,
        'Invalid',
        /spec\.template\.metadata\.labels: Invalid value: .*`selector` does not match template `labels`/,
      );
    });

    it('negative replicas are 422', async () => {
      assertStatus(
        await admin.post(`${apps}/deployments`, deployment('negative', -1)),
        422,
        'Invalid',
        /spec\.replicas: Invalid value: -1: must be greater than or equal to 0/,
      );
    });
  },
  { concurrency: 12 },
);

cases('replica sets', target, (it) => {
  it('keep their number and count', async () => {
    await admin.post(`${apps}/replicasets`, replicaSet('rs', 2));
    const now = await pollUntil(
      'ready replicas',
      async () => {
        const seen = await read(`${apps}/replicasets/rs`);
        return seen.status.readyReplicas === 2 && seen;
      },
      patience,
    );
    assert.equal(now.status.replicas, 2);
    assert.equal(now.status.fullyLabeledReplicas, 2);
  });

  it('adopt a pod that matches and release one that no longer does', async () => {
    await admin.post(`${apps}/replicasets`, replicaSet('adopts', 1));
    const [pod] = await pollUntil(
      'a pod',
      async () => {
        const seen = await podsOf('adopts');
        return seen.length === 1 && seen;
      },
      patience,
    );
    await admin.patch(`${pods}/${pod.metadata.name}`, MERGE_PATCH, {
      metadata: { labels: { app: 'freed' } },
    });
    await pollUntil(
      'it to be released',
      async () => (await podsOf('freed'))[0]?.metadata.ownerReferences === undefined,
      patience,
    );
    await pollUntil('another one', async () => (await alive('adopts')).length === 1, patience);
    await admin.delete(pods, { gracePeriodSeconds: 0 }, { labelSelector: 'app=freed' });
  });
});

cases('stateful sets', target, (it) => {
  it('make pods in order, with stable names', async () => {
    const from = (await admin.get(pods)).body.metadata.resourceVersion;
    using watch = await admin.watch(pods, { resourceVersion: from, labelSelector: 'app=db' });
    await admin.post(`${apps}/statefulsets`, statefulSet('db', 3));
    await pollUntil(
      'three ready',
      async () => (await read(`${apps}/statefulsets/db`)).status.readyReplicas === 3,
      patience,
    );
    const added = watch.events.filter((e) => e.type === 'ADDED').map((e) => e.object.metadata.name);
    assert.deepEqual(added, ['db-0', 'db-1', 'db-2']);
    const zeroReady = watch.events.findIndex(
      (e) =>
        e.object.metadata.name === 'db-0' &&
        e.object.status.conditions?.some((c: Wire) => c.type === 'Ready' && c.status === 'True'),
    );
    const oneAdded = watch.events.findIndex((e) => e.object.metadata.name === 'db-1');
    assert.ok(zeroReady >= 0 && zeroReady < oneAdded, 'db-1 is made when db-0 is ready');
    const pod = await read(`${pods}/db-1`);
    assert.equal(pod.metadata.labels['statefulset.kubernetes.io/pod-name'], 'db-1');
    assert.equal(pod.metadata.labels['apps.kubernetes.io/pod-index'], '1');
    assert.equal(pod.spec.hostname, 'db-1');
    assert.equal(pod.spec.subdomain, 'db');
  });

  it('make a deleted pod again under its name', async () => {
    await admin.post(`${apps}/statefulsets`, statefulSet('again', 1));
    await pollUntil(
      'ready',
      async () => (await read(`${apps}/statefulsets/again`)).status.readyReplicas === 1,
      patience,
    );
    const before = await read(`${pods}/again-0`);
    await admin.delete(`${pods}/again-0`, { gracePeriodSeconds: 0 });
    await pollUntil(
      'the next',
      async () => {
        const now = await admin.get(`${pods}/again-0`);
        return now.status === 200 && now.body.metadata.uid !== before.metadata.uid;
      },
      patience,
    );
  });

  it('scale down from the highest', async () => {
    await admin.post(`${apps}/statefulsets`, statefulSet('shrinks', 2, { podManagementPolicy: 'Parallel' }));
    await pollUntil(
      'ready',
      async () => (await read(`${apps}/statefulsets/shrinks`)).status.readyReplicas === 2,
      patience,
    );
    await admin.patch(`${apps}/statefulsets/shrinks/scale`, MERGE_PATCH, { spec: { replicas: 1 } });
    await pollUntil('one left', async () => (await podsOf('shrinks')).length === 1, patience);
    assert.equal((await podsOf('shrinks'))[0]?.metadata.name, 'shrinks-0');
  });

  it('roll a new template out', async () => {
    await admin.post(`${apps}/statefulsets`, statefulSet('updates', 1));
    const ready = (): Promise<Wire> =>
      pollUntil(
        'ready',
        async () => {
          const now = await read(`${apps}/statefulsets/updates`);
          return (
            now.status.readyReplicas === 1 &&
            now.status.updatedReplicas === 1 &&
            now.status.observedGeneration === now.metadata.generation &&
            now.status.currentRevision === now.status.updateRevision &&
            now
          );
        },
        patience,
      );
    const first = await ready();
    await admin.patch(`${apps}/statefulsets/updates`, STRATEGIC_PATCH, newTemplate('two'));
    const second = await pollUntil(
      'the new revision',
      async () => {
        const now = await ready();
        return now.status.currentRevision !== first.status.currentRevision && now;
      },
      patience,
    );
    assert.equal((await read(`${pods}/updates-0`)).metadata.annotations.mark, 'two');
    const revisions = (await admin.get(`${apps}/controllerrevisions`, { labelSelector: 'app=updates' })).body;
    assert.ok(namesOf(revisions).includes(second.status.updateRevision));
    assert.ok(namesOf(revisions).includes(first.status.updateRevision));
  });
});

cases('daemon sets', target, (it) => {
  it('make one pod on each node that takes it', async () => {
    await admin.post(`${apps}/daemonsets`, daemonSet('agents'));
    const now = await pollUntil(
      'ready everywhere',
      async () => {
        const { status } = await read(`${apps}/daemonsets/agents`);
        return (
          status.desiredNumberScheduled > 0 && status.numberReady === status.desiredNumberScheduled && status
        );
      },
      patience,
    );
    const made = await podsOf('agents');
    assert.equal(made.length, now.desiredNumberScheduled);
    assert.equal(new Set(made.map((pod) => pod.spec.nodeName)).size, made.length);
    assert.equal(now.numberMisscheduled, 0);
  });

  it('make none where no node matches', async () => {
    const nowhere = daemonSet('nowhere');
    nowhere.spec.template.spec.nodeSelector = { 'no-such': 'node' };
    await admin.post(`${apps}/daemonsets`, nowhere);
    await pollUntil(
      'the controller to look',
      async () => (await read(`${apps}/daemonsets/nowhere`)).status.observedGeneration === 1,
      patience,
    );
    assert.equal((await read(`${apps}/daemonsets/nowhere`)).status.desiredNumberScheduled, 0);
  });
});

cases(
  'jobs and cron jobs',
  target,
  (it) => {
    it('a job completes', async () => {
      await admin.post(`${batch}/jobs`, job('sums', 'echo 42'));
      const now = await pollUntil(
        'completion',
        async () => {
          const seen = await read(`${batch}/jobs/sums`);
          return (
            seen.status.conditions?.some((c: Wire) => c.type === 'Complete' && c.status === 'True') && seen
          );
        },
        patience,
      );
      assert.equal(now.status.succeeded, 1);
      assert.ok(now.status.startTime);
      assert.ok(now.status.completionTime);
      const [pod] = (await admin.get(pods, { labelSelector: 'batch.kubernetes.io/job-name=sums' })).body
        .items;
      assert.equal(pod.status.phase, 'Succeeded');
      assert.equal(pod.metadata.labels['job-name'], 'sums');
      assert.equal(pod.metadata.labels['controller-uid'], now.metadata.uid);
    });

    it('a job runs its completions in parallel', async () => {
      await admin.post(`${batch}/jobs`, job('several', 'true', { completions: 3, parallelism: 3 }));
      const now = await pollUntil(
        'completion',
        async () => {
          const { status } = await read(`${batch}/jobs/several`);
          return status.completionTime !== undefined && status;
        },
        patience,
      );
      assert.equal(now.succeeded, 3);
    });

    it('a job that fails too often is Failed', async () => {
      await admin.post(`${batch}/jobs`, job('fails', 'exit 1', { backoffLimit: 0 }));
      const condition = await pollUntil(
        'failure',
        async () => {
          const { status } = await read(`${batch}/jobs/fails`);
          return status.conditions?.find((c: Wire) => c.type === 'Failed' && c.status === 'True');
        },
        patience,
      );
      assert.equal(condition.reason, 'BackoffLimitExceeded');
      assert.equal((await read(`${batch}/jobs/fails`)).status.failed, 1);
    });

    it('ttlSecondsAfterFinished takes a finished job away', async () => {
      await admin.post(`${batch}/jobs`, job('brief', 'true', { ttlSecondsAfterFinished: 0 }));
      await pollUntil(
        'it to go',
        async () => (await admin.get(`${batch}/jobs/brief`)).status === 404,
        patience,
      );
    });

    it('a suspended job starts when it is resumed', async () => {
      await admin.post(`${batch}/jobs`, job('sleeps', 'true', { suspend: true }));
      await pollUntil(
        'the condition',
        async () =>
          (await read(`${batch}/jobs/sleeps`)).status.conditions?.some(
            (c: Wire) => c.type === 'Suspended' && c.status === 'True',
          ),
        patience,
      );
      assert.equal((await admin.get(pods, { labelSelector: 'job-name=sleeps' })).body.items.length, 0);
      await admin.patch(`${batch}/jobs/sleeps`, MERGE_PATCH, { spec: { suspend: false } });
      await pollUntil(
        'completion',
        async () => (await read(`${batch}/jobs/sleeps`)).status.succeeded === 1,
        patience,
      );
    });

    const cronJob = (name: string, spec: Wire): Wire => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: { jobTemplate: { spec: job('x', 'true').spec }, ...spec },
    });

    it('a cron job is kept with its defaults', async () => {
      const { body } = await admin.post(`${batch}/cronjobs`, cronJob('yearly', { schedule: '0 0 1 1 *' }));
      assert.equal(body.spec.concurrencyPolicy, 'Allow');
      assert.equal(body.spec.suspend, false);
      assert.equal(body.spec.successfulJobsHistoryLimit, 3);
      assert.equal(body.spec.failedJobsHistoryLimit, 1);
    });

    it('a schedule that cannot be read is 422', async () => {
      assertStatus(
        await admin.post(`${batch}/cronjobs`, cronJob('odd', { schedule: 'sometimes' })),
        422,
        'Invalid',
        /spec\.schedule: Invalid value: "sometimes"/,
      );
    });

    it(
      'a cron job makes a job when its minute comes',
      async () => {
        await admin.post(`${batch}/cronjobs`, cronJob('minutely', { schedule: '* * * * *' }));
        const made = await pollUntil(
          'the job',
          async () => {
            const { body } = await admin.get(`${batch}/jobs`);
            return body.items.find((item: Wire) => item.metadata.ownerReferences?.[0]?.name === 'minutely');
          },
          { deadlineMs: 75_000, everyMs: 250 },
        );
        assert.match(made.metadata.name, /^minutely-\d+$/);
        assert.equal(made.metadata.ownerReferences[0].kind, 'CronJob');
        const { status } = await pollUntil(
          'the time of the run',
          async () => {
            const seen = await read(`${batch}/cronjobs/minutely`);
            return seen.status.lastScheduleTime !== undefined && seen;
          },
          patience,
        );
        assert.match(status.lastScheduleTime, /:00Z$/);
        await admin.delete(`${batch}/cronjobs/minutely`);
      },
      { deadlineMs: 90_000 },
    );
  },
  { concurrency: 12 },
);

cases('services', target, (it) => {
  it('get endpoints of the ready pods they select', async () => {
    await admin.post(`${apps}/deployments`, deployment('backend', 1));
    await admin.post(`/api/v1/namespaces/${ns}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'backend' },
      spec: { selector: { app: 'backend' }, ports: [{ name: 'web', port: 80, targetPort: 8080 }] },
    });
    await rolledOut('backend');
    const [pod] = await podsOf('backend');
    const slice = await pollUntil(
      'the endpoint',
      async () => {
        const { body } = await admin.get(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, {
          labelSelector: 'kubernetes.io/service-name=backend',
        });
        return body.items[0]?.endpoints?.[0]?.conditions.ready && body.items[0];
      },
      patience,
    );
    assert.deepEqual(slice.endpoints[0].addresses, [pod.status.podIP]);
    assert.equal(slice.endpoints[0].targetRef.name, pod.metadata.name);
    assert.equal(slice.ports[0].port, 8080);
  });
});
