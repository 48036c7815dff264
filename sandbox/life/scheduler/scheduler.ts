import { objectKey, type ControllerContext } from '../controller-context.ts';
import { subjectOf } from '../event-recorder.ts';
import { condition, controllerOf, isDeleting, isFinished, withCondition } from '../pod-state.ts';
import type { NodeObject, Pod } from '../pod-types.ts';
import { podRequests } from '../pod-requests.ts';
import { millicores, quantity } from '../quantity.ts';
import { RESOURCES } from '../resources.ts';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { NO_USAGE, misfits, unschedulableMessage } from './node-fit.ts';
import { UsageLedger } from './usage-ledger.ts';

const SOURCE = { component: 'default-scheduler' };
/** kube-scheduler's flush of its unschedulable pods. */
const RETRY_MS = 300_000;

/** Gives every pending pod a node that fits, the emptiest first; says why when there is none, and tries again when something changes. */
export function addScheduler(context: ControllerContext): void {
  const { world, loop } = context;
  const pods = world.mirror<Pod>(RESOURCES.pods);
  const nodes = world.mirror<NodeObject>(RESOURCES.nodes);
  const claims = world.mirror<KubeObject>(RESOURCES.persistentVolumeClaims);
  const ledger = new UsageLedger();
  const waiting = new Set<string>();
  const enqueue = loop.register('scheduler', async (key) => {
    const pod = pods.get(key);
    if (!pod || !isPending(pod)) {
      waiting.delete(key);
      return undefined;
    }
    return schedule(context, ledger, waiting, pod);
  });
  const retryAll = (): void => {
    for (const key of waiting) enqueue(key);
  };
  pods.onChange((pod, old, gone) => {
    ledger.change(pod, old, gone);
    if (!gone && isPending(pod) && !waiting.has(objectKey(pod))) enqueue(objectKey(pod));
    if (old?.spec.nodeName && (gone || (isFinished(pod) && !isFinished(old)))) retryAll();
  });
  nodes.onChange((node, old) => {
    if (!old || node.spec !== old.spec || node.metadata.labels !== old.metadata.labels) retryAll();
  });
  claims.onChange(retryAll);
}

function isPending(pod: Pod): boolean {
  return (
    !pod.spec.nodeName &&
    !isDeleting(pod) &&
    !isFinished(pod) &&
    (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
    (pod.spec.schedulingGates ?? []).length === 0
  );
}

async function schedule(
  context: ControllerContext,
  ledger: UsageLedger,
  waiting: Set<string>,
  pod: Pod,
): Promise<number | void> {
  const nodes = [...context.world.mirror<NodeObject>(RESOURCES.nodes).all()];
  const blocked = unboundClaims(context, pod);
  const perNode = nodes.map((node) =>
    blocked ? [blocked] : misfits(pod, node, ledger.of(node.metadata.name!) ?? NO_USAGE),
  );
  const fitting = nodes.filter((_, at) => perNode[at]!.length === 0);
  if (fitting.length === 0) {
    waiting.add(objectKey(pod));
    await refuse(
      context,
      pod,
      blocked
        ? `0/${nodes.length} nodes are available: ${blocked}. not found`
        : unschedulableMessage(perNode),
    );
    return RETRY_MS;
  }
  waiting.delete(objectKey(pod));
  await bind(context, pod, best(pod, fitting, ledger));
  return undefined;
}

/** The node with most room after the pod, fewest siblings first. */
function best(pod: Pod, nodes: readonly NodeObject[], ledger: UsageLedger): NodeObject {
  const owner = controllerOf(pod)?.uid;
  const scored = nodes.map((node) => {
    const name = node.metadata.name!;
    const siblings = owner === undefined ? 0 : ledger.siblings(name, owner);
    return { node, siblings, load: loadAfter(pod, node, ledger) };
  });
  scored.sort(
    (a, b) =>
      a.siblings - b.siblings || a.load - b.load || (a.node.metadata.name! < b.node.metadata.name! ? -1 : 1),
  );
  return scored[0]!.node;
}

function loadAfter(pod: Pod, node: NodeObject, ledger: UsageLedger): number {
  const usage = ledger.of(node.metadata.name!) ?? NO_USAGE;
  const { cpu, memory } = podRequests(pod);
  const allocatable = node.status?.allocatable ?? {};
  return (
    (usage.cpu + cpu) / Math.max(1, millicores(allocatable['cpu'])) +
    (usage.memory + memory) / Math.max(1, quantity(allocatable['memory'])) +
    usage.pods / 1000
  );
}

/** Claims with a class bind when the pod is there; a claim that nobody will bind holds the pod. */
function unboundClaims(context: ControllerContext, pod: Pod): string | undefined {
  const claims = context.world.mirror<KubeObject>(RESOURCES.persistentVolumeClaims);
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name === undefined) continue;
    const claim = claims.get(`${pod.metadata.namespace}/${name}`);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if ((claim['status'] as { phase?: string } | undefined)?.phase !== 'Bound')
      return 'pod has unbound immediate PersistentVolumeClaims';
  }
  return undefined;
}

async function bind(context: ControllerContext, pod: Pod, node: NodeObject): Promise<void> {
  const { world, events } = context;
  const nodeName = node.metadata.name!;
  const bound = await world.patch(RESOURCES.pods, pod, {
    metadata: { uid: pod.metadata.uid },
    spec: { nodeName },
  });
  const scheduled = { type: 'PodScheduled', status: 'True' as const, lastProbeTime: null };
  await world.patchStatus(RESOURCES.pods, bound, {
    conditions: withCondition(
      bound.status?.conditions?.filter((each) => each.type !== 'PodScheduled'),
      scheduled,
      world.time(),
    ),
  });
  await events.record(SOURCE, subjectOf(pod, 'v1', 'Pod'), {
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`,
  });
}

async function refuse(context: ControllerContext, pod: Pod, message: string): Promise<void> {
  const old = condition(pod, 'PodScheduled');
  if (old?.status === 'False' && old.message === message) return;
  const next = {
    type: 'PodScheduled',
    status: 'False' as const,
    reason: 'Unschedulable',
    message,
    lastProbeTime: null,
  };
  await context.world.patchStatus(RESOURCES.pods, pod, {
    conditions: withCondition(pod.status?.conditions, next, context.world.time()),
  });
  await context.events.record(SOURCE, subjectOf(pod, 'v1', 'Pod'), {
    type: 'Warning',
    reason: 'FailedScheduling',
    message,
    action: 'Scheduling',
  });
}
