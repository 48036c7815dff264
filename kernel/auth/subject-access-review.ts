import type { Client } from '@krateyard/kube/client/client';
import type { AccessAnswer, AccessQuestion } from './access.ts';
import { gatewayFailure } from './gateway-failure.ts';
import type { Principal } from './principal.ts';

interface ReviewBody {
  readonly status?: { readonly allowed?: boolean; readonly reason?: string };
}

/** Asks the API server, with the gateway's credentials about `who`, or about itself when the gateway is that person. */
export async function reviewAccess(
  client: Client,
  who: Principal,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<AccessAnswer> {
  const own = who.via === 'own';
  const review = client.request<ReviewBody>({
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${own ? 'selfsubjectaccessreviews' : 'subjectaccessreviews'}`,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: own ? 'SelfSubjectAccessReview' : 'SubjectAccessReview',
      spec: { resourceAttributes: attributes(question), ...(own ? {} : subject(who)) },
    },
    signal,
  });
  const { status } = await review.catch((error: unknown) => {
    throw gatewayFailure(error, 'what you may do');
  });
  return { allowed: status?.allowed === true, reason: status?.reason ?? '' };
}

function attributes(question: AccessQuestion): Record<string, string> {
  const { group, version, resource } = question.resource;
  return {
    verb: question.verb,
    group,
    version,
    resource,
    ...(question.subresource ? { subresource: question.subresource } : {}),
    ...(question.namespace ? { namespace: question.namespace } : {}),
    ...(question.name ? { name: question.name } : {}),
  };
}

function subject(who: Principal): Record<string, unknown> {
  return {
    user: who.username,
    groups: who.groups,
    ...(who.uid ? { uid: who.uid } : {}),
    ...(who.extra ? { extra: who.extra } : {}),
  };
}
