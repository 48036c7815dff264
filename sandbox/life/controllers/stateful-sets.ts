import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { availableInMs, isDeleting, isReady, ownerReference } from '../pod-state.ts';
import { podFromTemplate } from '../pod-template.ts';
import type { Pod, Volume } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import type { StatefulSet } from '../workload-types.ts';
import { REVISION_LABEL, ensureRevision } from './controller-revisions.ts';
import { statefulSetStep, type StatefulStep } from './stateful-set-plan.ts';

const IDENTITY: ControllerIdentity = {
  component: 'statefulset-controller',
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
};

/** Keeps each StatefulSet's numbered pods and their claims, one after the other. */
export function addStatefulSetController(context: ControllerContext): void {
  const { world, loop } = context;
  const sets = world.mirror<StatefulSet>(RESOURCES.statefulSets);
  world.mirror(RESOURCES.controllerRevisions);
  world.mirror(RESOURCES.persistentVolumeClaims);
  const enqueue = loop.register('statefulsets', async (key) => {
    const set = sets.get(key);
    return set && !isDeleting(set) ? reconcile(context, set) : undefined;
  });
  sets.onChange((set) => enqueue(objectKey(set)));
  world.mirror<Pod>(RESOURCES.pods).onChange((pod) => {
    const key = controllerKey(pod, 'StatefulSet');
    if (key !== undefined) enqueue(key);
  });
}

async function reconcile(context: ControllerContext, set: StatefulSet): Promise<number | void> {
  const revision = await ensureRevision(context, set, 'StatefulSet');
  // Steps until there is none: the number is bounded by what one update can ask for.
  for (let steps = 0; steps < 2 * (set.spec.replicas ?? 1) + 16; steps++) {
    const step = statefulSetStep(
      set,
      podsOf(context, set),
      revision,
      currentRevision(set, revision),
      context.world.clock.now(),
    );
    if (!step) break;
    await take(context, set, step);
  }
  return writeStatus(context, set, revision);
}

function podsOf(context: ControllerContext, set: StatefulSet): Pod[] {
  return context.world.mirror<Pod>(RESOURCES.pods).ownedBy(set.metadata.uid!);
}

function currentRevision(set: StatefulSet, updateRevision: string): string {
  return (set.status?.['currentRevision'] as string | undefined) ?? updateRevision;
}

async function take(context: ControllerContext, set: StatefulSet, step: StatefulStep): Promise<void> {
  const { world } = context;
  if (step.is === 'delete') {
    await world.remove(RESOURCES.pods, step.pod);
    const message = `delete Pod ${step.pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    return recordFor(context, IDENTITY, set, 'Normal', 'SuccessfulDelete', message);
  }
  const name = `${set.metadata.name}-${step.ordinal}`;
  await ensureClaims(context, set, name);
  await world.create(RESOURCES.pods, numberedPod(set, name, step.ordinal, step.revision));
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  return recordFor(context, IDENTITY, set, 'Normal', 'SuccessfulCreate', message);
}

async function ensureClaims(context: ControllerContext, set: StatefulSet, pod: string): Promise<void> {
  const { world } = context;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = `${template.metadata.name}-${pod}`;
    const namespace = set.metadata.namespace!;
    if (world.mirror(RESOURCES.persistentVolumeClaims).get(`${namespace}/${name}`)) continue;
    await world.ensure<KubeObject>(RESOURCES.persistentVolumeClaims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
      },
      spec: structuredClone(template['spec']),
    });
    const message = `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`;
    await recordFor(context, IDENTITY, set, 'Normal', 'SuccessfulCreate', message);
  }
}

function numberedPod(set: StatefulSet, name: string, ordinal: number, revision: string): Pod {
  const pod = podFromTemplate(set.spec.template, ownerReference(set, IDENTITY.apiVersion, IDENTITY.kind), {
    namespace: set.metadata.namespace!,
    name,
    labels: {
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: revision,
    },
  });
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template): Volume => ({
    name: template.metadata.name!,
    persistentVolumeClaim: { claimName: `${template.metadata.name}-${name}` },
  }));
  const others = (pod.spec.volumes ?? []).filter(
    (volume) => !claims.some((claim) => claim.name === volume.name),
  );
  pod.spec.hostname = name;
  if (set.spec.serviceName) pod.spec.subdomain = set.spec.serviceName;
  if (claims.length > 0) pod.spec.volumes = [...others, ...claims];
  return pod;
}

async function writeStatus(
  context: ControllerContext,
  set: StatefulSet,
  updateRevision: string,
): Promise<number | void> {
  const now = context.world.clock.now();
  const pods = podsOf(context, set).filter((pod) => !isDeleting(pod));
  const of = (revision: string): number =>
    pods.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision).length;
  const waits = pods.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const replicas = set.spec.replicas ?? 1;
  const current = currentRevision(set, updateRevision);
  const done =
    of(updateRevision) === replicas && pods.filter(isReady).length === replicas && pods.length === replicas;
  const status = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: pods.filter(isReady).length || null,
    availableReplicas: waits.filter((wait) => wait === 0).length,
    currentReplicas: of(done ? updateRevision : current) || null,
    updatedReplicas: of(updateRevision) || null,
    currentRevision: done ? updateRevision : current,
    updateRevision,
    collisionCount: 0,
  };
  const old = Object.fromEntries(Object.keys(status).map((field) => [field, set.status?.[field] ?? null]));
  if (canonical(old) !== canonical(status))
    await context.world.patchStatus(RESOURCES.statefulSets, set, status);
  const soonest = Math.min(...waits.filter((wait) => wait !== undefined && wait > 0).map(Number));
  return Number.isFinite(soonest) ? soonest : undefined;
}
