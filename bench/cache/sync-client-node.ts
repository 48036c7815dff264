import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { report, retainedBytes } from './measure.ts';

/** Fills the informer of @kubernetes/client-node from the server of argv[2], as its documentation shows. */
const config = new KubeConfig();
config.loadFromClusterAndUser(
  { name: 'bench', server: process.argv[2] ?? '', skipTLSVerify: true },
  { name: 'bench' },
);
const api = config.makeApiClient(CoreV1Api);
const before = retainedBytes();
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
const started = performance.now();
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
await informer.start();
const seconds = (performance.now() - started) / 1000;
loop.disable();
report({
  objects: informer.list().length,
  retainedMB: (retainedBytes() - before) / 1e6,
  seconds,
  maxBlockMs: loop.max / 1e6,
});
process.exit(0);
