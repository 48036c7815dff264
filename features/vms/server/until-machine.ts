import { StatusError } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { VmInfo } from '../contract/vm-api.ts';
import type { VmsDeps } from './deps.ts';
import type { MachineBook } from './machine-book.ts';

/** Whether a machine shows what is waited for; a StatusError: it never will. */
export type Verdict = 'seen' | 'waiting' | StatusError;

export interface Following {
  readonly report: TaskReport;
  readonly signal: AbortSignal;
  readonly clock: VmsDeps['clock'];
  readonly deadlineMs: number;
}

/** Resolves when the machine (undefined: there is none) is judged `seen`; what it waits for is told meanwhile. Rejects with Timeout at the deadline. */
export function untilMachine(
  book: MachineBook,
  key: string,
  judge: (vm: VmInfo | undefined) => Verdict,
  { report, signal, clock, deadlineMs }: Following,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let why = book.get(key)?.status ?? '';
  const look = (): void => {
    const vm = book.get(key);
    const verdict = judge(vm);
    if (verdict === 'seen') return resolve();
    if (verdict !== 'waiting') return reject(verdict);
    why = [vm?.status, vm?.reason].filter(Boolean).join(': ');
    report.message(why);
  };
  const stop = book.observe((keys) => {
    if (keys.includes(key)) look();
  });
  const cancel = clock.after(deadlineMs, () =>
    reject(
      new StatusError(
        'Timeout',
        `It was accepted, but within ${deadlineMs / 60_000} minutes it was not seen to happen: ${why}`,
      ),
    ),
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
