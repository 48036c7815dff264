import type { Container, Pod } from './pod-types.ts';
import { millicores, quantity } from './quantity.ts';

/** What a pod asks of its node. */
export interface PodRequests {
  /** Millicores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/** The sum over containers and sidecars, or the largest init container where that is more. */
export function podRequests(pod: Pod): PodRequests {
  const inits = pod.spec.initContainers ?? [];
  const sidecars = inits.filter((container) => container.restartPolicy === 'Always');
  const plain = inits.filter((container) => container.restartPolicy !== 'Always');
  return {
    cpu: total([...pod.spec.containers, ...sidecars], plain, 'cpu', millicores),
    memory: total([...pod.spec.containers, ...sidecars], plain, 'memory', quantity),
  };
}

/** Devices and the like, by name (`vendor.example/A1`): whole numbers that a node has or has not. */
export function extendedRequests(pod: Pod): ReadonlyMap<string, number> {
  const names = new Set(
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap(({ resources }) =>
      Object.keys({ ...resources?.limits, ...resources?.requests }).filter((name) => name.includes('/')),
    ),
  );
  return new Map(
    Array.from(names, (name) => [
      name,
      total(pod.spec.containers, pod.spec.initContainers ?? [], name, quantity),
    ]),
  );
}

function total(
  long: readonly Container[],
  inits: readonly Container[],
  resource: string,
  read: (text: string | number | undefined) => number,
): number {
  const of = (container: Container): number =>
    read(container.resources?.requests?.[resource] ?? container.resources?.limits?.[resource]);
  const sum = long.reduce((all, container) => all + of(container), 0);
  return Math.max(sum, ...inits.map(of));
}
