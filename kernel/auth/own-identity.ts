import type { Client } from '@krateyard/kube/client/client';
import type { Principal } from './principal.ts';

interface SelfSubjectReviewBody {
  readonly status?: {
    readonly userInfo?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
    };
  };
}

/**
 * Who the kubeconfig's own credentials are, asked of the API server. Only offered when the gateway is bound to loopback
 * and was given the kubeconfig explicitly: whoever started it may do with it what they like.
 */
export async function ownIdentity(client: Client, signal?: AbortSignal): Promise<Principal> {
  const { status } = await client.request<SelfSubjectReviewBody>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    ...(signal && { signal }),
  });
  const user = status?.userInfo;
  const username = user?.username ?? 'system:anonymous';
  return {
    id: `own:${username}`,
    username,
    groups: user?.groups ?? [],
    ...(user?.uid ? { uid: user.uid } : {}),
    via: 'own',
  };
}
