import type { ServedCluster } from './app.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { Config } from './config-schema.ts';
import type { ClusterSurroundings } from './cluster-surroundings.ts';
import { isLoopback } from './loopback.ts';

/** The cluster that the configuration chooses; the embedded one runs until `close`. */
export async function serveCluster(
  config: Config,
  deps: ClusterSurroundings,
): Promise<{ cluster: ServedCluster; close: () => Promise<void> }> {
  const chosen = await chooseCluster(config, deps.env);
  if (chosen.kind === 'embedded') {
    // Loaded only now: a gateway of a real cluster does not carry an API server.
    const { embedCluster } = await import('./embedded-cluster.ts');
    return embedCluster(config, deps);
  }
  const personal = chosen.personal && isLoopback(config.host);
  return {
    cluster: {
      config: chosen.config,
      embedded: false,
      people: [],
      host: personal ? { kind: 'own' } : undefined,
    },
    close: () => Promise.resolve(),
  };
}
