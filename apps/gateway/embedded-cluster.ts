import { StatusError } from '@krateyard/status/status-error';
import type { ServedCluster } from './app.ts';
import type { Config } from './config-schema.ts';
import type { ServeClusterDeps } from './serve-cluster.ts';

/** Starts the embedded cluster. */
export async function embedCluster(
  _config: Config,
  _deps: ServeClusterDeps,
): Promise<{ cluster: ServedCluster; close: () => Promise<void> }> {
  await Promise.resolve();
  throw new StatusError('ServiceUnavailable', 'The embedded cluster is not there yet.');
}
