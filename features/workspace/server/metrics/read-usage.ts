import { formatKey, keyOf } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import { at, dateAt, listAt } from '../../contract/columns/read.ts';

/** One NodeMetrics or PodMetrics, read. */
export interface UsageReading {
  readonly key: string;
  /** '' for nodes. */
  readonly namespace: string;
  /** When it was measured: milliseconds since the epoch. */
  readonly at: number;
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

/** Undefined for what says nothing that can be understood; `now` stands in for a timestamp that is none. */
export function readUsage(metrics: KubeObject, now: number): UsageReading | undefined {
  const { namespace, name } = keyOf(metrics);
  if (name === '') return undefined;
  const parts = at(metrics, 'usage') === undefined ? listAt(metrics, 'containers') : [metrics];
  let [cpuCores, memoryBytes] = [0, 0];
  for (const part of parts) {
    cpuCores += valueAt(part, 'cpu');
    memoryBytes += valueAt(part, 'memory');
  }
  if (parts.length === 0 || Number.isNaN(cpuCores) || Number.isNaN(memoryBytes)) return undefined;
  const told = dateAt(metrics, 'timestamp');
  return {
    key: formatKey({ namespace, name }),
    namespace,
    // A clock that is ahead must not put samples into the future, where nothing newer would ever come.
    at: told === null ? now : Math.min(told, now),
    cpuCores,
    memoryBytes,
  };
}

function valueAt(part: unknown, resource: 'cpu' | 'memory'): number {
  const value = at(part, 'usage', resource);
  return typeof value === 'string' || typeof value === 'number' ? quantityValue(value) : Number.NaN;
}
