import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound } from '@krateyard/status/status-error';
import {
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { isFailed } from '../kubelet/kubelet.ts';
import { condition, isDeleting, withCondition } from '../pod-state.ts';
import type { Condition, NodeObject, Pod, Taint } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import { tolerates } from '../scheduler/node-fit.ts';
import { microTimestamp } from '../world.ts';

const IDENTITY: ControllerIdentity = { component: 'node-controller', apiVersion: 'v1', kind: 'Node' };
const LEASES = 'kube-node-lease';
/** The kubelet renews its lease this often, and its status when nothing changed. */
const RENEW_MS = 10_000;
const REPORT_MS = 300_000;
/** The lease lasts so long; after that the node counts as unreachable. */
const LEASE_SECONDS = 40;
const LOOK_MS = 5000;

interface Lease extends KubeObject {
  spec: { renewTime?: string };
}

/** Both sides of a node's heartbeat: kubelets that renew leases, and the controller that notices when one no longer does. */
export function addNodeControllers(context: ControllerContext): void {
  const { world, loop } = context;
  const nodes = world.mirror<NodeObject>(RESOURCES.nodes);
  world.mirror<Lease>(RESOURCES.leases);
  const heartbeat = loop.register('node-heartbeat', async (key) => {
    const node = nodes.get(key);
    return node ? beat(context, node) : undefined;
  });
  const lifecycle = loop.register('node-lifecycle', async (key) => {
    const node = nodes.get(key);
    return node ? judge(context, node) : undefined;
  });
  nodes.onChange((node, old, gone) => {
    if (gone) return;
    if (!old || isFailed(old) !== isFailed(node)) heartbeat(objectKey(node));
    if (!old || old.spec !== node.spec) lifecycle(objectKey(node));
  });
}

async function beat(context: ControllerContext, node: NodeObject): Promise<number | undefined> {
  if (isFailed(node)) return undefined;
  const { world } = context;
  const name = node.metadata.name!;
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: LEASE_SECONDS,
    renewTime: microTimestamp(world.clock.now()),
  };
  const lease = world.mirror<Lease>(RESOURCES.leases).get(`${LEASES}/${name}`);
  try {
    if (lease) await world.patch(RESOURCES.leases, lease, { spec });
    else await world.create<Lease>(RESOURCES.leases, newLease(node, spec));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const reported = condition(node, 'Ready')?.lastHeartbeatTime;
  const due = !reported || world.clock.now() - Date.parse(reported) >= REPORT_MS;
  if (due || condition(node, 'Ready')?.status !== 'True') await report(context, node);
  return RENEW_MS;
}

function newLease(node: NodeObject, spec: object): Lease {
  const { name, uid } = node.metadata;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: name!,
      namespace: LEASES,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: name!, uid: uid! }],
    },
    spec,
  };
}

