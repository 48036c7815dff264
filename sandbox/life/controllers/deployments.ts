import { matchesLabels, requirementsOf } from '@krateyard/kube/meta/label-selector';
import { isAlreadyExists } from '@krateyard/status/status-error';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { controllerOf, isDeleting, ownerReference } from '../pod-state.ts';
import type { Pod } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import type { Deployment, ReplicaSet } from '../workload-types.ts';
import {
  HASH_LABEL,
  REVISION,
  currentSet,
  oldestFirst,
  recreateSizes,
  pastRevisions,
  revisionOf,
  rollingSizes,
  setAnnotations,
  size,
  templateHash,
  type SetSize,
} from './deployment-plan.ts';
import { deadlineInMs, deploymentStatus, isComplete } from './deployment-status.ts';
import { nulled } from './replica-sets.ts';

const IDENTITY: ControllerIdentity = {
  component: 'deployment-controller',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
};
const OMITTED = [
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
] as const;

/** Turns each Deployment's template into a ReplicaSet and moves its replicas there. */
export function addDeploymentController(context: ControllerContext): void {
  const { world, loop } = context;
  const deployments = world.mirror<Deployment>(RESOURCES.deployments);
  const sets = world.mirror<ReplicaSet>(RESOURCES.replicaSets);
  const pods = world.mirror<Pod>(RESOURCES.pods);
  const enqueue = loop.register('deployments', async (key) => {
    const deployment = deployments.get(key);
    return deployment && !isDeleting(deployment) ? reconcile(context, deployment) : undefined;
  });
  deployments.onChange((deployment) => enqueue(objectKey(deployment)));
  sets.onChange((set) => {
    const key = controllerKey(set, 'Deployment');
    if (key !== undefined) enqueue(key);
  });
  pods.onChange((pod, _old, gone) => {
    const setKey = gone ? controllerKey(pod, 'ReplicaSet') : undefined;
    const set = setKey === undefined ? undefined : sets.get(setKey);
    const key = set && controllerKey(set, 'Deployment');
    if (key !== undefined) enqueue(key);
  });
}

async function reconcile(context: ControllerContext, deployment: Deployment): Promise<number | void> {
  const sets = await claim(context, deployment);
  let current = currentSet(deployment, sets);
  if (!current && !deployment.spec.paused) current = await createSet(context, deployment, sets);
  if (current) current = await annotate(context, deployment, current, sets);
  const old = ownedSets(context, deployment).filter((set) => set.metadata.uid !== current?.metadata.uid);
  if (current) await resize(context, deployment, plan(context, deployment, current, old));
  return finish(context, deployment, current);
}

function ownedSets(context: ControllerContext, deployment: Deployment): ReplicaSet[] {
  const sets = context.world.mirror<ReplicaSet>(RESOURCES.replicaSets);
  return sets.ownedBy(deployment.metadata.uid!).filter((set) => !isDeleting(set));
}

async function claim(context: ControllerContext, deployment: Deployment): Promise<ReplicaSet[]> {
  const { world } = context;
  const requirements = requirementsOf(deployment.spec.selector);
  for (const set of Array.from(
    world.mirror<ReplicaSet>(RESOURCES.replicaSets).inNamespace(deployment.metadata.namespace!),
  )) {
    if (controllerOf(set) || isDeleting(set) || !requirements) continue;
    if (!matchesLabels(requirements, set.metadata.labels)) continue;
    await world.patch(RESOURCES.replicaSets, set, {
      metadata: { ownerReferences: [ownerReference(deployment, IDENTITY.apiVersion, IDENTITY.kind)] },
    });
  }
  return ownedSets(context, deployment);
}

