import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound, reasonOf, StatusError } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { ActionBody, DrainPod } from '../../contract/action-api.ts';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import { requireOneOf, type Action, type ActionCall } from './action.ts';
import { awaitExpectation } from './await-expectation.ts';
import { deletionProgress } from './delete-action.ts';
import { readDrain } from './drain-plan.ts';
import { eachOf } from './each-of.ts';
import { cordon, NODES } from './node-actions.ts';

/** Evictions that are under way at once. */
const AT_ONCE = 5;
/** A disruption budget is asked again after about this long; kubectl waits as long. */
const AGAIN_MS = 5_000;
/** Rolling what a budget covers may take long; the person can cancel at any time. */
const POD_MS = 60 * 60_000;

export const drain: Action<ActionBody<'drain'>> = {
  title: (what) => `Drain ${what}`,
  check: ({ kind }) => requireOneOf(kind, NODES, 'drained'),
  ask: cordon.ask as Action<ActionBody<'drain'>>['ask'],
  run: async (call, body, report) => {
    const { plan, pods } = await readDrain(call.client, call.name, body.podSelector, call.signal);
    const going = plan.pods.filter(({ fate }) => fate !== 'stays');
    refuseLosses(going, body);
    report.addSteps([
      { title: `Cordon ${call.name}`, target: { kind: call.path, name: call.name } },
      ...going.map(({ namespace, name }) => ({
        title: `Evict ${namespace}/${name}`,
        target: { kind: 'pods', namespace, name },
      })),
    ]);
    await cordonFirst(call, report);
    report.accepted(`${going.length} pods to evict`);
    const count = { done: 0 };
    await eachOf(going, AT_ONCE, async (pod, index) => {
      const object = pods.find(
        (one) => one.metadata.name === pod.name && one.metadata.namespace === pod.namespace,
      );
      await evictPod(call, body, object!, (why) => report.step(index + 1, { state: 'running', detail: why }));
      report.step(index + 1, { state: 'done', detail: 'Gone' });
      report.message(`${(count.done += 1)} of ${going.length} pods are gone`);
    });
  },
};

/** Throws BadRequest that names what would be lost and has not been agreed to. */
function refuseLosses(pods: readonly DrainPod[], { force, deleteEmptyDirData }: ActionBody<'drain'>): void {
  const of = (need: DrainPod['needs'][number]): string[] =>
    pods.filter(({ needs }) => needs.includes(need)).map(({ namespace, name }) => `${namespace}/${name}`);
  const unmanaged = force ? [] : of('unmanaged');
  const emptyDir = deleteEmptyDirData ? [] : of('emptyDir');
  const words = [
    ...(unmanaged.length > 0 ? [`nothing makes these anew (force): ${listed(unmanaged)}`] : []),
    ...(emptyDir.length > 0 ? [`these lose their emptyDir (deleteEmptyDirData): ${listed(emptyDir)}`] : []),
  ];
  if (words.length > 0) throw new StatusError('BadRequest', `nothing was drained: ${words.join('; ')}`);
}

const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

async function cordonFirst(call: ActionCall, report: TaskReport): Promise<void> {
  report.step(0, { state: 'running' });
  const expectation = await cordon.ask(call, { targets: [] });
  await awaitExpectation({ ...call, expectation, onWhy: (why) => report.step(0, { detail: why }) });
  report.step(0, { state: 'done' });
}

/** Resolves when the pod is gone; held up by budgets it asks again, until cancelled. */
async function evictPod(
  call: ActionCall,
  { gracePeriodSeconds }: ActionBody<'drain'>,
  pod: KubeObject,
  onWhy: (why: string) => void,
): Promise<void> {
  const { deps, signal } = call;
  onWhy('Asking to evict it');
  while (!(await evicted(call, pod, gracePeriodSeconds, onWhy))) {
    await deps.clock.sleep(AGAIN_MS * (0.75 + deps.clock.random() / 2), signal);
  }
  const { name = '', namespace, uid } = pod.metadata;
  const kind = (await deps.kinds.find('v1/pods', signal))!;
  await awaitExpectation({
    ...call,
    onWhy,
    expectation: {
      kind,
      name,
      namespace,
      since: undefined,
      deadlineMs: POD_MS,
      judge: (object) => deletionProgress(object, uid),
    },
  });
}

/** False: a disruption budget does not allow it now. */
async function evicted(
  { client, signal }: ActionCall,
  pod: KubeObject,
  gracePeriodSeconds: number | undefined,
  onWhy: (why: string) => void,
): Promise<boolean> {
  const { name = '', namespace = '', uid } = pod.metadata;
  try {
    await client.request({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/${SHORT_KINDS.pods.resource}/${encodeURIComponent(name)}/eviction`,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace },
        deleteOptions: {
          ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
          preconditions: { uid },
        },
      },
      signal,
    });
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    if (reasonOf(error) !== 'TooManyRequests') throw error;
    onWhy(heldUp(error as StatusError));
    return false;
  }
}

function heldUp({ message, details }: StatusError): string {
  const causes = (details?.causes ?? []).flatMap((cause) => cause.message ?? []);
  return `It waits: ${causes.length > 0 ? causes.join(' ') : message}`;
}
