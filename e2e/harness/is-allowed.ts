import type { Api } from './api.ts';

/** `resourceAttributes` of a SelfSubjectAccessReview. */
export interface Question {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What the API server itself says to whoever asks. */
export async function isAllowed(api: Api, question: Question): Promise<boolean> {
  const review = await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: question },
  });
  return review.body.status.allowed === true;
}
