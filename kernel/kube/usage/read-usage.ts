import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubeObject } from '../meta/object.ts';
import { quantityValue } from '../meta/quantity.ts';

interface Measured {
  readonly usage?: Readonly<Record<'cpu' | 'memory', unknown>> | null;
}

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
  const parts = partsOf(metrics);
  let [cpuCores, memoryBytes] = [0, 0];
  for (const part of parts) {
    cpuCores += valueAt(part, 'cpu');
    memoryBytes += valueAt(part, 'memory');
  }
  if (parts.length === 0 || Number.isNaN(cpuCores) || Number.isNaN(memoryBytes)) return undefined;
  const told = Date.parse(String(metrics['timestamp']));
  return {
    key: formatKey({ namespace, name }),
    namespace,
    // A clock that is ahead must not put samples into the future, where nothing newer would ever come.
    at: Number.isNaN(told) ? now : Math.min(told, now),
    cpuCores,
    memoryBytes,
  };
}

/** Of a pod its containers, of a node itself. */
function partsOf(metrics: KubeObject): readonly Measured[] {
  if (metrics['usage'] !== undefined) return [metrics as Measured];
  return Array.isArray(metrics['containers']) ? (metrics['containers'] as Measured[]) : [];
}

function valueAt(part: Measured | null, resource: 'cpu' | 'memory'): number {
  const value = part?.usage?.[resource];
  return typeof value === 'string' || typeof value === 'number' ? quantityValue(value) : Number.NaN;
}
