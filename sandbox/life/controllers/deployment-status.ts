import { condition, withCondition } from '../pod-state.ts';
import type { Condition } from '../pod-types.ts';
import type { Deployment, ReplicaSet } from '../workload-types.ts';
import { budget, sum } from './deployment-plan.ts';

type Status = NonNullable<Deployment['status']>;

/** The status that follows from the sets; conditions keep their times while nothing moves. */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  time: string,
): Status {
  const available = sum(sets, (set) => set.status?.availableReplicas ?? 0);
  const total = sum(sets, (set) => set.spec.replicas ?? 1);
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sum(sets, (set) => set.status?.replicas ?? 0),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(sets, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, total - available),
  };
  const conditions = progressing(
    deployment,
    current,
    counts,
    availability(deployment, available, time),
    time,
  );
  return { ...counts, conditions };
}

/** How long until the rollout counts as stuck, in ms; undefined where it is through or may take its time. */
export function deadlineInMs(deployment: Deployment, status: Status, now: number): number | undefined {
  const found = condition({ status }, 'Progressing');
  if (!found || deployment.spec.paused) return undefined;
  if (found.reason === 'NewReplicaSetAvailable' || found.reason === 'ProgressDeadlineExceeded')
    return undefined;
  return Math.max(0, Date.parse(found.lastUpdateTime!) + deadlineMs(deployment) - now);
}

export function isComplete(deployment: Deployment, status: Status): boolean {
  const wanted = deployment.spec.replicas ?? 1;
  return (
    status.updatedReplicas === wanted && status.replicas === wanted && status.availableReplicas === wanted
  );
}

function availability(deployment: Deployment, available: number, time: string): Condition[] {
  const enough = available >= (deployment.spec.replicas ?? 1) - budget(deployment).unavailable;
  const next: Condition = enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
  return updated(deployment.status?.conditions, next, time);
}

function progressing(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  counts: Omit<Status, 'conditions'>,
  conditions: Condition[],
  time: string,
): Condition[] {
  const old = condition(deployment, 'Progressing');
  if (deployment.spec.paused) return paused(old, conditions, time);
  if (!current) return conditions;
  const name = current.metadata.name!;
  if (isComplete(deployment, counts))
    return updated(
      conditions,
      say('True', 'NewReplicaSetAvailable', `ReplicaSet "${name}" has successfully progressed.`),
      time,
    );
  if (hasMoved(deployment, counts) || !old || old.reason === 'DeploymentPaused')
    return updated(
      conditions,
      {
        ...say(
          'True',
          old ? 'ReplicaSetUpdated' : 'NewReplicaSetCreated',
          old ? `ReplicaSet "${name}" is progressing.` : `Created new replica set "${name}"`,
        ),
        lastUpdateTime: time,
      },
      time,
    );
  const late =
    old.reason !== 'NewReplicaSetAvailable' &&
    Date.parse(old.lastUpdateTime!) + deadlineMs(deployment) <= Date.parse(time);
  if (late && old.reason !== 'ProgressDeadlineExceeded')
    return updated(
      conditions,
      say('False', 'ProgressDeadlineExceeded', `ReplicaSet "${name}" has timed out progressing.`),
      time,
    );
  return conditions;
}

function paused(old: Condition | undefined, conditions: Condition[], time: string): Condition[] {
  if (old?.reason === 'DeploymentPaused') return conditions;
  return updated(conditions, say('Unknown', 'DeploymentPaused', 'Deployment is paused'), time);
}

function hasMoved(deployment: Deployment, counts: Omit<Status, 'conditions'>): boolean {
  const old = deployment.status ?? {};
  const oldOnes = (status: Status): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (counts.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    oldOnes(counts) < oldOnes(old) ||
    (counts.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (old.availableReplicas ?? 0) ||
    (deployment.metadata.generation ?? 0) > (old.observedGeneration ?? 0)
  );
}

/** Deployments' conditions also say when they were last told anew. */
function updated(conditions: Condition[] | undefined, next: Condition, time: string): Condition[] {
  const old = conditions?.find((each) => each.type === next.type);
  const same = old?.status === next.status && old.reason === next.reason && old.message === next.message;
  if (same && next.lastUpdateTime === undefined) return conditions!;
  return withCondition(conditions, { ...next, lastUpdateTime: next.lastUpdateTime ?? time }, time);
}

function say(status: Condition['status'], reason: string, message: string): Condition {
  return { type: 'Progressing', status, reason, message };
}

function deadlineMs(deployment: Deployment): number {
  return (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
}
