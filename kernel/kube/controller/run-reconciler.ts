import type { Logger } from '@krateyard/telemetry/logger';
import type { WorkQueue } from './work-queue.ts';

/** Makes the world of one key as it should be, from what is there now; called again after every change and failure. */
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | void>;

export interface ReconcileResult {
  /** Look at the key again by then, even if nothing changes. */
  readonly requeueAfterMs?: number;
}

export interface ReconcilerOptions {
  readonly queue: WorkQueue;
  readonly reconcile: Reconcile;
  /** How many keys are worked on at the same time. */
  readonly workers: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Works until the signal aborts, then closes the queue; resolves when the last reconcile has returned. */
export async function runReconciler(options: ReconcilerOptions): Promise<void> {
  const { queue, signal, workers } = options;
  const onAbort = (): void => queue.close();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.all(Array.from({ length: workers }, () => work(options)));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function work(options: ReconcilerOptions): Promise<void> {
  const { queue, logger, signal } = options;
  for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
    try {
      const result = await options.reconcile(key, signal);
      queue.done(key);
      if (result?.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs);
    } catch (err) {
      const again = queue.retry(key);
      if (!signal.aborted)
        logger.warn(again ? 'reconcile failed, trying again' : 'reconcile failed, given up', {
          name: key,
          err,
        });
    }
  }
}
