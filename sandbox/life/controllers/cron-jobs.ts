import { Cron } from 'croner';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { isDeleting, ownerReference } from '../pod-state.ts';
import { RESOURCES } from '../resources.ts';
import { timestamp } from '../world.ts';
import type { CronJob, Job } from '../workload-types.ts';
import { finishedCondition } from './job-plan.ts';

const IDENTITY: ControllerIdentity = {
  component: 'cronjob-controller',
  apiVersion: 'batch/v1',
  kind: 'CronJob',
};
/** A schedule that was missed by more than this is not made up for without a deadline of its own. */
const MAX_LATE_MS = 100_000;

/** Starts each CronJob's Jobs when they are due and keeps a few of the finished. */
export function addCronJobController(context: ControllerContext): void {
  const { world, loop } = context;
  const crons = world.mirror<CronJob>(RESOURCES.cronJobs);
  const enqueue = loop.register('cronjobs', async (key) => {
    const cron = crons.get(key);
    return cron && !isDeleting(cron) ? reconcile(context, cron) : undefined;
  });
  crons.onChange((cron) => enqueue(objectKey(cron)));
  world.mirror<Job>(RESOURCES.jobs).onChange((job, old) => {
    const key = controllerKey(job, 'CronJob');
    if (key === undefined) return;
    const finished = finishedCondition(job);
    if (finished && old && !finishedCondition(old)) {
      const cron = crons.get(key);
      if (cron) void sayFinished(context, cron, job, finished.type);
    }
    enqueue(key);
  });
}

function sayFinished(context: ControllerContext, cron: CronJob, job: Job, type: string): Promise<void> {
  const message = `Saw completed job: ${job.metadata.name}, condition: ${type}`;
  return recordFor(context, IDENTITY, cron, 'Normal', 'SawCompletedJob', message);
}

async function reconcile(context: ControllerContext, cron: CronJob): Promise<number | void> {
  const { world } = context;
  const jobs = world.mirror<Job>(RESOURCES.jobs).ownedBy(cron.metadata.uid!);
  await prune(context, jobs, 'Complete', cron.spec.successfulJobsHistoryLimit ?? 3);
  await prune(context, jobs, 'Failed', cron.spec.failedJobsHistoryLimit ?? 1);
  const active = jobs.filter((job) => !finishedCondition(job) && !isDeleting(job));
  const now = world.clock.now();
  const times = cron.spec.suspend ? undefined : scheduleTimes(cron, now);
  let lastScheduleTime = cron.status?.lastScheduleTime;
  if (times?.due !== undefined) {
    const started = await startJob(context, cron, active, times.due);
    if (started) lastScheduleTime = timestamp(times.due);
  }
  await writeStatus(context, cron, lastScheduleTime);
  return times?.next === undefined ? undefined : Math.max(1, times.next - world.clock.now());
}

/** The last time that was due and not yet served, and the next one. */
export function scheduleTimes(cron: CronJob, now: number): { due?: number; next?: number } {
  let pattern: Cron;
  try {
    pattern = new Cron(cron.spec.schedule, {
      timezone: cron.spec.timeZone ?? 'Etc/UTC',
      paused: true,
      mode: '5-part',
    });
  } catch {
    return {};
  }
  const since = Date.parse(
    cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? timestamp(now),
  );
  const late =
    cron.spec.startingDeadlineSeconds === undefined ? MAX_LATE_MS : cron.spec.startingDeadlineSeconds * 1000;
  let due: number | undefined;
  let at = pattern.nextRun(new Date(Math.max(since, now - Math.max(late, 60_000))));
  while (at && at.getTime() <= now) {
    due = at.getTime();
    at = pattern.nextRun(at);
  }
  return { ...(due !== undefined && { due }), ...(at && { next: at.getTime() }) };
}

async function startJob(
  context: ControllerContext,
  cron: CronJob,
  active: readonly Job[],
  due: number,
): Promise<boolean> {
  const policy = cron.spec.concurrencyPolicy ?? 'Allow';
  if (policy === 'Forbid' && active.length > 0) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    await recordFor(context, IDENTITY, cron, 'Normal', 'JobAlreadyActive', message);
    return true;
  }
  if (policy === 'Replace')
    for (const job of active) {
      await context.world.remove(RESOURCES.jobs, job, { propagationPolicy: 'Background' });
      await recordFor(
        context,
        IDENTITY,
        cron,
        'Normal',
        'SuccessfulDelete',
        `Deleted job ${job.metadata.name}`,
      );
    }
  const name = `${cron.metadata.name}-${Math.floor(due / 60_000)}`;
  const { metadata, spec } = cron.spec.jobTemplate;
  await context.world.ensure<Job>(RESOURCES.jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: cron.metadata.namespace!,
      ...(metadata?.labels && { labels: { ...metadata.labels } }),
      annotations: {
        ...metadata?.annotations,
        'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(due),
      },
      ownerReferences: [ownerReference(cron, IDENTITY.apiVersion, IDENTITY.kind)],
    },
    spec: structuredClone(spec),
  });
  await recordFor(context, IDENTITY, cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
  return true;
}

async function prune(
  context: ControllerContext,
  jobs: readonly Job[],
  type: string,
  keep: number,
): Promise<void> {
  const finished = jobs
    .filter((job) => finishedCondition(job)?.type === type && !isDeleting(job))
    .toSorted((a, b) => (a.metadata.creationTimestamp! < b.metadata.creationTimestamp! ? -1 : 1));
  for (const job of finished.slice(0, Math.max(0, finished.length - keep)))
    await context.world.remove(RESOURCES.jobs, job, { propagationPolicy: 'Background' });
}

async function writeStatus(
  context: ControllerContext,
  cron: CronJob,
  lastScheduleTime: string | undefined,
): Promise<void> {
  const jobs = context.world.mirror<Job>(RESOURCES.jobs).ownedBy(cron.metadata.uid!);
  const active = jobs
    .filter((job) => !finishedCondition(job) && !isDeleting(job))
    .map(({ metadata: { name, namespace, uid } }) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      name,
      namespace,
      uid,
    }));
  const successes = jobs.flatMap((job) => job.status?.completionTime ?? []).toSorted();
  const lastSuccessfulTime = successes.at(-1) ?? cron.status?.lastSuccessfulTime;
  const status = {
    active: active.length > 0 ? active : null,
    lastScheduleTime: lastScheduleTime ?? null,
    lastSuccessfulTime: lastSuccessfulTime ?? null,
  };
  const old = {
    active: cron.status?.active ?? null,
    lastScheduleTime: cron.status?.lastScheduleTime ?? null,
    lastSuccessfulTime: cron.status?.lastSuccessfulTime ?? null,
  };
  if (canonical(old) !== canonical(status)) await context.world.patchStatus(RESOURCES.cronJobs, cron, status);
}
