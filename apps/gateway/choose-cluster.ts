import type { ClusterConfig } from '@krateyard/kube/client/cluster-config';
import { inClusterConfig, isInCluster } from '@krateyard/kube/client/in-cluster';
import { kubeconfigPaths, loadKubeconfig } from '@krateyard/kube/client/kubeconfig';
import type { Config } from './config-schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which cluster to show. `personal`: somebody named a kubeconfig, so its identity is theirs. */
export type ChosenCluster =
  | { readonly kind: 'real'; readonly config: ClusterConfig; readonly personal: boolean }
  | { readonly kind: 'embedded' };

/**
 * An explicit kubeconfig, else the cluster that this pod runs in, else the embedded one. `~/.kube/config` is never looked
 * at: nobody shall show a production cluster by accident. Throws ConfigError with every problem of the kubeconfig.
 */
export async function chooseCluster(config: Config, env: Environment): Promise<ChosenCluster> {
  if (config.kubeconfig !== undefined) {
    const files = kubeconfigPaths(config.kubeconfig);
    return {
      kind: 'real',
      config: await loadKubeconfig({ files }, { context: config.context }),
      personal: true,
    };
  }
  if (isInCluster(env)) return { kind: 'real', config: inClusterConfig(env), personal: false };
  return { kind: 'embedded' };
}
