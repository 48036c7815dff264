import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createCache } from '@krateyard/kube/cache/create-cache';
import { createClient } from '@krateyard/kube/client/create-client';
import { parseKubeconfig } from '@krateyard/kube/client/kubeconfig';
import { report, retainedBytes } from './measure.ts';

/** Fills our cache from the server of argv[2]; argv[3] is `watchlist` or `pages`. */
const [, , server = '', mode = 'watchlist'] = process.argv;
const config = parseKubeconfig([
  {
    at: 'bench',
    directory: '.',
    text: JSON.stringify({
      'current-context': 'bench',
      clusters: [{ name: 'bench', cluster: { server } }],
      users: [{ name: 'bench', user: {} }],
      contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    }),
  },
]).cluster();
const client = createClient({ config });
const cache = createCache({ client, budgetBytes: 4e9, watchList: mode === 'watchlist' });
const before = retainedBytes();
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
const started = performance.now();
const lease = cache.lease({ group: '', version: 'v1', resource: 'pods' });
await lease.collection.synced(AbortSignal.timeout(120_000));
const seconds = (performance.now() - started) / 1000;
loop.disable();
report({
  objects: lease.collection.size(),
  retainedMB: (retainedBytes() - before) / 1e6,
  estimatedMB: cache.status()[0]!.bytes / 1e6,
  seconds,
  maxBlockMs: loop.max / 1e6,
});
lease[Symbol.dispose]();
await cache.close();
await client.close();
