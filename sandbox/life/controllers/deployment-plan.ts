import { canonical, safeHash } from '../hash.ts';
import { scaled } from '../pod-state.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../workload-types.ts';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';

/** Annotations that stay with the Deployment and do not belong on its ReplicaSets. */
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  HISTORY,
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
]);

export interface SetSize {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

export function templateHash(template: PodTemplate, collisions: number): string {
  return safeHash(`${canonical(bare(template))}/${collisions}`);
}

/** The ReplicaSet that already has the Deployment's template; the oldest when there are several. */
export function currentSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = canonical(bare(deployment.spec.template));
  return oldestFirst(sets).find((set) => canonical(bare(set.spec.template)) === wanted);
}

export function oldestFirst(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.toSorted(
    (a, b) =>
      compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
      revisionOf(a) - revisionOf(b) ||
      compare(a.metadata.name!, b.metadata.name!),
  );
}

export function revisionOf(object: { metadata: { annotations?: Record<string, string> } }): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

export function setAnnotations(deployment: Deployment, revision: number): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !NOT_COPIED.has(key),
  );
  const replicas = deployment.spec.replicas ?? 1;
  return {
    ...Object.fromEntries(copied),
    [REVISION]: String(revision),
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + surge(deployment)),
  };
}

/** The revisions that a ReplicaSet was before, which a rollback to it adds to. */
export function pastRevisions(set: ReplicaSet, revision: number): Record<string, string> {
  const before = set.metadata.annotations?.[HISTORY];
  const last = revisionOf(set);
  if (last === 0 || last === revision) return before === undefined ? {} : { [HISTORY]: before };
  return { [HISTORY]: before === undefined ? String(last) : `${before},${last}` };
}

/** maxSurge and maxUnavailable in pods; never both 0, as then nothing could move. */
export function budget(deployment: Deployment): { surge: number; unavailable: number } {
  const replicas = deployment.spec.replicas ?? 1;
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const extra = scaled(rolling?.maxSurge ?? '25%', replicas, true);
  const missing = scaled(rolling?.maxUnavailable ?? '25%', replicas, false);
  return { surge: extra, unavailable: extra === 0 && missing === 0 ? 1 : Math.min(missing, replicas) };
}

function surge(deployment: Deployment): number {
  return deployment.spec.strategy?.type === 'Recreate' ? 0 : budget(deployment).surge;
}

/** The next size of every set of a rolling update, from their sizes and how many of their pods are available. */
export function rollingSizes(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): SetSize[] {
  const up = newSetSize(deployment, current, old);
  if (up !== size(current)) return [{ set: current, replicas: up }];
  return oldSetSizes(deployment, current, old);
}

/** A Recreate update: first none of the old, then, when their pods are gone, all of the new. */
export function recreateSizes(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
  oldPodsLeft: boolean,
): SetSize[] {
  const shrinking = old.filter((set) => size(set) > 0);
  if (shrinking.length > 0) return shrinking.map((set) => ({ set, replicas: 0 }));
  const replicas = deployment.spec.replicas ?? 1;
  return oldPodsLeft || size(current) === replicas ? [] : [{ set: current, replicas }];
}

function newSetSize(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): number {
  const wanted = deployment.spec.replicas ?? 1;
  if (size(current) >= wanted) return wanted;
  const total = sum([current, ...old], size);
  const room = wanted + budget(deployment).surge - total;
  return room <= 0 ? size(current) : size(current) + Math.min(room, wanted - size(current));
}

/** Broken old pods go first, they serve nobody; then as many healthy ones as may be missing. */
function oldSetSizes(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): SetSize[] {
  const wanted = deployment.spec.replicas ?? 1;
  const minAvailable = wanted - budget(deployment).unavailable;
  const newUnavailable = size(current) - available(current);
  let spare = sum([current, ...old], size) - minAvailable - newUnavailable;
  if (spare <= 0) return [];
  const sizes = new Map(old.map((set) => [set, size(set)]));
  for (const set of oldestFirst(old)) {
    const broken = Math.min(spare, Math.max(0, size(set) - available(set)));
    sizes.set(set, size(set) - broken);
    spare -= broken;
  }
  let surplus = sum([current, ...old], available) - minAvailable;
  for (const set of oldestFirst(old)) {
    const fewer = Math.min(Math.max(0, surplus), sizes.get(set)!);
    sizes.set(set, sizes.get(set)! - fewer);
    surplus -= fewer;
  }
  return [...sizes]
    .filter(([set, replicas]) => replicas !== size(set))
    .map(([set, replicas]) => ({ set, replicas }));
}

export function size(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

function available(set: ReplicaSet): number {
  return set.status?.availableReplicas ?? 0;
}

export function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function bare(template: PodTemplate): object {
  const labels = { ...template.metadata?.labels };
  delete labels[HASH_LABEL];
  const metadata = { ...template.metadata, labels, creationTimestamp: undefined };
  return { metadata, spec: template.spec };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
