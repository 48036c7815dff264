import { StatusError } from '@krateyard/status/status-error';

/** The shared answer, given up early by this caller alone: rejects with StatusError Timeout when the signal aborts first. */
export function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void =>
    reject(new StatusError('Timeout', 'The request was given up before the answer came.'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  return promise;
}
