import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LocalClient } from '../api/local-client.ts';
import { equalJson } from '../store/json-value.ts';
import type { PolicyRule } from './rbac-rules.ts';

export const CLUSTER_ROLES = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  resource: 'clusterroles',
} as const;

/** The rules that an aggregated role should have: those of all roles that its selectors match, each once. */
export function aggregatedRules(role: KubeObject, all: Iterable<KubeObject>): PolicyRule[] {
  const { clusterRoleSelectors = [] } = (role['aggregationRule'] ?? {}) as {
    clusterRoleSelectors?: LabelSelector[];
  };
  const selectors = clusterRoleSelectors.map((selector) => requirementsOf(selector) ?? []);
  const rules: PolicyRule[] = [];
  for (const other of all) {
    if (other === role || other.metadata.name === role.metadata.name) continue;
    if (!selectors.some((selector) => matchesLabels(selector, other.metadata.labels))) continue;
    for (const rule of (other['rules'] ?? []) as PolicyRule[])
      if (!rules.some((known) => equalJson(known, rule))) rules.push(rule);
  }
  return rules;
}

/** Keeps the rules of aggregated ClusterRoles up to date, until the signal aborts. */
export function aggregateRoles(
  client: LocalClient,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): void {
  const roles = new Map<string, KubeObject>();
  let due = false;
  const reconcile = async (): Promise<void> => {
    due = false;
    for (const role of [...roles.values()].sort(byName)) {
      if (role['aggregationRule'] === undefined) continue;
      const rules = aggregatedRules(role, [...roles.values()].sort(byName));
      if (equalJson(rules, role['rules'] ?? [])) continue;
      await client.patch(CLUSTER_ROLES, role.metadata.name ?? '', undefined, { rules });
    }
  };
  const onEvent = ({ type, object }: { type: string; object: KubeObject }): void => {
    if (type === 'DELETED') roles.delete(object.metadata.name ?? '');
    else roles.set(object.metadata.name ?? '', object);
    if (due) return;
    due = true;
    queueMicrotask(() => void reconcile().catch(onError));
  };
  client.watch(CLUSTER_ROLES, onEvent, signal);
}

const byName = (a: KubeObject, b: KubeObject): number =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
