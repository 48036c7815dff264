import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { canonical } from '../hash.ts';
import { isDeleting, ownerReference, withCondition } from '../pod-state.ts';
import { podFromTemplate } from '../pod-template.ts';
import type { Condition, Pod } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';
import type { Job } from '../workload-types.ts';
import { INDEX_ANNOTATION, finishedCondition, planJob, type JobPlan } from './job-plan.ts';

const IDENTITY: ControllerIdentity = { component: 'job-controller', apiVersion: 'batch/v1', kind: 'Job' };

/** Runs each Job's pods until enough have succeeded or too many have failed, and takes finished Jobs away when their time is over. */
export function addJobController(context: ControllerContext): void {
  const { world, loop } = context;
  const jobs = world.mirror<Job>(RESOURCES.jobs);
  const enqueue = loop.register('jobs', async (key) => {
    const job = jobs.get(key);
    if (!job || isDeleting(job)) return undefined;
    return finishedCondition(job) ? expire(context, job) : reconcile(context, job);
  });
  jobs.onChange((job) => enqueue(objectKey(job)));
  world.mirror<Pod>(RESOURCES.pods).onChange((pod) => {
    const key = controllerKey(pod, 'Job');
    if (key !== undefined) enqueue(key);
  });
}

async function reconcile(context: ControllerContext, job: Job): Promise<number | void> {
  const { world } = context;
  const plan = planJob(job, world.mirror<Pod>(RESOURCES.pods).ownedBy(job.metadata.uid!), world.clock.now());
  for (const pod of plan.remove) {
    await world.remove(RESOURCES.pods, pod);
    await recordFor(
      context,
      IDENTITY,
      job,
      'Normal',
      'SuccessfulDelete',
      `Deleted pod: ${pod.metadata.name}`,
    );
  }
  for (let made = 0; made < plan.create; made++) await createPod(context, job, plan.indexes[made]);
  await writeStatus(context, job, plan);
  return plan.againMs;
}

async function createPod(context: ControllerContext, job: Job, index: number | undefined): Promise<void> {
  const { name, uid, namespace } = job.metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid!,
    'batch.kubernetes.io/job-name': name!,
    'controller-uid': uid!,
    'job-name': name!,
  };
  const pod = podFromTemplate(job.spec.template, ownerReference(job, IDENTITY.apiVersion, IDENTITY.kind), {
    namespace: namespace!,
    generateName: index === undefined ? `${name}-` : `${name}-${index}-`,
    labels: { ...labels, ...(index !== undefined && { [INDEX_ANNOTATION]: String(index) }) },
  });
  if (index !== undefined) {
    pod.metadata.annotations = { ...pod.metadata.annotations, [INDEX_ANNOTATION]: String(index) };
    for (const container of pod.spec.containers)
      container.env = [...(container.env ?? []), { name: 'JOB_COMPLETION_INDEX', value: String(index) }];
  }
  const made = await context.world.create(RESOURCES.pods, pod);
  await recordFor(context, IDENTITY, job, 'Normal', 'SuccessfulCreate', `Created pod: ${made.metadata.name}`);
}

async function writeStatus(context: ControllerContext, job: Job, plan: JobPlan): Promise<void> {
  const time = context.world.time();
  const pods = context.world.mirror<Pod>(RESOURCES.pods).ownedBy(job.metadata.uid!);
  const fresh = planJob(job, pods, context.world.clock.now()).status;
  const counts = plan.ended ? plan.status : fresh;
  let conditions = suspendedConditions(job, time);
  if (plan.ended) {
    const { type, reason, message } = plan.ended;
    const target = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    for (const each of [target, type])
      conditions = withCondition(
        conditions,
        { type: each, status: 'True', reason, message, lastProbeTime: time },
        time,
      );
  }
  const status = {
    ...counts,
    active: counts.active || null,
    succeeded: counts.succeeded || null,
    failed: counts.failed || null,
    startTime: job.spec.suspend ? null : (job.status?.startTime ?? time),
    ...(conditions && { conditions }),
    ...(plan.ended?.type === 'Complete' && { completionTime: time }),
  };
  const old = Object.fromEntries(
    Object.keys(status).map((field) => [
      field,
      (job.status as Record<string, unknown> | undefined)?.[field] ?? null,
    ]),
  );
  if (canonical(old) !== canonical(status)) await context.world.patchStatus(RESOURCES.jobs, job, status);
  if (plan.ended?.type === 'Complete')
    await recordFor(context, IDENTITY, job, 'Normal', 'Completed', 'Job completed');
  else if (plan.ended)
    await recordFor(context, IDENTITY, job, 'Warning', plan.ended.reason, plan.ended.message);
}

/** Tells that a Job is suspended, and that it no longer is. */
function suspendedConditions(job: Job, time: string): Condition[] | undefined {
  const conditions = job.status?.conditions;
  const told = conditions?.find((each) => each.type === 'Suspended')?.status ?? 'False';
  if (told === (job.spec.suspend ? 'True' : 'False')) return conditions;
  const [status, reason, message] = job.spec.suspend
    ? (['True', 'JobSuspended', 'Job suspended'] as const)
    : (['False', 'JobResumed', 'Job resumed'] as const);
  return withCondition(conditions, { type: 'Suspended', status, reason, message, lastProbeTime: time }, time);
}

async function expire(context: ControllerContext, job: Job): Promise<number | void> {
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined) return undefined;
  const finished = Date.parse(finishedCondition(job)!.lastTransitionTime ?? context.world.time());
  const left = finished + ttl * 1000 - context.world.clock.now();
  if (left > 0) return left;
  await context.world.remove(RESOURCES.jobs, job, { propagationPolicy: 'Background' });
  return undefined;
}
