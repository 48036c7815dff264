import { matchesLabels, requirementsOf } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { canonical } from '../hash.ts';
import type { MetricsSource } from '../metrics-source.ts';
import { isActive, isReady, withCondition } from '../pod-state.ts';
import type { Condition, Pod } from '../pod-types.ts';
import { millicores } from '../quantity.ts';
import { RESOURCES } from '../resources.ts';
import type { Deployment } from '../workload-types.ts';

const IDENTITY: ControllerIdentity = {
  component: 'horizontal-pod-autoscaler',
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
};
/** kube-controller-manager's sync period, tolerance and downscale stabilization. */
const PERIOD_MS = 15_000;
const TOLERANCE = 0.1;
const CALM_MS = 120_000;

interface Autoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: { type: string; resource?: { name: string; target: { averageUtilization?: number } } }[];
  };
  status?: { lastScaleTime?: string; conditions?: Condition[]; [field: string]: unknown };
}

/** Scales Deployments and StatefulSets by the CPU use of their pods. Other metrics are shown as unknown. */
export function addAutoscaler(context: ControllerContext, metrics: MetricsSource): void {
  const { world, loop } = context;
  const scalers = world.mirror<Autoscaler>(RESOURCES.horizontalPodAutoscalers);
  const wishes = new Map<string, { at: number; replicas: number }[]>();
  const enqueue = loop.register('autoscalers', async (key) => {
    const scaler = scalers.get(key);
    return scaler ? reconcile(context, metrics, wishes, scaler) : undefined;
  });
  scalers.onChange((scaler, old, gone) => {
    if (gone) wishes.delete(objectKey(scaler));
    else if (!old || old.spec !== scaler.spec) enqueue(objectKey(scaler));
  });
}

