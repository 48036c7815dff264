import { availableInMs, isDeleting, isFinished } from '../pod-state.ts';
import type { Pod } from '../pod-types.ts';
import type { StatefulSet } from '../workload-types.ts';
import { REVISION_LABEL } from './controller-revisions.ts';

export type StatefulStep =
  | { readonly is: 'create'; readonly ordinal: number; readonly revision: string }
  | { readonly is: 'delete'; readonly pod: Pod };

/**
 * The next thing to do, or nothing: in order, and each pod only when those before it are available; parallel sets do not
 * wait. Pods beyond the size go from the highest down; updates go from the highest down to the partition.
 */
export function statefulSetStep(
  set: StatefulSet,
  pods: readonly Pod[],
  updateRevision: string,
  currentRevision: string,
  now: number,
): StatefulStep | undefined {
  const first = set.spec.ordinals?.start ?? 0;
  const end = first + (set.spec.replicas ?? 1);
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  const isAvailable = (pod: Pod | undefined): boolean =>
    pod !== undefined && !isDeleting(pod) && availableInMs(pod, set.spec.minReadySeconds ?? 0, now) === 0;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = first; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (!pod)
      return { is: 'create', ordinal, revision: ordinal >= partition ? updateRevision : currentRevision };
    if (isFinished(pod) && !isDeleting(pod)) return { is: 'delete', pod };
    if (!parallel && !isAvailable(pod)) return repair(set, pod, updateRevision);
  }
  const condemned = pods
    .filter((pod) => !inRange(ordinalOf(pod), first, end))
    .toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
  const going = condemned.some(isDeleting);
  const next = condemned.find((pod) => !isDeleting(pod));
  if (next && (parallel || !going)) return { is: 'delete', pod: next };
  if (condemned.length > 0 || set.spec.updateStrategy?.type === 'OnDelete') return undefined;
  for (let ordinal = end - 1; ordinal >= Math.max(first, partition); ordinal--) {
    const pod = byOrdinal.get(ordinal)!;
    if (isDeleting(pod)) return undefined;
    if (pod.metadata.labels?.[REVISION_LABEL] !== updateRevision) return { is: 'delete', pod };
    if (!isAvailable(pod)) return undefined;
  }
  return undefined;
}

/** A pod of an old revision that never got available does not hold up the update that mends it. */
function repair(set: StatefulSet, pod: Pod, updateRevision: string): StatefulStep | undefined {
  const outdated = pod.metadata.labels?.[REVISION_LABEL] !== updateRevision;
  const rolling = (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const neverRan = pod.status?.phase === 'Pending';
  return outdated && rolling && neverRan && !isDeleting(pod) ? { is: 'delete', pod } : undefined;
}

function ordinalOf(pod: Pod): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name!)?.[1] ?? -1);
}

function inRange(ordinal: number, first: number, end: number): boolean {
  return ordinal >= first && ordinal < end;
}
