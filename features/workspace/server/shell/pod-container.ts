import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError, isForbidden } from '@krateyard/status/status-error';

interface ContainerState {
  readonly running?: object;
  readonly waiting?: { readonly reason?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly imageID?: string;
  readonly state?: ContainerState;
}

interface PodContainerSpec {
  readonly name: string;
  readonly tty?: boolean;
  readonly stdin?: boolean;
}

export interface Pod extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly PodContainerSpec[];
    readonly initContainers?: readonly PodContainerSpec[];
    readonly ephemeralContainers?: readonly PodContainerSpec[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

export const PODS = { group: '', version: 'v1', resource: 'pods' };
/** kubectl's way for a pod to say which of its containers people mean. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** The pod as this person sees it; undefined when they may exec into it but not read it. */
export async function readPod(
  client: Client,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Pod | undefined> {
  try {
    return await client.get<Pod>(PODS, name, namespace, { signal });
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** The container that is meant. Throws NotFound for one that is not there. */
export function containerOf(pod: Pod, wanted: string | undefined): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const all = [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
  const annotated = pod.metadata.annotations?.[DEFAULT_CONTAINER];
  const name = wanted ?? (annotated !== undefined && all.includes(annotated) ? annotated : all[0]);
  if (name !== undefined && all.includes(name)) return name;
  throw new StatusError(
    'NotFound',
    `pods "${pod.metadata.name}" has no container "${name ?? ''}"; it has ${all.join(', ')}`,
    { details: { name: pod.metadata.name ?? '', kind: 'pods' } },
  );
}

/** What the container's spec says about its own terminal, for attaching to it. */
export function consoleOf(pod: Pod, name: string): { readonly tty: boolean; readonly stdin: boolean } {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const spec = [...containers, ...initContainers, ...ephemeralContainers].find((each) => each.name === name);
  return { tty: spec?.tty ?? false, stdin: spec?.stdin ?? false };
}

export function containerStatus(pod: Pod, name: string): ContainerStatus | undefined {
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    (status) => status.name === name,
  );
}

/** Throws Conflict that says what the container does instead of running. */
export function requireRunning(pod: Pod, name: string): void {
  const state = containerStatus(pod, name)?.state;
  if (state?.running) return;
  throw new StatusError(
    'Conflict',
    `the container "${name}" of pod "${pod.metadata.name}" is not running: ${doing(pod, state)}`,
    { details: { name: pod.metadata.name ?? '', kind: 'pods' } },
  );
}

function doing(pod: Pod, state: ContainerState | undefined): string {
  if (state?.waiting) return `it waits (${state.waiting.reason ?? 'ContainerCreating'})`;
  if (state?.terminated) {
    return `it has ended (${state.terminated.reason ?? 'exit code'} ${state.terminated.exitCode ?? ''})`.replace(
      ' )',
      ')',
    );
  }
  return `the pod is ${pod.status?.phase ?? 'unknown'}`;
}
