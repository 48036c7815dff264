/** Used CPU and memory over time, from `metrics.k8s.io`. SPEC.md MT…. */
import { Type, type Static } from 'typebox';
import { USAGE_KINDS } from './usage-kinds.ts';

export { USAGE_PERIOD_MS } from '@krateyard/kube/meta/usage-sample';

/** When (milliseconds since the epoch), CPU in cores, memory in bytes. */
export const UsageSample = Type.Tuple([Type.Number(), Type.Number(), Type.Number()]);
export type UsageSample = Static<typeof UsageSample>;

/** Samples in order of time; where one is missing there was none. */
export const UsageSeries = Type.Object({ samples: Type.Array(UsageSample) });
export type UsageSeries = Static<typeof UsageSeries>;

export const UsageKind = Type.Enum([...USAGE_KINDS]);
export type UsageKind = (typeof USAGE_KINDS)[number];

/** What tables of pods and nodes can be sorted by beside their columns, by place in a sample. */
export const USAGE_SORTS: Readonly<Record<string, 1 | 2>> = { 'cpu-used': 1, 'memory-used': 2 };

/** Query of `GET /api/metrics`. */
export const UsageQuery = Type.Object({
  kind: UsageKind,
  ns: Type.Optional(Type.String({ description: 'One or several, comma separated; absent: all.' })),
  name: Type.Optional(Type.String({ description: 'One object; with ns for what is in a namespace.' })),
});
export type UsageQuery = Static<typeof UsageQuery>;

/** `GET /api/metrics`: by key. */
export const UsageList = Type.Object({
  kind: UsageKind,
  periodMs: Type.Number(),
  items: Type.Record(Type.String(), UsageSeries),
});
export type UsageList = Static<typeof UsageList>;
