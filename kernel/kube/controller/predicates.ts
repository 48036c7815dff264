import type { CacheChange } from '../cache/cache.ts';
import type { KubeObject } from '../meta/object.ts';

/** Whether a change is worth a reconcile. */
export type Predicate<T extends KubeObject = KubeObject> = (change: CacheChange<T>) => boolean;

/** Additions, deletions, and modifications of the desired state: status and metadata do not raise the generation. */
export const generationChanged: Predicate = (change) =>
  change.type !== 'modified' ||
  change.object.metadata.generation !== change.old.metadata.generation ||
  deletionBegan(change);

/** The object has just begun to terminate: time for its finalizer. */
export function deletionBegan(change: CacheChange): boolean {
  return (
    change.type === 'modified' &&
    change.object.metadata.deletionTimestamp !== undefined &&
    change.old.metadata.deletionTimestamp === undefined
  );
}

/** Labels or annotations differ. A cache shares what is equal between versions, so comparing references is enough. */
export const metadataChanged: Predicate = (change) =>
  change.type !== 'modified' ||
  change.object.metadata.labels !== change.old.metadata.labels ||
  change.object.metadata.annotations !== change.old.metadata.annotations;

export function anyOf<T extends KubeObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (change) => predicates.some((predicate) => predicate(change));
}