/** A condition of a node that a scene may set: pressure stays until the scene takes it away. */
async function report(context: ControllerContext, node: NodeObject): Promise<void> {
  const time = context.world.time();
  const healthy: Condition[] = [
    {
      type: 'MemoryPressure',
      status: 'False',
      reason: 'KubeletHasSufficientMemory',
      message: 'kubelet has sufficient memory available',
    },
    {
      type: 'DiskPressure',
      status: 'False',
      reason: 'KubeletHasNoDiskPressure',
      message: 'kubelet has no disk pressure',
    },
    {
      type: 'PIDPressure',
      status: 'False',
      reason: 'KubeletHasSufficientPID',
      message: 'kubelet has sufficient PID available',
    },
    { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  ];
  let conditions = node.status?.conditions;
  for (const each of healthy) {
    const old = condition(node, each.type);
    const kept = old?.status === 'True' && each.type !== 'Ready' ? old : each;
    conditions = withCondition(conditions, { ...kept, lastHeartbeatTime: time }, time);
  }
  const wasReady = condition(node, 'Ready')?.status === 'True';
  await context.world.patchStatus(RESOURCES.nodes, node, { conditions });
  if (!wasReady) {
    const kubelet = { component: 'kubelet', apiVersion: 'v1', kind: 'Node' };
    await recordFor(
      context,
      kubelet,
      node,
      'Normal',
      'NodeReady',
      `Node ${node.metadata.name} status is now: NodeReady`,
    );
  }
}

async function judge(context: ControllerContext, node: NodeObject): Promise<number> {
  const { world } = context;
  const lease = world.mirror<Lease>(RESOURCES.leases).get(`${LEASES}/${node.metadata.name}`);
  const renewed = Date.parse(lease?.spec.renewTime ?? node.metadata.creationTimestamp!);
  const silent = world.clock.now() - renewed > LEASE_SECONDS * 1000;
  let latest = node;
  if (silent && condition(node, 'Ready')?.status !== 'Unknown') latest = await markUnknown(context, node);
  latest = await keepTaints(context, latest, silent);
  await evict(context, latest);
  return LOOK_MS;
}

async function markUnknown(context: ControllerContext, node: NodeObject): Promise<NodeObject> {
  const time = context.world.time();
  const conditions = (node.status?.conditions ?? []).map((each) => ({
    ...each,
    status: 'Unknown' as const,
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: time,
  }));
  const marked = await context.world.patchStatus(RESOURCES.nodes, node, { conditions });
  await recordFor(
    context,
    IDENTITY,
    node,
    'Normal',
    'NodeNotReady',
    `Node ${node.metadata.name} status is now: NodeNotReady`,
  );
  for (const pod of Array.from(context.world.mirror<Pod>(RESOURCES.pods).all())) {
    if (pod.spec.nodeName !== node.metadata.name || condition(pod, 'Ready')?.status !== 'True') continue;
    const next = { ...condition(pod, 'Ready')!, status: 'False' as const };
    delete next.lastTransitionTime;
    await context.world.patchStatus(RESOURCES.pods, pod, {
      conditions: withCondition(pod.status?.conditions, next, time),
    });
  }
  return marked;
}

const UNREACHABLE = 'node.kubernetes.io/unreachable';
const CORDONED = 'node.kubernetes.io/unschedulable';
const OURS = new Set([UNREACHABLE, CORDONED]);

async function keepTaints(
  context: ControllerContext,
  node: NodeObject,
  silent: boolean,
): Promise<NodeObject> {
  const timeAdded = context.world.time();
  const old = node.spec.taints ?? [];
  const wanted: Taint[] = [
    ...(node.spec.unschedulable ? [{ key: CORDONED, effect: 'NoSchedule' }] : []),
    ...(silent
      ? [
          { key: UNREACHABLE, effect: 'NoSchedule' },
          { key: UNREACHABLE, effect: 'NoExecute' },
        ]
      : []),
  ];
  const same = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;
  const mine = old.filter((taint) => OURS.has(taint.key));
  if (mine.length === wanted.length && mine.every((taint) => wanted.some((each) => same(each, taint))))
    return node;
  const kept = wanted.map((taint) => old.find((each) => same(each, taint)) ?? { ...taint, timeAdded });
  const taints = [...old.filter((taint) => !OURS.has(taint.key)), ...kept];
  return context.world.patch(RESOURCES.nodes, node, { spec: { taints: taints.length > 0 ? taints : null } });
}

/** Pods that do not bear a NoExecute taint leave, those that bear it for a while when that is over. */
async function evict(context: ControllerContext, node: NodeObject): Promise<void> {
  const hard = (node.spec.taints ?? []).filter((taint) => taint.effect === 'NoExecute');
  if (hard.length === 0) return;
  const now = context.world.clock.now();
  for (const pod of Array.from(context.world.mirror<Pod>(RESOURCES.pods).all())) {
    if (pod.spec.nodeName !== node.metadata.name || isDeleting(pod)) continue;
    const leaves = hard.some((taint) => {
      const tolerations = (pod.spec.tolerations ?? []).filter((each) => tolerates([each], taint));
      if (tolerations.length === 0) return true;
      const seconds = tolerations.map((each) => each.tolerationSeconds ?? Number.POSITIVE_INFINITY);
      return now >= Date.parse(taint.timeAdded ?? context.world.time()) + Math.min(...seconds) * 1000;
    });
    if (!leaves) continue;
    const identity = { component: 'taint-eviction-controller', apiVersion: 'v1', kind: 'Pod' };
    await recordFor(
      context,
      identity,
      pod,
      'Normal',
      'TaintManagerEviction',
      `Marking for deletion Pod ${pod.metadata.namespace}/${pod.metadata.name}`,
    );
    await context.world.remove(RESOURCES.pods, pod);
  }
}
