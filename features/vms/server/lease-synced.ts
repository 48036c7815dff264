import type { Cache, CollectionLease } from '@krateyard/kube/cache/cache';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound, StatusError } from '@krateyard/status/status-error';

const SYNC_DEADLINE_MS = 10_000;

/** A lease on a collection that has its first list. Rejects with what makes that impossible; ServiceUnavailable for kinds that are not served. */
export async function leaseSynced<T extends KubeObject>(
  cache: Cache,
  gvr: GroupVersionResource,
  signal: AbortSignal,
): Promise<CollectionLease<T>> {
  const lease = cache.lease<T>(gvr);
  const deadline = AbortSignal.timeout(SYNC_DEADLINE_MS);
  try {
    await lease.collection.synced(AbortSignal.any([signal, deadline]));
    return lease;
  } catch (error) {
    lease[Symbol.dispose]();
    if (isNotFound(error)) throw notServed(gvr);
    if (!deadline.aborted) throw error;
    throw new StatusError(
      'ServiceUnavailable',
      `${gvr.resource} are not known yet; the first list takes long`,
      {
        details: { retryAfterSeconds: 5 },
      },
    );
  }
}

function notServed({ group, resource }: GroupVersionResource): StatusError {
  const message = `${resource}.${group} are not served by this cluster: this part of the room is dark until they are.`;
  return new StatusError('ServiceUnavailable', message, { details: { retryAfterSeconds: 15 } });
}
