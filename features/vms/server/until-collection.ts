import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { untilTrue } from './until-true.ts';

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
  let last = 'nothing has been seen yet';
  let seen = false;
  const isDone = (): boolean => {
    const object = collection.get(key);
    if (!object) {
      if (seen) throw new StatusError('Gone', `${key} was deleted meanwhile.`);
      // Written a moment ago, it may not be known yet.
      return false;
    }
    seen = true;
    const reason = why(object);
    if (reason === undefined) return true;
    last = reason;
    onWhy(reason);
    return false;
  };
  const observe = (look: () => void): (() => void) =>
    collection.observe({
      onChanges: (changes) => {
        if (changes.some((change) => change.key === key)) look();
      },
    });
  const late = (): StatusError =>
    new StatusError('Timeout', `Within ${deadlineMs / 60_000} minutes it did not finish: ${last}`);
  return untilTrue(isDone, observe, { clock, deadlineMs, late, signal });
}
