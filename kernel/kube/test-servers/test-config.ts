import type { ClusterConfig } from '../client/cluster-config.ts';
import { parseKubeconfig } from '../client/kubeconfig.ts';

/** A context that reaches a server; `user` and `cluster` are more of its entries. */
export function testConfig(
  { server, ca }: { readonly server: string; readonly ca?: string | undefined },
  user: Readonly<Record<string, unknown>> = {},
  cluster: Readonly<Record<string, unknown>> = {},
): ClusterConfig {
  const authority = ca !== undefined && {
    'certificate-authority-data': Buffer.from(ca).toString('base64'),
  };
  const text = JSON.stringify({
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, ...authority, ...cluster } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
  return parseKubeconfig([{ at: 'test', directory: '.', text }]).cluster();
}
