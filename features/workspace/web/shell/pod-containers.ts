import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';

export interface PodContainer {
  readonly name: string;
  readonly kind: 'container' | 'init' | 'ephemeral';
  readonly running: boolean;
}

interface Named {
  readonly name: string;
}
interface ContainerStatus extends Named {
  readonly state?: { readonly running?: object };
}
interface PodLike {
  readonly spec?: {
    readonly containers?: readonly Named[];
    readonly initContainers?: readonly Named[];
    readonly ephemeralContainers?: readonly Named[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

/** Every container of a pod, those of the spec first, as the pod lists them. */
export function containersOf({ spec, status }: PodLike): readonly PodContainer[] {
  const part = (
    kind: PodContainer['kind'],
    named: readonly Named[] | undefined,
    statuses: readonly ContainerStatus[] | undefined,
  ): PodContainer[] =>
    (named ?? []).map(({ name }) => ({
      name,
      kind,
      running: statuses?.find((one) => one.name === name)?.state?.running !== undefined,
    }));
  return [
    ...part('container', spec?.containers, status?.containerStatuses),
    ...part('ephemeral', spec?.ephemeralContainers, status?.ephemeralContainerStatuses),
    ...part('init', spec?.initContainers, status?.initContainerStatuses),
  ];
}

/** The pod's containers, asked for once; empty until then and when it may not be read. */
export function usePodContainers(ns: string, pod: string): readonly PodContainer[] {
  const [found, setFound] = useState<readonly PodContainer[]>([]);
  useEffect(() => {
    if (pod === '') return undefined;
    const stop = new AbortController();
    requestJson<PodLike>(`/api/resource/pods/${encodeURIComponent(pod)}?ns=${encodeURIComponent(ns)}`, {
      signal: stop.signal,
    })
      .then((object) => setFound(containersOf(object)))
      .catch(() => {
        // The name can be left to the server; what is wrong is told when the shell is opened.
      });
    return () => stop.abort();
  }, [ns, pod]);
  return found;
}
