import type { Client } from '@krateyard/kube/client/client';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';

interface ResourceRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface RulesReview {
  readonly status?: { readonly resourceRules?: readonly ResourceRule[] };
}

/** What a person may list somewhere, as the API server tells the person: good enough to fill a menu, never used to let anybody in. */
export interface PersonRules {
  mayList(gvr: GroupVersionResource): boolean;
}

/** Asks once a namespace, `concurrent` at a time. */
export async function readPersonRules(
  client: Client,
  namespaces: readonly string[],
  signal: AbortSignal,
  concurrent = 8,
): Promise<PersonRules> {
  const granted = new Set<string>();
  const left = [...namespaces];
  const ask = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      for (const rule of await review(client, next, signal)) remember(granted, rule);
    }
  };
  await Promise.all(Array.from({ length: concurrent }, ask));
  return {
    mayList: ({ group, resource }) =>
      [group, '*'].some((inGroup) => [resource, '*'].some((named) => granted.has(`${inGroup}/${named}`))),
  };
}

async function review(
  client: Client,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly ResourceRule[]> {
  const answer = await client.request<RulesReview>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
    signal,
  });
  return answer.status?.resourceRules ?? [];
}

function remember(
  granted: Set<string>,
  { verbs = [], apiGroups = [], resources = [], resourceNames = [] }: ResourceRule,
): void {
  if (resourceNames.length > 0 || !(verbs.includes('list') || verbs.includes('*'))) return;
  for (const group of apiGroups) for (const resource of resources) granted.add(`${group}/${resource}`);
}
