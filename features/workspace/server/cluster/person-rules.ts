import type { Client } from '@krateyard/kube/client/client';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { reviewRules, type ResourceRule } from '../rights/review-rules.ts';

/** What a person may list somewhere, as the API server tells the person: good enough to fill a menu, never used to let anybody in. */
export interface PersonRules {
  mayList(gvr: GroupVersionResource): boolean;
}

/** Asks once a namespace, `concurrent` at a time; whoever may list everything needs no second answer. */
export async function readPersonRules(
  client: Client,
  namespaces: readonly string[],
  signal: AbortSignal,
  concurrent = 8,
): Promise<PersonRules> {
  const granted = new Set<string>();
  const left = namespaces.toReversed();
  const ask = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined && !granted.has('*/*'); next = left.pop()) {
      const { resourceRules = [] } = await reviewRules(client, next, signal);
      for (const rule of resourceRules) remember(granted, rule);
    }
  };
  await Promise.all(Array.from({ length: concurrent }, ask));
  return {
    mayList: ({ group, resource }) =>
      [group, '*'].some((inGroup) => [resource, '*'].some((named) => granted.has(`${inGroup}/${named}`))),
  };
}

function remember(
  granted: Set<string>,
  { verbs = [], apiGroups = [], resources = [], resourceNames = [] }: ResourceRule,
): void {
  if (resourceNames.length > 0 || !(verbs.includes('list') || verbs.includes('*'))) return;
  for (const group of apiGroups) for (const resource of resources) granted.add(`${group}/${resource}`);
}
