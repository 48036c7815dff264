import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isForbidden, isNotFound } from '@krateyard/status/status-error';
import type { Principal } from './principal.ts';

const SERVICE_ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts' };

/**
 * Whether the service account behind a token is still there, and the same one. kube-apiserver goes on believing a token for up
 * to ten seconds after its account was deleted (its token cache); looking ourselves shows that at once. True for people,
 * and when the gateway may not look.
 */
export async function serviceAccountExists(
  client: Client,
  who: Principal,
  signal: AbortSignal,
): Promise<boolean> {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(who.username) ?? [];
  if (namespace === undefined || name === undefined) return true;
  try {
    const { metadata } = await client.get<KubeObject>(SERVICE_ACCOUNTS, name, namespace, { signal });
    return metadata.deletionTimestamp === undefined && (who.uid === undefined || who.uid === metadata.uid);
  } catch (error) {
    if (isNotFound(error)) return false;
    if (isForbidden(error)) return true;
    throw error;
  }
}
