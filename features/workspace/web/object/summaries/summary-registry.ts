import type { ComponentType } from 'react';
import { NodeSummary } from './node-summary.tsx';
import { PodSummary } from './pod-summary.tsx';
import type { SummaryProps } from './summary-props.ts';
import { WorkloadSummary } from './workload-summary.tsx';

/** Summaries that know their kind, by `group/resource`; all other kinds get the generic one. */
export const SUMMARIES: Readonly<Record<string, ComponentType<SummaryProps>>> = {
  '/pods': PodSummary,
  '/nodes': NodeSummary,
  'apps/deployments': WorkloadSummary,
  'apps/statefulsets': WorkloadSummary,
  'apps/daemonsets': WorkloadSummary,
  'apps/replicasets': WorkloadSummary,
};

export const summaryKey = (kind: { readonly group: string; readonly resource: string }): string =>
  `${kind.group}/${kind.resource}`;
