import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { ServedCluster } from './app.ts';
import { chooseCluster } from './choose-cluster.ts';
import type { Config } from './config-schema.ts';
import { isLoopback } from './loopback.ts';

export interface ServeClusterDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The cluster that the configuration chooses; the embedded one runs until `close`. */
export async function serveCluster(
  config: Config,
  deps: ServeClusterDeps,
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
