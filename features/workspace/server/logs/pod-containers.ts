import type { KubeObject } from '@krateyard/kube/meta/object';

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: TerminatedRun;
}

export interface TerminatedRun {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly containerID?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
}

/** What of a pod says where its logs are. */
export interface LoggedPod extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly restartPolicy?: string;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

/** The names of a pod's containers: init ones first, as they run first. */
export function containerNames({ spec }: LoggedPod): readonly string[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec ?? {};
  return [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
}

/** One container as its pod's status tells. */
export interface ContainerRun {
  /** The runtime's id of the present run, or of the last one while the next is waited for; undefined: it never ran. */
  readonly id: string | undefined;
  readonly restarts: number;
  readonly running: boolean;
  /** How the run `id` ended. */
  readonly ended: TerminatedRun | undefined;
  /** How the run before it ended. */
  readonly before: TerminatedRun | undefined;
  /** It has ended and will not be started again. */
  readonly over: boolean;
}

export function containerRun(pod: LoggedPod, name: string): ContainerRun {
  const status = statusOf(pod, name);
  const { state = {}, lastState = {} } = status ?? {};
  // While it waits to be started again, its last run is the present one.
  const ended = state.terminated ?? (state.waiting ? lastState.terminated : undefined);
  const id = status?.containerID || ended?.containerID || undefined;
  return {
    id,
    restarts: status?.restartCount ?? 0,
    running: state.running !== undefined,
    ended,
    before: state.waiting ? undefined : lastState.terminated,
    over: isOver(pod, name, state),
  };
}

function statusOf({ status }: LoggedPod, name: string): ContainerStatus | undefined {
  const lists = [
    status?.containerStatuses,
    status?.initContainerStatuses,
    status?.ephemeralContainerStatuses,
  ];
  return lists.flatMap((list) => list ?? []).find((each) => each.name === name);
}

function isOver(pod: LoggedPod, name: string, { terminated }: ContainerState): boolean {
  const { phase } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed') return true;
  if (!terminated) return false;
  if (pod.metadata.deletionTimestamp !== undefined) return true;
  const { spec } = pod;
  if (spec?.ephemeralContainers?.some((each) => each.name === name)) return true;
  const init = spec?.initContainers?.find((each) => each.name === name);
  if (init && init.restartPolicy !== 'Always' && terminated.exitCode === 0) return true;
  const policy = init?.restartPolicy ?? spec?.restartPolicy ?? 'Always';
  return policy === 'Never' || (policy === 'OnFailure' && terminated.exitCode === 0);
}
