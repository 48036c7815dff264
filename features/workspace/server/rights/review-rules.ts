import type { Client } from '@krateyard/kube/client/client';

export interface ResourceRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface RulesReview {
  readonly resourceRules?: readonly ResourceRule[];
  readonly incomplete?: boolean;
  readonly evaluationError?: string;
}

/** What the person of `client` may do in a namespace, as the API server tells them (SelfSubjectRulesReview). */
export async function reviewRules(
  client: Client,
  namespace: string,
  signal: AbortSignal,
): Promise<RulesReview> {
  const answer = await client.request<{ readonly status?: RulesReview }>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
    signal,
  });
  return answer.status ?? {};
}
