import type { Condition, ContainerState, ContainerStatus, Pod, PodStatus } from '../pod-types.ts';
import { withCondition } from '../pod-state.ts';
import { timestamp } from '../world.ts';
import { hexOf } from '../hash.ts';
import { exitCodeOf, isDone, isReadyAt, type ContainerRecord } from './container-record.ts';

export interface PodFacts {
  readonly pod: Pod;
  readonly records: readonly ContainerRecord[];
  readonly hostIP: string;
  readonly podIP: string | undefined;
  readonly startTime: string;
  readonly now: number;
}

/** The status that a kubelet reports, from what it knows of the containers. */
export function podStatus(facts: PodFacts): PodStatus {
  const { pod, records, hostIP, podIP, startTime, now } = facts;
  const phase = podPhase(pod, records);
  const of = (kinds: readonly string[]): ContainerStatus[] =>
    records
      .filter((record) => kinds.includes(record.kind))
      .map((record) => containerStatus(record, pod, now));
  const inits = of(['init', 'sidecar']);
  const ephemeral = of(['ephemeral']);
  return {
    phase,
    conditions: conditions(facts, phase),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    ...(inits.length > 0 && { initContainerStatuses: inits }),
    containerStatuses: of(['main']),
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
  };
}

function podPhase(pod: Pod, records: readonly ContainerRecord[]): NonNullable<PodStatus['phase']> {
  const inits = records.filter((record) => record.kind === 'init');
  const mains = records.filter((record) => record.kind === 'main');
  if (inits.some((record) => isDone(record) && exitCodeOf(record) !== 0)) return 'Failed';
  if (!mains.some(hasStarted)) return 'Pending';
  if (!mains.every(isDone)) return 'Running';
  if (records.some((record) => record.kind === 'sidecar' && record.phase.is === 'running')) return 'Running';
  if ((pod.spec.restartPolicy ?? 'Always') === 'Always' && pod.metadata.deletionTimestamp === undefined)
    return 'Running';
  return mains.every((record) => exitCodeOf(record) === 0) ? 'Succeeded' : 'Failed';
}

function hasStarted(record: ContainerRecord): boolean {
  return record.phase.is === 'running' || record.phase.is === 'ended' || record.last !== undefined;
}

function conditions(facts: PodFacts, phase: PodStatus['phase']): Condition[] {
  const { pod, records, podIP, now } = facts;
  const time = timestamp(now);
  const over = phase === 'Succeeded' || phase === 'Failed';
  const inits = records.filter((record) => record.kind === 'init' || record.kind === 'sidecar');
  const waiting = inits.filter((record) =>
    record.kind === 'init' ? !(isDone(record) && exitCodeOf(record) === 0) : !isReadyAt(record, now) && !over,
  );
  const mains = records.filter((record) => record.kind === 'main' || record.kind === 'sidecar');
  const unready = mains.filter((record) => !isReadyAt(record, now)).map((record) => record.spec.name);
  const list: Condition[] = [
    { type: 'PodReadyToStartContainers', status: podIP !== undefined && !over ? 'True' : 'False' },
    over && waiting.length === 0
      ? { type: 'Initialized', status: 'True', reason: 'PodCompleted' }
      : named(
          'Initialized',
          waiting.map((record) => record.spec.name),
          'ContainersNotInitialized',
          'containers with incomplete status',
        ),
    readiness('Ready', phase, unready),
    readiness('ContainersReady', phase, unready),
    { type: 'PodScheduled', status: 'True' },
  ];
  const old = pod.status?.conditions ?? [];
  const kept = old.filter((each) => !list.some((next) => next.type === each.type));
  const stamped = list.map((next) => {
    const { lastTransitionTime } = withCondition(old, next, time).find((each) => each.type === next.type)!;
    return { ...next, lastProbeTime: null, lastTransitionTime: lastTransitionTime!, ...generation(pod) };
  });
  return [...stamped, ...kept];
}

function generation(pod: Pod): { observedGeneration?: number } {
  return pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
}

function readiness(type: string, phase: PodStatus['phase'], unready: readonly string[]): Condition {
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  return named(type, unready, 'ContainersNotReady', 'containers with unready status');
}

function named(type: string, names: readonly string[], reason: string, text: string): Condition {
  if (names.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason, message: `${text}: [${names.join(' ')}]` };
}

function containerStatus(record: ContainerRecord, pod: Pod, now: number): ContainerStatus {
  const ready = record.kind === 'init' ? isDone(record) && exitCodeOf(record) === 0 : isReadyAt(record, now);
  const state = containerState(record, pod);
  const known = record.phase.is === 'running' || record.phase.is === 'ended' || record.last !== undefined;
  const containerID =
    record.phase.is === 'running'
      ? record.phase.containerID
      : (state.terminated?.containerID ?? record.last?.containerID);
  return {
    name: record.spec.name,
    image: known ? canonicalImage(record.spec.image ?? '') : (record.spec.image ?? ''),
    imageID: known ? imageID(record.spec.image ?? '') : '',
    ...(containerID !== undefined && { containerID }),
    ready,
    started: record.phase.is === 'running',
    restartCount: record.restarts,
    state,
    lastState: record.last ? { terminated: record.last } : {},
  };
}

function containerState(record: ContainerRecord, pod: Pod): ContainerState {
  const { phase } = record;
  switch (phase.is) {
    case 'running':
      return { running: { startedAt: timestamp(phase.startedAt) } };
    case 'ended':
      return { terminated: phase.terminated };
    case 'backoff':
      return { waiting: { reason: 'CrashLoopBackOff', message: phase.message } };
    case 'blocked':
      return { waiting: { reason: phase.reason, message: phase.message } };
    case 'idle':
    case 'pulling':
    case 'starting': {
      const inits = (pod.spec.initContainers ?? []).length > 0 && record.kind === 'main';
      return { waiting: { reason: inits && phase.is === 'idle' ? 'PodInitializing' : 'ContainerCreating' } };
    }
  }
}

/** As containerd names images: `nginx` is `docker.io/library/nginx:latest`. */
export function canonicalImage(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const withRegistry = hasRegistry ? image : `docker.io/${rest.length === 0 ? 'library/' : ''}${image}`;
  const tagged =
    withRegistry.includes('@') || withRegistry.slice(withRegistry.lastIndexOf('/')).includes(':');
  return tagged ? withRegistry : `${withRegistry}:latest`;
}

function imageID(image: string): string {
  const full = canonicalImage(image);
  const repository = full.split('@')[0]!.replace(/:[^/:]+$/, '');
  return `${repository}@sha256:${hexOf(full, 64)}`;
}
