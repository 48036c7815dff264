import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';

interface Following {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly onWhy: (why: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Resolves when `why` has nothing more to say of the object; until then its words are told. Rejects with what `why` throws, with
 * Gone when the object goes, with Timeout and the last words at the deadline.
 */
export function untilCollection<T extends KubeObject>(
  collection: Collection<T>,
  key: string,
  { clock, deadlineMs, onWhy, signal }: Following,
  why: (object: T) => string | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let last = 'nothing has been seen yet';
  let seen = false;
  const look = (): void => {
    const object = collection.get(key);
    // Written a moment ago, it may not be known yet.
    if (!object) return seen ? reject(new StatusError('Gone', `${key} was deleted meanwhile.`)) : undefined;
    seen = true;
    try {
      const reason = why(object);
      if (reason === undefined) return resolve();
      last = reason;
      onWhy(reason);
    } catch (error) {
      reject(error as Error);
    }
  };
  const stop = collection.observe({
    onChanges: (changes) => {
      if (changes.some((change) => change.key === key)) look();
    },
  });
  const cancel = clock.after(deadlineMs, () =>
    reject(new StatusError('Timeout', `Within ${deadlineMs / 60_000} minutes it did not finish: ${last}`)),
  );
  const onAbort = (): void => reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  look();
  return promise.finally(() => {
    stop();
    cancel();
    signal.removeEventListener('abort', onAbort);
  });
}
