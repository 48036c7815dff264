import type { Cache, CollectionLease } from '@krateyard/kube/cache/cache';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { StatusError } from '@krateyard/status/status-error';

/** How long a request waits for the first list of a kind. */
const SYNC_DEADLINE_MS = 10_000;

/**
 * A lease on a collection that has its first list. Rejects with what makes that impossible, or with ServiceUnavailable and
 * the reason when it takes too long.
 */
export async function leaseSynced(
  cache: Cache,
  gvr: GroupVersionResource,
  signal?: AbortSignal,
): Promise<CollectionLease> {
  const lease = cache.lease(gvr);
  const deadline = AbortSignal.timeout(SYNC_DEADLINE_MS);
  try {
    await lease.collection.synced(signal ? AbortSignal.any([signal, deadline]) : deadline);
    return lease;
  } catch (error) {
    const { reason } = lease.collection.freshness();
    lease[Symbol.dispose]();
    if (!deadline.aborted) throw error;
    throw new StatusError(
      'ServiceUnavailable',
      `${gvr.resource} are not known yet: ${reason ?? 'the first list takes long'}`,
      {
        details: { retryAfterSeconds: 5 },
      },
    );
  }
}
