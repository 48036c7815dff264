import type { Cache } from '../cache/cache.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' } as const;

/** Where this cache may read pods, and with that their usage: undefined is everywhere. */
export async function readablePods(
  cache: Cache,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  using lease = cache.lease(PODS);
  await lease.collection.synced(signal);
  return lease.collection.namespaces();
}
