import type { KubeObject, OwnerReference } from '@krateyard/kube/meta/object';
import type { Condition, Pod } from './pod-types.ts';

export function condition(
  object: { status?: { conditions?: Condition[] } },
  type: string,
): Condition | undefined {
  return object.status?.conditions?.find((each) => each.type === type);
}

export function isReady(pod: Pod): boolean {
  return condition(pod, 'Ready')?.status === 'True';
}

/** Ready for `minReadySeconds` at the time `now`; else how long it still takes in ms, or undefined when it is not ready. */
export function availableInMs(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const ready = condition(pod, 'Ready');
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0 || !ready.lastTransitionTime) return 0;
  return Math.max(0, Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 - now);
}

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Counts towards its owner: neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !isDeleting(pod);
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

export function ownerReference(owner: KubeObject, apiVersion: string, kind: string): OwnerReference {
  return {
    apiVersion,
    kind,
    name: owner.metadata.name!,
    uid: owner.metadata.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Sets or replaces one condition; its lastTransitionTime stays where the status stays. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
  time: string,
): Condition[] {
  const old = conditions?.find((each) => each.type === next.type);
  const lastTransitionTime = old?.status === next.status ? (old.lastTransitionTime ?? time) : time;
  const changed = { ...next, lastTransitionTime: next.lastTransitionTime ?? lastTransitionTime };
  if (!old) return [...(conditions ?? []), changed];
  return conditions!.map((each) => (each.type === next.type ? changed : each));
}

/** `25%` or `2` of a total. */
export function scaled(value: number | string | undefined, total: number, roundUp: boolean): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const part = (Number.parseFloat(value) * total) / 100;
  return roundUp ? Math.ceil(part) : Math.floor(part);
}
