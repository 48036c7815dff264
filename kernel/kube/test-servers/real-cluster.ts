import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Client } from '../client/client.ts';
import { createClient } from '../client/create-client.ts';
import { kubeconfigPaths, loadKubeconfig } from '../client/kubeconfig.ts';

/** The cluster of $KUBECONFIG, and a namespace there that goes with the test. */
export async function realCluster(t: TestContext): Promise<{ client: Client; namespace: string }> {
  const config = await loadKubeconfig({ files: kubeconfigPaths(process.env['KUBECONFIG'] ?? '') });
  const client = createClient({ config });
  const namespace = `kube-${randomUUID().slice(0, 8)}`;
  const namespaces = { group: '', version: 'v1', resource: 'namespaces' };
  await client.create(namespaces, { metadata: { name: namespace } });
  t.after(async () => {
    await client.delete(namespaces, namespace).catch(() => {});
    await client.close();
  });
  return { client, namespace };
}
