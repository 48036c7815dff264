import type { ComponentType } from 'react';
import { BindingSummary, RoleSummary } from './access-summary.tsx';
import { ConfigMapSummary, SecretSummary, ServiceAccountSummary } from './config-summary.tsx';
import { CrdSummary } from './crd-summary.tsx';
import { CronJobSummary, JobSummary } from './job-summary.tsx';
import { LimitRangeSummary, NamespaceSummary, QuotaSummary } from './namespace-summary.tsx';
import { IngressSummary, ServiceSummary } from './network-summary.tsx';
import { NodeSummary } from './node-summary.tsx';
import { PodSummary } from './pod-summary.tsx';
import { AutoscalerSummary, BudgetSummary, EventSummary } from './policy-summary.tsx';
import { ClaimSummary, VolumeSummary } from './storage-summary.tsx';
import type { SummaryProps } from './summary-props.ts';
import { WorkloadSummary } from './workload-summary.tsx';

/** Summaries that know their kind, by `group/resource`; all other kinds get the generic one. */
export const SUMMARIES: Readonly<Record<string, ComponentType<SummaryProps>>> = {
  '/pods': PodSummary,
  '/nodes': NodeSummary,
  '/namespaces': NamespaceSummary,
  '/services': ServiceSummary,
  '/configmaps': ConfigMapSummary,
  '/secrets': SecretSummary,
  '/serviceaccounts': ServiceAccountSummary,
  '/persistentvolumeclaims': ClaimSummary,
  '/persistentvolumes': VolumeSummary,
  '/resourcequotas': QuotaSummary,
  '/limitranges': LimitRangeSummary,
  '/events': EventSummary,
  'events.k8s.io/events': EventSummary,
  'apps/deployments': WorkloadSummary,
  'apps/statefulsets': WorkloadSummary,
  'apps/daemonsets': WorkloadSummary,
  'apps/replicasets': WorkloadSummary,
  'batch/jobs': JobSummary,
  'batch/cronjobs': CronJobSummary,
  'networking.k8s.io/ingresses': IngressSummary,
  'autoscaling/horizontalpodautoscalers': AutoscalerSummary,
  'policy/poddisruptionbudgets': BudgetSummary,
  'rbac.authorization.k8s.io/roles': RoleSummary,
  'rbac.authorization.k8s.io/clusterroles': RoleSummary,
  'rbac.authorization.k8s.io/rolebindings': BindingSummary,
  'rbac.authorization.k8s.io/clusterrolebindings': BindingSummary,
  'apiextensions.k8s.io/customresourcedefinitions': CrdSummary,
};

export const summaryKey = (kind: { readonly group: string; readonly resource: string }): string =>
  `${kind.group}/${kind.resource}`;
