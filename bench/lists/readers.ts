import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isAlreadyExists } from '@krateyard/status/status-error';

export const NAMESPACE = 'krateyard-bench';
const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1' };
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
const ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts' };

/** Tokens of two ServiceAccounts: one may list pods everywhere, the other in every namespace by a binding of its own there. */
export interface Readers {
  readonly everywhere: string;
  readonly byNamespace: string;
  /** Takes away what was made. */
  remove(): Promise<void>;
}

export async function createReaders(client: Client, namespaces: readonly string[]): Promise<Readers> {
  await ensure(client, NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  for (const name of ['everywhere', 'by-namespace']) {
    await ensure(client, ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: NAMESPACE },
    });
  }
  await ensure(
    client,
    { ...RBAC, resource: 'clusterrolebindings' },
    binding('ClusterRoleBinding', 'everywhere'),
  );
  for (const namespace of namespaces) {
    await ensure(
      client,
      { ...RBAC, resource: 'rolebindings' },
      binding('RoleBinding', 'by-namespace', namespace),
    );
  }
  return {
    everywhere: await token(client, 'everywhere'),
    byNamespace: await token(client, 'by-namespace'),
    remove: async () => {
      await client.delete({ ...RBAC, resource: 'clusterrolebindings' }, `${NAMESPACE}-everywhere`);
      for (const namespace of namespaces) {
        await client.delete({ ...RBAC, resource: 'rolebindings' }, `${NAMESPACE}-by-namespace`, namespace);
      }
      await client.delete(NAMESPACES, NAMESPACE);
    },
  };
}

function binding(kind: string, account: string, namespace?: string): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: `${NAMESPACE}-${account}`, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: NAMESPACE }],
  };
}

async function ensure(
  client: Client,
  gvr: { group: string; version: string; resource: string },
  object: KubeObject,
): Promise<void> {
  await client.create(gvr, object).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

async function token(client: Client, account: string): Promise<string> {
  const answer = await client.request<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${account}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
  });
  return answer.status.token;
}
