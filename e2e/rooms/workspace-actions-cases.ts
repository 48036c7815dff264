import assert from 'node:assert/strict';
import type { Task } from '@krateyard/tasks/task';
import type { BlastRadius, DrainPlan, RevisionList } from '@krateyard/workspace/contract/action-api';
import type { Reply } from '../harness/api.ts';
import { cases } from '../harness/cases.ts';
import { configMap, deployment, pod, statefulSet } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Person, RoomFixture } from './room-fixture.ts';

const APPS = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}`;

async function act(who: Person, action: string, body: object): Promise<Task> {
  const reply = await who.api.post(`/api/actions/${action}`, body);
  assert.equal(reply.status, 202, reply.text);
  return reply.body as Task;
}

const taskOf = async (who: Person, id: string): Promise<Task> =>
  (await who.api.get(`/api/tasks/${id}`)).body as Task;

/** The task when it has ended. */
async function ended(who: Person, { id }: Task): Promise<Task> {
  return pollUntil(
    'the end of the task',
    async () => {
      const task = await taskOf(who, id);
      assert.ok(task.endedAt !== undefined, JSON.stringify(task));
      return task;
    },
    { deadlineMs: 45_000 },
  );
}

async function observed(who: Person, started: Task): Promise<Task> {
  const task = await ended(who, started);
  assert.equal(task.state, 'observed', JSON.stringify(task, undefined, 1));
  return task;
}

function assertRefused(reply: Reply, code: number, words: RegExp): void {
  assert.equal(reply.status, code, reply.text);
  assert.match(reply.body.message as string, words);
}

/** What people do through the gateway, from the request to what the watch shows, against any cluster. */
export function workspaceActionsCases({ target, person }: RoomFixture): void {
  cases('actions', target, (it) => {
    it('[AC1, AC3] scaling is requested, accepted, and observed when the pods are there; live on the watch', async () => {
      const namespace = await target.namespace('scale');
      const who = await person('editor');
      await who.grant('edit', namespace);
      await target.make(`${APPS(namespace)}/deployments`, deployment('web', 1));
      const watch = await who.watch();
      watch.send({ type: 'tasks', on: true });
      assert.deepEqual((await watch.frame('tasks')).items, []);
      const targets = [{ kind: 'deployments', namespace, name: 'web' }];
      const started = await act(who, 'scale', { targets, replicas: 2 });
      assert.deepEqual(
        [started.action, started.title, started.state],
        ['workspace.scale', 'Scale web to 2', 'requested'],
      );
      await observed(who, started);
      const now = await target.admin.get(`${APPS(namespace)}/deployments/web`);
      assert.deepEqual([now.body.spec.replicas, now.body.status.readyReplicas], [2, 2]);
      const told = (): string[] =>
        watch.frames.flatMap((frame) => (frame.type === 'task' ? frame.task.state : []));
      await pollUntil('the end on the watch', () => told().at(-1) === 'observed');
      assert.ok(told().includes('accepted'));
      assert.equal(((await who.api.get('/api/tasks')).body.items as Task[])[0]?.id, started.id);
    });

    it('[AC4] a rollout that does not get on says which pods wait and why', async () => {
      const namespace = await target.namespace('stuck');
      const who = await person('editor');
      await who.grant('edit', namespace);
      await target.make(`${APPS(namespace)}/deployments`, deployment('web', 1));
      const targets = [{ kind: 'deployments', namespace, name: 'web' }];
      const images = { main: 'does-not-exist.example/nothing:1' };
      const started = await act(who, 'set-image', { targets, images });
      const task = await pollUntil('the reason', async () => {
        const now = await taskOf(who, started.id);
        return /web-.*(ImagePull|ErrImage)/.test(now.message ?? '') && now;
      });
      assert.equal(task.state, 'accepted');
    });

    it('[AC5] a rollout goes back to an earlier revision, which can be looked at before', async () => {
      const namespace = await target.namespace('rollback');
      const who = await person('editor');
      await who.grant('edit', namespace);
      for (const [kind, object] of [
        ['deployments', deployment('web', 1)],
        ['statefulsets', statefulSet('db', 1)],
      ] as const) {
        await target.make(`${APPS(namespace)}/${kind}`, object);
        const name = object.metadata.name as string;
        const targets = [{ kind, namespace, name }];
        const command = object.spec.template.spec.containers[0].command as string[];
        await observed(who, await act(who, 'scale', { targets, replicas: 1 }));
        await observed(who, await act(who, 'restart', { targets }));
        const list = await who.api.get(`/api/resource/${kind}/${name}/revisions`, { ns: namespace });
        const { items } = list.body as RevisionList;
        assert.deepEqual(
          items.map(({ revision, current }) => [revision, current]),
          [
            [2, true],
            [1, false],
          ],
          list.text,
        );
        await observed(who, await act(who, 'rollback', { targets, revision: 1 }));
        const now = await target.admin.get(`${APPS(namespace)}/${kind}/${name}`);
        const { template } = now.body.spec;
        assert.equal(template.metadata.annotations?.['kubectl.kubernetes.io/restartedAt'], undefined);
        assert.deepEqual(template.spec.containers[0].command, command);
        const again = await ended(who, await act(who, 'rollback', { targets, revision: 99 }));
        assert.deepEqual([again.state, again.status?.reason], ['failed', 'NotFound']);
      }
    });

    it('[AC6] a paused rollout is told, not waited for, and resumes', async () => {
      const namespace = await target.namespace('paused');
      const who = await person('editor');
      await who.grant('edit', namespace);
      await target.make(`${APPS(namespace)}/deployments`, deployment('web', 1));
      const targets = [{ kind: 'deployments', namespace, name: 'web' }];
      await observed(who, await act(who, 'pause-rollout', { targets }));
      const refused = await ended(who, await act(who, 'restart', { targets }));
      assert.deepEqual([refused.state, refused.status?.reason], ['failed', 'Conflict']);
      await observed(who, await act(who, 'resume-rollout', { targets }));
      const now = await target.admin.get(`${APPS(namespace)}/deployments/web`);
      assert.equal(now.body.spec.paused ?? false, false);
    });

    it('[AC7] a CronJob is triggered, suspended and resumed; what a trigger makes is its own', async () => {
      const namespace = await target.namespace('cron');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const spec = {
        schedule: '0 0 1 1 *',
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: 'Never', containers: pod('x', 'exit 0').spec.containers },
            },
          },
        },
      };
      await target.make(`/apis/batch/v1/namespaces/${namespace}/cronjobs`, {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly' },
        spec,
      });
      const targets = [{ kind: 'batch/v1/cronjobs', namespace, name: 'nightly' }];
      await observed(who, await act(who, 'suspend', { targets }));
      const task = await observed(who, await act(who, 'trigger', { targets }));
      assert.match(task.message ?? '', /nightly-manual-\w+ has started/);
      const jobs = await target.admin.get(`/apis/batch/v1/namespaces/${namespace}/jobs`);
      assert.equal(jobs.body.items.length, 1);
      assert.equal(jobs.body.items[0].metadata.ownerReferences[0].name, 'nightly');
      await observed(who, await act(who, 'resume', { targets }));
    });

    it('[AC8] what a deletion takes along is told before, and it is done when it is gone', async () => {
      const namespace = await target.namespace('delete');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const made = await target.make(`${APPS(namespace)}/deployments`, deployment('web', 2));
      const targets = [{ kind: 'deployments', namespace, name: 'web' }];
      const blast = await pollUntil('its pods', async () => {
        const reply = await who.api.post('/api/blast-radius', { targets });
        const { takes } = reply.body as BlastRadius;
        return takes.some(({ kind, count }) => kind === 'Pod' && count === 2) && takes;
      });
      assert.deepEqual(
        blast.map(({ kind, count }) => [kind, count]),
        [
          ['Pod', 2],
          ['ReplicaSet', 1],
        ],
      );
      await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('alone'));
      const all = await who.api.post('/api/blast-radius', {
        targets: [{ kind: 'namespaces', name: namespace }],
      });
      const { takes } = all.body as BlastRadius;
      assert.ok(takes.find(({ kind }) => kind === 'ConfigMap')?.examples.includes('alone'));
      const stale = await ended(
        who,
        await act(who, 'delete', { targets: [{ ...targets[0], uid: 'another' }] }),
      );
      assert.deepEqual([stale.state, stale.status?.reason], ['failed', 'Conflict']);
      const uid = made.metadata.uid as string;
      await observed(who, await act(who, 'delete', { targets: [{ ...targets[0], uid }] }));
      assert.equal((await target.admin.get(`${APPS(namespace)}/deployments/web`)).status, 404);
    });

    it('[AC9] in bulk every object is a step, doubles are one, and failures do not hold up the rest', async () => {
      const namespace = await target.namespace('bulk');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      for (let index = 0; index < 30; index += 1) await target.make(path, configMap(`c${index}`));
      const named = (name: string) => ({ kind: 'configmaps', namespace, name });
      const targets = Array.from({ length: 30 }, (_, index) => named(`c${index}`));
      const body = { targets: [...targets, named('c0'), named('nowhere')], set: { team: 'a' } };
      const task = await ended(who, await act(who, 'label', body));
      assert.deepEqual([task.state, task.steps.length], ['failed', 31]);
      assert.match(task.status?.message ?? '', /^1 of 31 failed\. .*nowhere/);
      assert.equal(task.steps.filter(({ state }) => state === 'done').length, 30);
      const labelled = await target.admin.get(path, { labelSelector: 'team=a' });
      assert.equal(labelled.body.items.length, 30);
      await observed(who, await act(who, 'label', { targets, remove: ['team'] }));
    });

    it('[AC10] what makes no sense is refused before anything is asked', async () => {
      const namespace = await target.namespace('refuse');
      const who = await person('editor');
      await who.grant('edit', namespace);
      const one = { kind: 'configmaps', namespace, name: 'x' };
      const post = (action: string, body: object): Promise<Reply> =>
        who.api.post(`/api/actions/${action}`, body);
      assertRefused(await post('scale', { targets: [one], replicas: 1 }), 405, /cannot be scaled/);
      assertRefused(await post('restart', { targets: [one] }), 405, /cannot be restarted/);
      assertRefused(await post('scale', { targets: [one], replicas: -1 }), 422, /replicas/);
      assertRefused(await post('label', { targets: [one] }), 400, /no labels/);
      assertRefused(await post('label', { targets: [one], set: { a: 'b c' } }), 422, /label "a"/);
      assertRefused(
        await post('label', { targets: [{ ...one, namespace: '' }], set: { a: 'b' } }),
        400,
        /namespace/,
      );
      assertRefused(await post('delete', { targets: [] }), 422, /targets/);
      const many = Array.from({ length: 501 }, (_, index) => ({ ...one, name: `x${index}` }));
      assertRefused(await post('delete', { targets: many }), 422, /targets/);
      assertRefused(await post('delete', { targets: [{ ...one, kind: 'nothings' }] }), 404, /nothings/);
      assert.equal((await post('explode', { targets: [one] })).status, 404);
      assert.deepEqual((await who.api.get('/api/tasks')).body.items, []);
    });

    it('[AC2, AC11] rights are told beforehand, and what the API server refuses is told in its words', async () => {
      const namespace = await target.namespace('rights');
      const [viewer, other] = [await person('viewer'), await person('other')];
      await viewer.grant('view', namespace);
      await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('c'));
      const check = { verb: 'delete', group: '', resource: 'configmaps', namespace };
      const answers = await pollUntil('the grant', async () => {
        const reply = await viewer.api.post('/api/access', { checks: [check, { ...check, verb: 'list' }] });
        return reply.body.answers[1].allowed === true && (reply.body.answers as Record<string, unknown>[]);
      });
      assert.equal(answers[0]?.['allowed'], false);
      assert.match(String(answers[0]?.['reason']), /cannot delete resource "configmaps"/);
      const targets = [{ kind: 'configmaps', namespace, name: 'c' }];
      const task = await ended(viewer, await act(viewer, 'delete', { targets }));
      assert.deepEqual([task.state, task.status?.reason], ['failed', 'Forbidden']);
      assert.match(task.status?.message ?? '', new RegExp(viewer.username));
      assert.equal((await other.api.get(`/api/tasks/${task.id}`)).status, 404);
      assert.equal((await other.api.post(`/api/tasks/${task.id}/cancel`, undefined)).status, 404);
      assert.equal((await viewer.api.post(`/api/tasks/${task.id}/cancel`, undefined)).status, 409);
      const tooMany = Array.from({ length: 101 }, () => check);
      assertRefused(await viewer.api.post('/api/access', { checks: tooMany }), 422, /checks/);
    });
  });
  drainCases({ target, person } as RoomFixture);
}

/** Touches a node that others use too: only pods of its own are evicted, and the node is given back. */
function drainCases({ target, person }: RoomFixture): void {
  cases('drain', target, (it) => {
    it(
      '[AC12, AC13] a drain tells what it will do, waits for budgets, loses nothing unasked, and can be cancelled',
      async () => {
        const namespace = await target.namespace('drain');
        const who = await person('operator');
        await who.grant('cluster-admin');
        const app = target.unique('web');
        await target.make(`${APPS(namespace)}/deployments`, deployment(app, 2));
        await target.make(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'keep-all' },
          spec: { minAvailable: 2, selector: { matchLabels: { app } } },
        });
        const node = await pollUntil('two pods on one node', async () => {
          const pods = await target.admin.get(`/api/v1/namespaces/${namespace}/pods`);
          const names = pods.body.items
            .filter((one: { status: { phase: string } }) => one.status.phase === 'Running')
            .map((one: { spec: { nodeName?: string } }) => one.spec.nodeName);
          return names.length === 2 && (names[0] as string);
        });
        const podSelector = `app=${app}`;
        const planned = await pollUntil('the plan', async () => {
          const reply = await who.api.get(`/api/nodes/${node}/drain-plan`, { podSelector });
          const plan = reply.body as DrainPlan;
          return plan.pods?.some(({ budgets }) => budgets.some(({ allowed }) => allowed === 0)) && plan;
        });
        const going = planned.pods.filter(({ fate }) => fate === 'evict');
        assert.ok(going.length >= 1);
        assert.deepEqual([...new Set(going.map((one) => one.namespace))], [namespace]);
        assert.match(going[0]?.owner ?? '', /^ReplicaSet /);
        const bare = target.unique('bare');
        await target.make(
          `/api/v1/namespaces/${namespace}/pods`,
          pod(bare, undefined, { nodeName: node }, { labels: { app } }),
        );
        const targets = [{ kind: 'v1/nodes', name: node }];
        const careful = await ended(who, await act(who, 'drain', { targets, podSelector }));
        assert.deepEqual([careful.state, careful.status?.reason], ['failed', 'BadRequest']);
        assert.match(careful.status?.message ?? '', new RegExp(`nothing was drained: .*${bare}`));
        await target.admin.delete(`/api/v1/namespaces/${namespace}/pods/${bare}`, {
          gracePeriodSeconds: 0,
        });
        try {
          const held = await act(who, 'drain', { targets, podSelector });
          await pollUntil('the budget in words', async () => {
            const { steps } = await taskOf(who, held.id);
            return steps.some(({ detail }) => /keep-all/.test(detail ?? ''));
          });
          const cordoned = await target.admin.get(`/api/v1/nodes/${node}`);
          assert.equal(cordoned.body.spec.unschedulable, true);
          assert.equal((await who.api.post(`/api/tasks/${held.id}/cancel`, undefined)).status, 202);
          assert.equal((await ended(who, held)).state, 'cancelled');
          await target.admin.delete(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/keep-all`);
          const done = await observed(who, await act(who, 'drain', { targets, podSelector }));
          assert.ok(done.steps.every(({ state }) => state === 'done'));
        } finally {
          await observed(who, await act(who, 'uncordon', { targets }));
        }
      },
      { deadlineMs: 120_000 },
    );
  });
}
