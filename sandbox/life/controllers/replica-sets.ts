import { matchesLabels, requirementsOf } from '@krateyard/kube/meta/label-selector';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { availableInMs, controllerOf, isActive, isDeleting, isReady, ownerReference } from '../pod-state.ts';
import { podFromTemplate } from '../pod-template.ts';
import type { Pod } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import type { ReplicaSet } from '../workload-types.ts';

const IDENTITY: ControllerIdentity = {
  component: 'replicaset-controller',
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
};

/** Keeps as many pods of each ReplicaSet as it asks for; takes orphans over that match, and lets go of those that no longer do. */
export function addReplicaSetController(context: ControllerContext): void {
  const { world, loop } = context;
  const sets = world.mirror<ReplicaSet>(RESOURCES.replicaSets);
  const pods = world.mirror<Pod>(RESOURCES.pods);
  const enqueue = loop.register('replicasets', async (key) => {
    const set = sets.get(key);
    return set && !isDeleting(set) ? reconcile(context, set) : undefined;
  });
  sets.onChange((set) => enqueue(objectKey(set)));
  pods.onChange((pod, old) => {
    for (const each of [pod, old]) {
      const key = each && controllerKey(each, 'ReplicaSet');
      if (key !== undefined) enqueue(key);
    }
    if (controllerOf(pod) || !pod.metadata.labels) return;
    for (const set of sets.inNamespace(pod.metadata.namespace!))
      if (selects(set, pod)) enqueue(objectKey(set));
  });
}

/** In the order in which they are given up when there are too many: what serves least goes first. */
function byDispensability(a: Pod, b: Pod): number {
  return (
    rank(a.spec.nodeName !== undefined, b.spec.nodeName !== undefined) ||
    rank(a.status?.phase === 'Running', b.status?.phase === 'Running') ||
    rank(isReady(a), isReady(b)) ||
    (a.metadata.creationTimestamp! < b.metadata.creationTimestamp! ? 1 : -1) ||
    0
  );
}

function rank(a: boolean, b: boolean): number {
  return Number(a) - Number(b);
}

function selects(set: ReplicaSet, pod: Pod): boolean {
  const requirements = requirementsOf(set.spec.selector);
  return requirements !== undefined && matchesLabels(requirements, pod.metadata.labels);
}

async function reconcile(context: ControllerContext, set: ReplicaSet): Promise<number | void> {
  const owned = await claim(context, set);
  const active = owned.filter(isActive);
  const missing = (set.spec.replicas ?? 1) - active.length;
  if (missing > 0) await createPods(context, set, missing);
  else if (missing < 0) await deletePods(context, set, active.toSorted(byDispensability).slice(0, -missing));
  const now = context.world.mirror<Pod>(RESOURCES.pods).ownedBy(set.metadata.uid!).filter(isActive);
  return writeStatus(context, set, now);
}

/** The set's pods, after adopting matching orphans and releasing pods whose labels changed. */
async function claim(context: ControllerContext, set: ReplicaSet): Promise<Pod[]> {
  const { world } = context;
  const pods = world.mirror<Pod>(RESOURCES.pods);
  for (const pod of Array.from(pods.inNamespace(set.metadata.namespace!))) {
    const owner = controllerOf(pod);
    if (!owner && isActive(pod) && selects(set, pod))
      await world.patch(RESOURCES.pods, pod, {
        metadata: {
          uid: pod.metadata.uid,
          ownerReferences: [
            ...(pod.metadata.ownerReferences ?? []),
            ownerReference(set, IDENTITY.apiVersion, IDENTITY.kind),
          ],
        },
      });
    else if (owner?.uid === set.metadata.uid && !isDeleting(pod) && !selects(set, pod))
      await world.patch(RESOURCES.pods, pod, {
        metadata: {
          ownerReferences: pod.metadata.ownerReferences!.filter((each) => each.uid !== set.metadata.uid),
        },
      });
  }
  return pods.ownedBy(set.metadata.uid!);
}

async function createPods(context: ControllerContext, set: ReplicaSet, count: number): Promise<void> {
  const owner = ownerReference(set, IDENTITY.apiVersion, IDENTITY.kind);
  for (let made = 0; made < count; made++) {
    try {
      const pod = await context.world.create(
        RESOURCES.pods,
        podFromTemplate(set.spec.template, owner, {
          namespace: set.metadata.namespace!,
          generateName: `${set.metadata.name}-`,
        }),
      );
      await recordFor(
        context,
        IDENTITY,
        set,
        'Normal',
        'SuccessfulCreate',
        `Created pod: ${pod.metadata.name}`,
      );
    } catch (error) {
      const message = `Error creating: ${(error as Error).message}`;
      await recordFor(context, IDENTITY, set, 'Warning', 'FailedCreate', message);
      throw error;
    }
  }
}

async function deletePods(context: ControllerContext, set: ReplicaSet, doomed: Pod[]): Promise<void> {
  for (const pod of doomed) {
    await context.world.remove(RESOURCES.pods, pod);
    await recordFor(
      context,
      IDENTITY,
      set,
      'Normal',
      'SuccessfulDelete',
      `Deleted pod: ${pod.metadata.name}`,
    );
  }
}

async function writeStatus(context: ControllerContext, set: ReplicaSet, pods: Pod[]): Promise<number | void> {
  const now = context.world.clock.now();
  const templateLabels = Object.entries(set.spec.template.metadata?.labels ?? {});
  const waits = pods.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const status = {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) =>
      templateLabels.every(([key, value]) => pod.metadata.labels?.[key] === value),
    ).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: waits.filter((wait) => wait === 0).length,
    observedGeneration: set.metadata.generation ?? 0,
  };
  const old = set.status ?? {};
  const same = Object.entries(status).every(
    ([field, value]) => (old[field as keyof typeof status] ?? 0) === value,
  );
  if (!same || old.replicas === undefined)
    await context.world.patchStatus(
      RESOURCES.replicaSets,
      set,
      nulled(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
    );
  const soonest = Math.min(...waits.filter((wait) => wait !== undefined && wait > 0).map(Number));
  return Number.isFinite(soonest) ? soonest : undefined;
}

/** Counters that Kubernetes leaves out while they are 0, as a merge patch. */
export function nulled<T extends Record<string, unknown>>(status: T, fields: readonly (keyof T)[]): object {
  const omitted = fields.filter((field) => status[field] === 0).map((field) => [field, null] as const);
  return { ...status, ...Object.fromEntries(omitted) };
}
