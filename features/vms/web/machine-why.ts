import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { VmInfo } from '../contract/vm-api.ts';
import { BAD_WHEN_TRUE, HARMLESS, REASON_MEANINGS, STATUS_MEANINGS } from './machine-reasons.ts';
import { wordOf } from './screen/machine-word.ts';

/** A condition of a machine, its instance or its launcher pod. */
export interface ConditionLine {
  /** Whose: 'machine', 'instance', 'launcher pod'. */
  readonly of: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
}

/** How a machine is, and why not better. */
export interface Why {
  readonly word: StatusWord;
  /** One sentence. */
  readonly text: string;
  /** What stands in the way, most telling first: what it means, with the API's own words. */
  readonly causes: readonly { readonly says: string; readonly words: string }[];
  /** What to do about it, each once. */
  readonly todo: readonly string[];
}

/** What follows from something else: told only where nothing else is known. */
const SYMPTOMS: ReadonlySet<string> = new Set([
  'GuestNotRunning',
  'PodNotExists',
  'PodConditionMissing',
  'PodTerminating',
  'ContainersNotReady',
  'VMINotExists',
]);

/** On its way, as KubeVirt prints it even where something keeps it from ever arriving. */
const COMING: ReadonlySet<string> = new Set(['Provisioning', 'Starting']);

/** In a few words, for a cell; '' when it is well. */
export function shortReason(vm: VmInfo): string {
  if (vm.restoreInProgress !== undefined) return 'being restored';
  if (vm.snapshotInProgress !== undefined) return 'snapshot is taken';
  if (vm.status === 'Running') return vm.ready ? '' : 'guest not ready';
  if (vm.status === 'Stopped') return '';
  if (COMING.has(vm.status) && vm.reason !== '') return 'cannot start yet';
  return STATUS_MEANINGS[vm.status]?.short ?? vm.reason;
}

/** Why a machine is not running as it should. `conditions`: of machine, instance and launcher pod, as far as they may be read. */
export function whyOf(vm: VmInfo, conditions: readonly ConditionLine[]): Why {
  const word = machineWord(vm);
  const own = STATUS_MEANINGS[vm.status];
  const bad = conditions.filter(isBad);
  const telling = word === 'Stopped' ? bad.filter(({ type }) => type === 'Failure') : bad;
  const deeper = telling.filter(({ reason }) => !SYMPTOMS.has(reason));
  const heldUp = COMING.has(vm.status) && deeper.length > 0;
  const text = heldUp ? 'It should start, and something keeps it from it.' : sentenceOf(vm);
  const causes = (deeper.length > 0 ? deeper : telling).map(causeOf).filter(unlessSaidBefore());
  const told = causes.length === 0 && vm.reason !== '' ? [{ says: '', words: vm.reason }] : causes;
  return {
    word,
    text,
    causes: told.map(({ says, words }) => ({ says: says === text ? '' : says, words })),
    todo: [
      ...new Set(
        [own?.todo ?? '', ...telling.map(({ reason }) => REASON_MEANINGS[reason]?.todo ?? '')].filter(
          Boolean,
        ),
      ),
    ],
  };
}

/** A machine that runs but whose guest is not ready waits for something. */
export function machineWord(vm: VmInfo): StatusWord {
  const word = wordOf(vm);
  return word === 'Running' && !vm.ready ? 'Pending' : word;
}

function sentenceOf(vm: VmInfo): string {
  if (vm.status === 'Running')
    return vm.ready ? 'It runs.' : 'It runs, but the guest does not say that it is ready.';
  if (vm.status === 'Stopped') return stoppedBecause(vm);
  return STATUS_MEANINGS[vm.status]?.says ?? `KubeVirt says: ${vm.status}.`;
}

function stoppedBecause({ runStrategy, phase }: VmInfo): string {
  if (phase === 'Failed') return 'It is off: the guest ended with a failure.';
  switch (runStrategy) {
    case 'Halted':
      return 'It is off, and its run strategy (Halted) keeps it so until somebody starts it.';
    case 'Manual':
      return 'It is off: with the run strategy Manual only people start and stop it.';
    case 'Once':
      return 'It has run to its end: with the run strategy Once it runs once.';
    case 'RerunOnFailure':
      return 'It is off: it was stopped, or the guest powered itself off. It starts by itself only after a failure.';
    default:
      return 'It is off.';
  }
}

export function isBad({ type, status }: ConditionLine): boolean {
  if (BAD_WHEN_TRUE.has(type)) return status === 'True';
  return !HARMLESS.has(type) && status === 'False';
}

function causeOf({ of, type, reason, message }: ConditionLine): { says: string; words: string } {
  const words = [reason, message].filter(Boolean).join(': ');
  return {
    says: REASON_MEANINGS[reason]?.says ?? '',
    words: `${of}, ${type}: ${words || 'no reason given'}`,
  };
}

/** Instance and machine repeat what the pod says: each meaning once, with the words of who said it first. */
function unlessSaidBefore(): (cause: { says: string; words: string }) => boolean {
  const said = new Set<string>();
  return ({ says, words }) => {
    const what = says || words.slice(words.indexOf(': '));
    if (said.has(what)) return false;
    said.add(what);
    return true;
  };
}
