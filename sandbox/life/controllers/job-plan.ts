import { isDeleting, isFinished, isReady } from '../pod-state.ts';
import type { Condition, Pod } from '../pod-types.ts';
import type { Job, JobStatus } from '../workload-types.ts';

export const INDEX_ANNOTATION = 'batch.kubernetes.io/job-completion-index';
/** The wait before another try, doubled with each failure. */
const BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 360_000;

export interface JobPlan {
  readonly create: number;
  /** Of an indexed Job, which indexes to create. */
  readonly indexes: readonly number[];
  readonly remove: readonly Pod[];
  readonly status: JobStatus;
  /** What the Job came to at this look. */
  readonly ended?: {
    readonly type: 'Complete' | 'Failed';
    readonly reason: string;
    readonly message: string;
  };
  /** Look again after so many ms. */
  readonly againMs?: number;
}

/** What a Job needs, from its pods. */
export function planJob(job: Job, pods: readonly Pod[], now: number): JobPlan {
  const { spec } = job;
  const active = pods.filter((pod) => !isFinished(pod) && !isDeleting(pod));
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded');
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed');
  const doneIndexes = new Set(succeeded.map(indexOf));
  const completions = spec.completions ?? (spec.parallelism === undefined ? 1 : undefined);
  const done = spec.completionMode === 'Indexed' ? doneIndexes.size : succeeded.length;
  const counts = statusCounts(job, active, done, failed.length, doneIndexes);
  const over = endOf(job, {
    done,
    failed: failures(job, failed, active),
    active: active.length,
    completions,
    now,
  });
  if (over)
    return {
      create: 0,
      indexes: [],
      remove: active,
      status: { ...counts, active: 0, ready: 0 },
      ended: over,
    };
  if (spec.suspend) return { create: 0, indexes: [], remove: active, status: counts };
  const wanted = Math.min(
    spec.parallelism ?? 1,
    completions === undefined ? Number.POSITIVE_INFINITY : completions - done,
  );
  const terminating = pods.filter((pod) => !isFinished(pod) && isDeleting(pod)).length;
  const missing = Math.max(0, wanted - active.length - terminating);
  const waitMs = missing > 0 ? backoffLeftMs(failed, now) : 0;
  const againMs = nextLookMs(job, waitMs, now);
  return {
    create: waitMs > 0 ? 0 : missing,
    indexes: openIndexes(job, active, doneIndexes).slice(0, waitMs > 0 ? 0 : missing),
    remove: active.slice(wanted),
    status: counts,
    ...(againMs !== undefined && { againMs }),
  };
}

export function finishedCondition(job: Job): Condition | undefined {
  return job.status?.conditions?.find(
    (each) => (each.type === 'Complete' || each.type === 'Failed') && each.status === 'True',
  );
}

function indexOf(pod: Pod): number {
  return Number(pod.metadata.annotations?.[INDEX_ANNOTATION] ?? -1);
}

/** Failed pods count, and with OnFailure the restarts inside of running ones. */
function failures(job: Job, failed: readonly Pod[], active: readonly Pod[]): number {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return failed.length;
  const restarts = active
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .reduce((sum, each) => sum + each.restartCount, 0);
  return failed.length + restarts;
}

function endOf(
  job: Job,
  at: { done: number; failed: number; active: number; completions: number | undefined; now: number },
): JobPlan['ended'] {
  const complete = at.completions === undefined ? at.done > 0 && at.active === 0 : at.done >= at.completions;
  if (complete)
    return {
      type: 'Complete',
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
    };
  if (at.failed > (job.spec.backoffLimit ?? 6))
    return {
      type: 'Failed',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    };
  const deadline = deadlineOf(job);
  if (deadline !== undefined && at.now >= deadline)
    return {
      type: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    };
  return undefined;
}

function deadlineOf(job: Job): number | undefined {
  const { activeDeadlineSeconds } = job.spec;
  const start = job.status?.startTime;
  return activeDeadlineSeconds === undefined || !start
    ? undefined
    : Date.parse(start) + activeDeadlineSeconds * 1000;
}

function backoffLeftMs(failed: readonly Pod[], now: number): number {
  if (failed.length === 0) return 0;
  const last = Math.max(...failed.map(finishedAt));
  return Math.max(0, last + Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (failed.length - 1)) - now);
}

function finishedAt(pod: Pod): number {
  const times = (pod.status?.containerStatuses ?? []).map((each) =>
    Date.parse(each.state.terminated?.finishedAt ?? ''),
  );
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? Date.parse(pod.metadata.creationTimestamp!) : Math.max(...known);
}

function nextLookMs(job: Job, waitMs: number, now: number): number | undefined {
  const deadline = deadlineOf(job);
  const due = [
    waitMs > 0 ? waitMs : undefined,
    deadline === undefined ? undefined : Math.max(1, deadline - now),
  ];
  const known = due.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function openIndexes(job: Job, active: readonly Pod[], done: ReadonlySet<number>): number[] {
  if (job.spec.completionMode !== 'Indexed') return [];
  const running = new Set(active.map(indexOf));
  const all = Array.from({ length: job.spec.completions ?? 1 }, (_, index) => index);
  return all.filter((index) => !done.has(index) && !running.has(index));
}

function statusCounts(
  job: Job,
  active: readonly Pod[],
  succeeded: number,
  failed: number,
  indexes: ReadonlySet<number>,
): JobStatus {
  return {
    active: active.length,
    ready: active.filter(isReady).length,
    terminating: 0,
    succeeded,
    failed,
    ...(job.spec.completionMode === 'Indexed' && { completedIndexes: ranges([...indexes]) }),
    uncountedTerminatedPods: {},
  };
}

/** `0-2,5`. */
export function ranges(indexes: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else parts.push([index, index]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}
