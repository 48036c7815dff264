import { StatusError } from '@krateyard/status/status-error';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { VmInfo } from '../contract/vm-api.ts';
import type { VmsDeps } from './deps.ts';
import type { MachineBook } from './machine-book.ts';
import { untilTrue } from './until-true.ts';

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
  let why = book.get(key)?.status ?? '';
  const isSeen = (): boolean => {
    const vm = book.get(key);
    const verdict = judge(vm);
    if (verdict === 'seen') return true;
    if (verdict !== 'waiting') throw verdict;
    why = [vm?.status, vm?.reason].filter(Boolean).join(': ');
    report.message(why);
    return false;
  };
  const observe = (look: () => void): (() => void) =>
    book.observe((keys) => {
      if (keys.includes(key)) look();
    });
  const late = (): StatusError =>
    new StatusError(
      'Timeout',
      `It was accepted, but within ${deadlineMs / 60_000} minutes it was not seen to happen: ${why}`,
    );
  return untilTrue(isSeen, observe, { clock, deadlineMs, late, signal });
}