function plan(
  context: ControllerContext,
  deployment: Deployment,
  current: ReplicaSet,
  old: ReplicaSet[],
): SetSize[] {
  if (deployment.spec.paused) return pausedSizes(deployment, current, old);
  if (deployment.spec.strategy?.type !== 'Recreate') return rollingSizes(deployment, current, old);
  const pods = context.world.mirror<Pod>(RESOURCES.pods);
  const oldPodsLeft = old.some((set) =>
    pods
      .ownedBy(set.metadata.uid!)
      .some((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed'),
  );
  return recreateSizes(deployment, current, old, oldPodsLeft);
}

/** A paused Deployment still scales: the difference goes to the set that has most. */
function pausedSizes(deployment: Deployment, current: ReplicaSet, old: ReplicaSet[]): SetSize[] {
  const all = [current, ...old].toSorted((a, b) => size(b) - size(a));
  const total = all.reduce((sum, set) => sum + size(set), 0);
  const difference = (deployment.spec.replicas ?? 1) - total;
  const largest = all[0]!;
  return difference === 0 ? [] : [{ set: largest, replicas: Math.max(0, size(largest) + difference) }];
}

async function createSet(
  context: ControllerContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): Promise<ReplicaSet> {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount ?? 0);
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const hashed = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  try {
    return await context.world.create<ReplicaSet>(RESOURCES.replicaSets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace!,
        labels: hashed,
        annotations: setAnnotations(deployment, revision),
        ownerReferences: [ownerReference(deployment, IDENTITY.apiVersion, IDENTITY.kind)],
      },
      spec: {
        replicas: 0,
        ...(minReadySeconds && { minReadySeconds }),
        selector: {
          ...selector,
          matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash },
        },
        template: {
          metadata: { ...template.metadata, labels: hashed },
          spec: structuredClone(template.spec),
        },
      },
    });
  } catch (error) {
    if (isAlreadyExists(error))
      await context.world.patchStatus(RESOURCES.deployments, deployment, {
        collisionCount: (deployment.status?.collisionCount ?? 0) + 1,
      });
    throw error;
  }
}

/** The set in use carries the highest revision and the Deployment's own annotations; the Deployment carries its revision. */
async function annotate(
  context: ControllerContext,
  deployment: Deployment,
  current: ReplicaSet,
  sets: readonly ReplicaSet[],
): Promise<ReplicaSet> {
  const others = sets.filter((set) => set.metadata.uid !== current.metadata.uid).map(revisionOf);
  const revision = Math.max(revisionOf(current), Math.max(0, ...others) + 1);
  const wanted = { ...setAnnotations(deployment, revision), ...pastRevisions(current, revision) };
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  let set = current;
  const stale = Object.entries(wanted).some(([key, value]) => current.metadata.annotations?.[key] !== value);
  if (stale || (current.spec.minReadySeconds ?? 0) !== minReadySeconds)
    set = await context.world.patch(RESOURCES.replicaSets, current, {
      metadata: { annotations: wanted },
      spec: { minReadySeconds },
    });
  if (revisionOf(deployment) !== revision)
    await context.world.patch(RESOURCES.deployments, deployment, {
      metadata: { annotations: { [REVISION]: String(revision) } },
    });
  return set;
}

async function resize(
  context: ControllerContext,
  deployment: Deployment,
  sizes: readonly SetSize[],
): Promise<void> {
  for (const { set, replicas } of sizes) {
    await context.world.patch(RESOURCES.replicaSets, set, { spec: { replicas } });
    const direction = replicas > size(set) ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${size(set)} to ${replicas}`;
    await recordFor(context, IDENTITY, deployment, 'Normal', 'ScalingReplicaSet', message);
  }
}

async function finish(
  context: ControllerContext,
  deployment: Deployment,
  current: ReplicaSet | undefined,
): Promise<number | void> {
  const sets = ownedSets(context, deployment);
  const newest = sets.find((set) => set.metadata.uid === current?.metadata.uid);
  const status = deploymentStatus(deployment, newest, sets, context.world.time());
  const wanted = nulled(status as Record<string, unknown>, [...OMITTED]);
  if (canonical(wanted) !== canonical(nulledLike(deployment.status ?? {}, status)))
    await context.world.patchStatus(RESOURCES.deployments, deployment, wanted);
  if (isComplete(deployment, status)) await dropOldSets(context, deployment, newest, sets);
  return deadlineInMs(deployment, status, context.world.clock.now());
}

/** The old status in the form of the patch, to see whether the patch would change anything. */
function nulledLike(old: object, like: object): object {
  const fields = Object.keys(like).map(
    (field) => [field, (old as Record<string, unknown>)[field] ?? null] as const,
  );
  return Object.fromEntries(fields);
}

async function dropOldSets(
  context: ControllerContext,
  deployment: Deployment,
  current: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
): Promise<void> {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const empty = oldestFirst(sets).filter(
    (set) =>
      set.metadata.uid !== current?.metadata.uid && size(set) === 0 && (set.status?.replicas ?? 0) === 0,
  );
  for (const set of empty.slice(0, Math.max(0, empty.length - limit)))
    await context.world.remove(RESOURCES.replicaSets, set);
}
