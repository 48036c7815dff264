import type { CacheChange, Collection } from '../cache/cache.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Predicate } from './predicates.ts';
import type { WorkQueue } from './work-queue.ts';

/** Adds the keys of everything in the collection now, and of every change that the predicate lets through. */
export function enqueueFrom<T extends KubeObject>(
  collection: Collection<T>,
  queue: WorkQueue,
  options: {
    readonly when?: Predicate<T>;
    /** Which keys an object concerns; its own by default. An owner's key for what it owns. */
    readonly keysOf?: (object: T, key: string) => readonly string[];
  } = {},
): () => void {
  const keysOf = options.keysOf ?? ((_object: T, key: string) => [key]);
  const add = (object: T, key: string): void => {
    for (const each of keysOf(object, key)) queue.add(each);
  };
  const stop = collection.observe({
    onChanges: (changes: readonly CacheChange<T>[]) => {
      for (const change of changes) if (options.when?.(change) ?? true) add(change.object, change.key);
    },
  });
  for (const [key, object] of collection.entries()) add(object, key);
  return stop;
}
