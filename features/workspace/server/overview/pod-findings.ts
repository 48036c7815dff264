import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Cause, Severity } from '../../contract/overview.ts';
import { at, dateAt, listAt, numberAt, textAt } from '../../contract/columns/read.ts';
import { short, type Derived, type Finding, type Surroundings } from './finding.ts';
import { podFacts } from './pod-facts.ts';

/** How long a pod may take before it counts as wrong. */
const START_MS = 5 * 60_000;
const READY_MS = 5 * 60_000;
const LEAVE_MS = 60_000;
/** A pod that finds no node for so long waits for somebody, not for the autoscaler. */
const SCHEDULE_MS = 2 * 60_000;
/** The kubelet's longest back-off is 5 minutes: a container that restarts again after it still is in the same loop. */
const LOOP_MS = 6 * 60_000;
/** How long a container that was killed for its memory, and runs again, is worth a look. */
const OOM_MS = 6 * 60 * 60_000;

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const CONFIG_REASONS: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
  'StartError',
  'ContainerCannotRun',
]);

/** What is wrong with a pod: the first thing that explains the rest; and a kill for memory, which explains nothing else. */
export function derivePod(pod: KubeObject, { now }: Pick<Surroundings, 'now'>): Derived {
  const told = explain(pod, now);
  return {
    findings: told.finding ? [told.finding] : [],
    pod: podFacts(pod),
    ...(told.revisitAt !== undefined && { revisitAt: told.revisitAt }),
  };
}

interface Explained {
  readonly finding?: Finding;
  readonly revisitAt?: number;
}

function explain(pod: KubeObject, now: number): Explained {
  const phase = textAt(pod, 'status', 'phase');
  const leaving = dateAt(pod, 'metadata', 'deletionTimestamp');
  if (leaving !== null) return afterWait(leaving + LEAVE_MS, now, () => stuckDeletion(pod, leaving));
  if (phase === 'Succeeded') return {};
  if (phase === 'Failed') return failedPod(pod);
  return unscheduled(pod, now) ?? containersProblem(pod, now) ?? restless(pod, now);
}

/** The finding once `from` has come; until then only that it has to be looked at again. */
function afterWait(from: number, now: number, finding: () => Finding): Explained {
  return now >= from ? { finding: finding() } : { revisitAt: from };
}

function stuckDeletion(pod: KubeObject, since: number): Finding {
  const finalizers = listAt(pod, 'metadata', 'finalizers').map(String);
  return {
    cause: 'stuck-deletion',
    severity: 'warning',
    since,
    reason: 'Terminating',
    message:
      finalizers.length > 0 ? `held by ${short(finalizers.join(', '))}` : 'its node has not ended it in time',
  };
}

function failedPod(pod: KubeObject): Explained {
  const reason = textAt(pod, 'status', 'reason') ?? '';
  const message = textAt(pod, 'status', 'message') ?? '';
  const since = finishedAt(pod) ?? readyChange(pod);
  if (reason === 'Evicted' || reason === 'Preempting') {
    return { finding: { cause: 'evicted', severity: 'warning', since, reason, message: short(message) } };
  }
  const owner = listAt(pod, 'metadata', 'ownerReferences').find((one) => at(one, 'controller') === true);
  // Of a Job's pods some may fail; whether too many did is told of the Job.
  if (textAt(owner, 'kind') === 'Job') return {};
  const ended = statuses(pod).find((one) => (numberAt(one, 'state', 'terminated', 'exitCode') ?? 0) !== 0);
  return {
    finding: {
      cause: 'failed-pod',
      severity: 'warning',
      since,
      reason: reason || (textAt(ended, 'state', 'terminated', 'reason') ?? 'Failed'),
      message: short(message || (ended ? exitWords(at(ended, 'state', 'terminated')) : '')),
    },
  };
}

function unscheduled(pod: KubeObject, now: number): Explained | undefined {
  const condition = conditionOf(pod, 'PodScheduled');
  const reason = textAt(condition, 'reason');
  if (textAt(condition, 'status') !== 'False' || reason !== 'Unschedulable') return undefined;
  const since = dateAt(condition, 'lastTransitionTime') ?? createdAt(pod);
  const severity: Severity = now - (since ?? 0) >= SCHEDULE_MS ? 'critical' : 'warning';
  return {
    finding: {
      cause: 'unschedulable',
      severity,
      since,
      reason,
      message: short(textAt(condition, 'message') ?? ''),
    },
    ...(severity === 'warning' && { revisitAt: (since ?? now) + SCHEDULE_MS }),
  };
}

function containersProblem(pod: KubeObject, now: number): Explained | undefined {
  for (const status of statuses(pod)) {
    const found = waitingProblem(pod, status) ?? loopingProblem(pod, status, now);
    if (found) return found;
  }
  return undefined;
}