async function reconcile(
  context: ControllerContext,
  metrics: MetricsSource,
  wishes: Map<string, { at: number; replicas: number }[]>,
  scaler: Autoscaler,
): Promise<number> {
  const { world } = context;
  const { scaleTargetRef, minReplicas = 1, maxReplicas } = scaler.spec;
  const gvr = scaleTargetRef.kind === 'StatefulSet' ? RESOURCES.statefulSets : RESOURCES.deployments;
  const target = world.mirror<Deployment>(gvr).get(`${scaler.metadata.namespace}/${scaleTargetRef.name}`);
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: ${gvr.resource}.apps "${scaleTargetRef.name}" not found`;
    await writeStatus(context, scaler, {
      conditions: say(scaler, world.time(), 'AbleToScale', 'False', 'FailedGetScale', message),
    });
    return PERIOD_MS;
  }
  const current = target.spec.replicas ?? 1;
  const use = utilization(context, metrics, target);
  const wish = wishOf(scaler, current, use);
  const desired = calm(
    wishes,
    objectKey(scaler),
    Math.min(maxReplicas, Math.max(minReplicas, wish)),
    current,
    world.clock.now(),
  );
  if (desired !== current) {
    await world.patch(gvr, target, { spec: { replicas: desired } });
    const why =
      desired > current
        ? 'cpu resource utilization (percentage of request) above target'
        : 'All metrics below target';
    const told = `New size: ${desired}; reason: ${why}`;
    await recordFor(context, IDENTITY, scaler, 'Normal', 'SuccessfulRescale', told);
  }
  const conditions = conditionsAfter(scaler, world.time(), { current, desired, wish, use });
  await writeStatus(context, scaler, {
    currentReplicas: target.status?.replicas ?? 0,
    desiredReplicas: desired,
    ...(use !== undefined && {
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: use, averageValue: `${use}m` } },
        },
      ],
    }),
    ...(desired !== current && { lastScaleTime: world.time() }),
    conditions,
  });
  return PERIOD_MS;
}

/** Replicas that would bring the use to the goal; what is near enough stays. */
function wishOf(scaler: Autoscaler, current: number, use: number | undefined): number {
  const cpu = scaler.spec.metrics?.find((each) => each.resource?.name === 'cpu');
  const goal = cpu?.resource?.target.averageUtilization ?? 80;
  if (use === undefined || Math.abs(use / goal - 1) <= TOLERANCE) return current;
  return Math.ceil((current * use) / goal);
}

/** AbleToScale, ScalingActive and ScalingLimited. */
function conditionsAfter(
  scaler: Autoscaler,
  time: string,
  {
    current,
    desired,
    wish,
    use,
  }: { current: number; desired: number; wish: number; use: number | undefined },
): Condition[] {
  const { minReplicas = 1, maxReplicas } = scaler.spec;
  let conditions = say(
    scaler,
    time,
    'AbleToScale',
    'True',
    desired === current ? 'ReadyForNewScale' : 'SucceededRescale',
    desired === current
      ? 'recommended size matches current size'
      : `the HPA controller was able to update the target scale to ${desired}`,
  );
  conditions = withCondition(conditions, active(use), time);
  const limited = wish > maxReplicas ? 'TooManyReplicas' : wish < minReplicas ? 'TooFewReplicas' : undefined;
  conditions = withCondition(
    conditions,
    {
      type: 'ScalingLimited',
      status: limited ? 'True' : 'False',
      reason: limited ?? 'DesiredWithinRange',
      message: limited
        ? `the desired replica count is ${limited === 'TooManyReplicas' ? 'more than the maximum' : 'less than the minimum'} replica count`
        : 'the desired count is within the acceptable range',
    },
    time,
  );
  return conditions;
}

/** Up at once, down only to the highest wish of the last minutes. */
function calm(
  wishes: Map<string, { at: number; replicas: number }[]>,
  key: string,
  wish: number,
  current: number,
  now: number,
): number {
  const recent = [
    ...(wishes.get(key) ?? []).filter((each) => now - each.at < CALM_MS),
    { at: now, replicas: wish },
  ];
  wishes.set(key, recent);
  if (wish >= current) return wish;
  const settled = recent[0]!.at <= now - CALM_MS + PERIOD_MS;
  return settled ? Math.min(current, Math.max(...recent.map((each) => each.replicas))) : current;
}

/** Percent of what the pods requested; undefined while nobody has measured. */
function utilization(
  context: ControllerContext,
  metrics: MetricsSource,
  target: Deployment,
): number | undefined {
  const requirements = requirementsOf(target.spec.selector) ?? [];
  const namespace = target.metadata.namespace!;
  let used = 0;
  let requested = 0;
  for (const pod of context.world.mirror<Pod>(RESOURCES.pods).inNamespace(namespace)) {
    if (!isActive(pod) || !isReady(pod) || !matchesLabels(requirements, pod.metadata.labels)) continue;
    const sample = metrics.pod(namespace, pod.metadata.name!);
    if (!sample) continue;
    used += sample.containers.reduce((sum, each) => sum + each.cpu / 1_000_000, 0);
    requested += pod.spec.containers.reduce(
      (sum, each) => sum + millicores(each.resources?.requests?.['cpu']),
      0,
    );
  }
  return requested === 0 ? undefined : Math.round((100 * used) / requested);
}

function active(use: number | undefined): Condition {
  if (use !== undefined)
    return {
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message:
        'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    };
  return {
    type: 'ScalingActive',
    status: 'False',
    reason: 'FailedGetResourceMetric',
    message: 'the HPA was unable to compute the replica count: no metrics returned from resource metrics API',
  };
}

function say(
  scaler: Autoscaler,
  time: string,
  type: string,
  status: Condition['status'],
  reason: string,
  message: string,
): Condition[] {
  return withCondition(scaler.status?.conditions, { type, status, reason, message }, time);
}

async function writeStatus(
  context: ControllerContext,
  scaler: Autoscaler,
  status: Record<string, unknown>,
): Promise<void> {
  const old = Object.fromEntries(Object.keys(status).map((field) => [field, scaler.status?.[field]]));
  if (canonical(old) !== canonical(status))
    await context.world.patchStatus(RESOURCES.horizontalPodAutoscalers, scaler, status);
}
