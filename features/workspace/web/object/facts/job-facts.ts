import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { at, dateAt, listAt, numberAt, textAt } from '../../../contract/columns/read.ts';
import { conditionOf, whyOf } from './conditions.ts';
import type { Verdict } from './verdict.ts';

export function jobVerdict(job: LiveObject): Verdict {
  const complete = conditionOf(job, 'Complete');
  const failed = conditionOf(job, 'Failed') ?? conditionOf(job, 'FailureTarget');
  const done = numberAt(job, 'status', 'succeeded') ?? 0;
  const tries = numberAt(job, 'status', 'failed') ?? 0;
  const wanted = numberAt(job, 'spec', 'completions');
  const active = numberAt(job, 'status', 'active') ?? 0;
  const triesText = tries > 0 ? [`${tries} ${tries === 1 ? 'try has' : 'tries have'} failed so far.`] : [];
  if (complete?.status === 'True') {
    return { word: 'Stopped', text: 'Complete.', since: complete.since, reasons: [] };
  }
  if (failed?.status === 'True') {
    return {
      word: 'Failed',
      text: 'Failed.',
      since: failed.since,
      reasons: [...whyOf(failed), ...triesText],
    };
  }
  if (at(job, 'spec', 'suspend') === true) {
    return { word: 'Stopped', text: 'Suspended.', since: conditionOf(job, 'Suspended')?.since, reasons: [] };
  }
  const since = dateAt(job, 'status', 'startTime') ?? undefined;
  const text = `${wanted === null ? '' : `${done} of ${wanted} done, `}${active} running.`;
  return { word: active > 0 ? 'Running' : 'Pending', text, since, reasons: triesText };
}

/** Milliseconds that a job has taken; undefined while it has not begun. */
export function tookMs(job: LiveObject, nowMs: number): number | undefined {
  const began = dateAt(job, 'status', 'startTime');
  if (began === null) return undefined;
  const ended = dateAt(job, 'status', 'completionTime') ?? conditionOf(job, 'Failed')?.since;
  return (ended ?? nowMs) - began;
}

export function cronJobVerdict(cronJob: LiveObject, jobs: readonly LiveObject[]): Verdict {
  const active = listAt(cronJob, 'status', 'active').length;
  const latest = jobs.toSorted((a, b) => createdAt(b) - createdAt(a))[0];
  const lastFailed = latest !== undefined && conditionOf(latest, 'Failed')?.status === 'True';
  const reasons = lastFailed
    ? [`Its last run ${latest.metadata.name ?? ''} failed.`, ...whyOf(conditionOf(latest, 'Failed'))]
    : [];
  if (at(cronJob, 'spec', 'suspend') === true) {
    return { word: 'Stopped', text: 'Suspended: it starts nothing until it is resumed.', reasons };
  }
  if (active > 0)
    return {
      word: 'Running',
      text: active === 1 ? 'A run is under way.' : `${active} runs are under way.`,
      reasons,
    };
  if (lastFailed) return { word: 'Failed', text: 'The last run failed.', reasons };
  const last = dateAt(cronJob, 'status', 'lastScheduleTime') ?? undefined;
  return {
    word: 'Running',
    text: last === undefined ? 'It has not run yet.' : 'It waits for its next time.',
    since: last,
    reasons,
  };
}

const createdAt = (object: LiveObject): number => dateAt(object, 'metadata', 'creationTimestamp') ?? 0;

export const scheduleOf = (
  cronJob: LiveObject,
): { readonly schedule: string; readonly timeZone: string | undefined } => ({
  schedule: textAt(cronJob, 'spec', 'schedule') ?? '',
  timeZone: textAt(cronJob, 'spec', 'timeZone') ?? undefined,
});
