import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { availableInMs, isDeleting, isFinished, isReady, ownerReference, scaled } from '../pod-state.ts';
import { podFromTemplate } from '../pod-template.ts';
import type { NodeObject, Pod, Toleration } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import { matchesNode, tolerates } from '../scheduler/node-fit.ts';
import type { DaemonSet } from '../workload-types.ts';
import { REVISION_LABEL, ensureRevision } from './controller-revisions.ts';

const IDENTITY: ControllerIdentity = {
  component: 'daemonset-controller',
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
};

/** What every daemon bears. */
const TOLERATIONS: Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

/** One pod of each DaemonSet on every node that takes it. */
export function addDaemonSetController(context: ControllerContext): void {
  const { world, loop } = context;
  const sets = world.mirror<DaemonSet>(RESOURCES.daemonSets);
  const enqueue = loop.register('daemonsets', async (key) => {
    const set = sets.get(key);
    return set && !isDeleting(set) ? reconcile(context, set) : undefined;
  });
  sets.onChange((set) => enqueue(objectKey(set)));
  world.mirror<Pod>(RESOURCES.pods).onChange((pod) => {
    const key = controllerKey(pod, 'DaemonSet');
    if (key !== undefined) enqueue(key);
  });
  world.mirror<NodeObject>(RESOURCES.nodes).onChange((node, old) => {
    const { labels } = node.metadata;
    if (old && canonical([node.spec.taints, labels]) === canonical([old.spec.taints, old.metadata.labels]))
      return;
    for (const set of sets.all()) enqueue(objectKey(set));
  });
}

async function reconcile(context: ControllerContext, set: DaemonSet): Promise<number | void> {
  const revision = (await ensureRevision(context, set, 'DaemonSet')).slice(set.metadata.name!.length + 1);
  const nodes = [...context.world.mirror<NodeObject>(RESOURCES.nodes).all()];
  for (const node of nodes) await keepOn(context, set, node, revision);
  for (const pod of podsOf(context, set))
    if (!isDeleting(pod) && !nodes.some((node) => node.metadata.name === nodeOf(pod)))
      await remove(context, set, pod);
  await rollOut(context, set, revision);
  return writeStatus(context, set, nodes, revision);
}

function podsOf(context: ControllerContext, set: DaemonSet): Pod[] {
  return context.world.mirror<Pod>(RESOURCES.pods).ownedBy(set.metadata.uid!);
}

function tolerationsOf(set: DaemonSet): Toleration[] {
  return [...(set.spec.template.spec.tolerations ?? []), ...TOLERATIONS];
}

function belongs(set: DaemonSet, node: NodeObject, effect: 'NoSchedule' | 'NoExecute'): boolean {
  const probe = { metadata: {}, spec: set.spec.template.spec } as Pod;
  const effects = effect === 'NoExecute' ? ['NoExecute'] : ['NoSchedule', 'NoExecute'];
  const taints = (node.spec.taints ?? []).filter((taint) => effects.includes(taint.effect));
  return matchesNode(probe, node) && taints.every((taint) => tolerates(tolerationsOf(set), taint));
}

async function keepOn(
  context: ControllerContext,
  set: DaemonSet,
  node: NodeObject,
  revision: string,
): Promise<void> {
  const here = podsOf(context, set).filter((pod) => nodeOf(pod) === node.metadata.name);
  for (const pod of here.filter((each) => isFinished(each) && !isDeleting(each))) {
    const message = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node.metadata.name}, will try to kill it`;
    await recordFor(context, IDENTITY, set, 'Warning', 'FailedDaemonPod', message);
    await remove(context, set, pod);
  }
  const living = here.filter((pod) => !isFinished(pod));
  if (!belongs(set, node, 'NoExecute')) {
    for (const pod of living.filter((each) => !isDeleting(each))) await remove(context, set, pod);
    return;
  }
  for (const extra of living.filter((pod) => !isDeleting(pod)).slice(1)) await remove(context, set, extra);
  if (living.length > 0 || !belongs(set, node, 'NoSchedule')) return;
  const pod = await context.world.create(RESOURCES.pods, daemonPod(set, node, revision));
  await recordFor(context, IDENTITY, set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function daemonPod(set: DaemonSet, node: NodeObject, revision: string): Pod {
  const pod = podFromTemplate(set.spec.template, ownerReference(set, IDENTITY.apiVersion, IDENTITY.kind), {
    namespace: set.metadata.namespace!,
    generateName: `${set.metadata.name}-`,
    labels: { [REVISION_LABEL]: revision, 'pod-template-generation': String(set.metadata.generation ?? 1) },
  });
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node.metadata.name!] }];
  pod.spec.tolerations = tolerationsOf(set);
  pod.spec.affinity = {
    ...pod.spec.affinity,
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
  return pod;
}

/** The node that the pod is on or is meant for. */
function nodeOf(pod: Pod): string | undefined {
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return pod.spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0];
}

async function rollOut(context: ControllerContext, set: DaemonSet, revision: string): Promise<void> {
  if (set.spec.updateStrategy?.type === 'OnDelete') return;
  const pods = podsOf(context, set).filter((pod) => !isFinished(pod));
  const limit = Math.max(
    1,
    scaled(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, pods.length, true),
  );
  let missing = pods.filter((pod) => isDeleting(pod) || !isReady(pod)).length;
  const outdated = pods.filter(
    (pod) => !isDeleting(pod) && pod.metadata.labels?.[REVISION_LABEL] !== revision,
  );
  for (const pod of outdated.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)))) {
    if (isReady(pod) && missing >= limit) return;
    if (isReady(pod)) missing += 1;
    await remove(context, set, pod);
  }
}

async function remove(context: ControllerContext, set: DaemonSet, pod: Pod): Promise<void> {
  await context.world.remove(RESOURCES.pods, pod);
  await recordFor(context, IDENTITY, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

async function writeStatus(
  context: ControllerContext,
  set: DaemonSet,
  nodes: readonly NodeObject[],
  revision: string,
): Promise<number | void> {
  const now = context.world.clock.now();
  const wanted = nodes.filter((node) => belongs(set, node, 'NoSchedule'));
  const pods = podsOf(context, set).filter((pod) => !isDeleting(pod));
  const placed = pods.filter((pod) => wanted.some((node) => node.metadata.name === pod.spec.nodeName));
  const waits = placed.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const available = waits.filter((wait) => wait === 0).length;
  const status = {
    currentNumberScheduled: placed.length,
    desiredNumberScheduled: wanted.length,
    numberMisscheduled: pods.filter((pod) => pod.spec.nodeName !== undefined).length - placed.length,
    numberReady: placed.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled:
      placed.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision).length || null,
    numberAvailable: available || null,
    numberUnavailable: wanted.length - available || null,
  };
  const old = Object.fromEntries(Object.keys(status).map((field) => [field, set.status?.[field] ?? null]));
  if (canonical(old) !== canonical(status))
    await context.world.patchStatus(RESOURCES.daemonSets, set, status);
  const soonest = Math.min(...waits.filter((wait) => wait !== undefined && wait > 0).map(Number));
  return Number.isFinite(soonest) ? soonest : undefined;
}