function waitingProblem(pod: KubeObject, status: unknown): Explained | undefined {
  const reason = textAt(status, 'state', 'waiting', 'reason') ?? '';
  if (reason === 'CrashLoopBackOff') return { finding: crashLoop(pod, status, reason) };
  const cause: Cause | undefined = IMAGE_REASONS.has(reason)
    ? 'image-pull'
    : CONFIG_REASONS.has(reason)
      ? 'container-config'
      : undefined;
  if (!cause) return undefined;
  const said = textAt(status, 'state', 'waiting', 'message');
  const image = textAt(status, 'image') ?? '';
  return {
    finding: {
      cause,
      severity: 'critical',
      since: readyChange(pod),
      reason,
      message: short(said ?? (cause === 'image-pull' ? image : `container ${textAt(status, 'name')}`)),
    },
  };
}

/** Between two crashes the container runs, or has just ended: that is the same loop, not health. */
function loopingProblem(pod: KubeObject, status: unknown, now: number): Explained | undefined {
  const restarts = numberAt(status, 'restartCount') ?? 0;
  if (restarts < 2 || at(status, 'ready') === true) return undefined;
  const running = at(status, 'state', 'running') !== undefined;
  const last = at(status, running ? 'lastState' : 'state', 'terminated');
  const ended = dateAt(last, 'finishedAt');
  if (ended === null || (numberAt(last, 'exitCode') ?? 0) === 0) return undefined;
  if (now >= ended + LOOP_MS) return undefined;
  return { finding: crashLoop(pod, status, 'CrashLoopBackOff'), revisitAt: ended + LOOP_MS };
}

function crashLoop(pod: KubeObject, status: unknown, reason: string): Finding {
  const restarts = numberAt(status, 'restartCount') ?? 0;
  const last = at(status, 'lastState', 'terminated') ?? at(status, 'state', 'terminated');
  const several = statuses(pod).length > 1 ? `${textAt(status, 'name')}: ` : '';
  return {
    cause: 'crash-loop',
    severity: 'critical',
    since: readyChange(pod),
    reason: textAt(last, 'reason') === 'OOMKilled' ? 'OOMKilled' : reason,
    message: short(`${several}${last === undefined ? '' : exitWords(last)}`),
    restarts,
  };
}

/** Nothing that the API calls an error, but not well either. */
function restless(pod: KubeObject, now: number): Explained {
  const killed = killedForMemory(pod, now);
  if (killed) return killed;
  const ready = conditionOf(pod, 'Ready');
  if (textAt(ready, 'status') === 'True') return {};
  if (textAt(conditionOf(pod, 'PodScheduled'), 'reason') === 'SchedulingGated') return {};
  const since = dateAt(ready, 'lastTransitionTime') ?? createdAt(pod);
  if (since === undefined) return {};
  const running = textAt(pod, 'status', 'phase') === 'Running';
  return afterWait(since + (running ? READY_MS : START_MS), now, () => ({
    cause: running ? 'not-ready' : 'not-starting',
    severity: 'warning',
    since,
    reason: waitingReason(pod) ?? textAt(ready, 'reason') ?? (running ? 'NotReady' : 'Pending'),
    message: short(textAt(ready, 'message') ?? ''),
  }));
}

function killedForMemory(pod: KubeObject, now: number): Explained | undefined {
  for (const status of statuses(pod)) {
    const last = at(status, 'lastState', 'terminated');
    if (textAt(last, 'reason') !== 'OOMKilled') continue;
    const ended = dateAt(last, 'finishedAt');
    if (ended === null || now >= ended + OOM_MS) continue;
    return {
      finding: {
        cause: 'out-of-memory',
        severity: 'warning',
        since: ended,
        reason: 'OOMKilled',
        message: short(`container ${textAt(status, 'name')} was killed for its memory and runs again`),
        restarts: numberAt(status, 'restartCount') ?? 0,
      },
      revisitAt: ended + OOM_MS,
    };
  }
  return undefined;
}

function exitWords(terminated: unknown): string {
  const reason = textAt(terminated, 'reason');
  const signal = numberAt(terminated, 'signal') ?? 0;
  const ended = signal > 0 ? `signal ${signal}` : `exit code ${numberAt(terminated, 'exitCode') ?? 0}`;
  const said = textAt(terminated, 'message');
  return `${ended}${reason === null || reason === 'Error' ? '' : ` (${reason})`}${said === null ? '' : `: ${said}`}`;
}

const waitingReason = (pod: KubeObject): string | null =>
  statuses(pod)
    .map((status) => textAt(status, 'state', 'waiting', 'reason'))
    .find((reason) => reason !== null) ?? null;

function statuses(pod: KubeObject): readonly unknown[] {
  return [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
}

function conditionOf(pod: KubeObject, type: string): unknown {
  return listAt(pod, 'status', 'conditions').find((condition) => at(condition, 'type') === type);
}

/** Since when the pod is not ready: what every failure of a container comes to. */
function readyChange(pod: KubeObject): number | undefined {
  return dateAt(conditionOf(pod, 'Ready'), 'lastTransitionTime') ?? createdAt(pod);
}

function finishedAt(pod: KubeObject): number | undefined {
  const times = statuses(pod)
    .map((status) => dateAt(status, 'state', 'terminated', 'finishedAt'))
    .filter((time) => time !== null);
  return times.length === 0 ? undefined : Math.max(...times);
}

const createdAt = (object: KubeObject): number | undefined =>
  dateAt(object, 'metadata', 'creationTimestamp') ?? undefined;
