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
  /** Told where nothing of the machine has moved for half a minute: whose work it would be may not be there. */
  readonly unheard?: string;
}

const UNHEARD_MS = 30_000;

/** What of a machine moves when somebody works on it. */
const pictureOf = (vm: VmInfo | undefined): string =>
  JSON.stringify(vm && [vm.id, vm.status, vm.phase, vm.runStrategy, vm.wukongPhase, vm.reason]);

/**
 * Resolves when the machine (undefined: there is none) is judged `seen`; what it waits for is told meanwhile. Rejects with Timeout at
 * the deadline.
 */
export async function untilMachine(
  book: Pick<MachineBook, 'get' | 'observe'>,
  key: string,
  judge: (vm: VmInfo | undefined) => Verdict,
  { report, signal, clock, deadlineMs, unheard }: Following,
): Promise<void> {
  let why = book.get(key)?.status ?? '';
  const before = pictureOf(book.get(key));
  let isUnheard = false;
  const isSeen = (): boolean => {
    const vm = book.get(key);
    const verdict = judge(vm);
    if (verdict === 'seen') return true;
    if (verdict !== 'waiting') throw verdict;
    isUnheard &&= pictureOf(vm) === before;
    if (isUnheard) return false;
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
  const cancel = clock.after(UNHEARD_MS, () => {
    if (unheard === undefined || pictureOf(book.get(key)) !== before) return;
    isUnheard = true;
    why = unheard;
    report.message(why);
  });
  try {
    await untilTrue(isSeen, observe, { clock, deadlineMs, late, signal });
  } finally {
    cancel();
  }
}
