import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { createSandbox } from '@krateyard/sandbox/sandbox';

/**
 * A sandbox of N pods of which so many change every second: restart counts, which the table shows. The changes are made inside of
 * it, so that making them takes next to nothing of the machine that is measured. Tells at its end how many there were.
 */
const PODS = { group: '', version: 'v1', resource: 'pods' };
/** Made together, so that timers do not bound the rate. */
const SLICE_MS = 20;

interface Pod extends KubeObject {
  readonly status?: { readonly containerStatuses?: readonly object[] };
}

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '10000' },
    changes: { type: 'string', default: '500' },
    'write-kubeconfig': { type: 'string', default: '' },
  },
});
const sandbox = await createSandbox({ scene: `pods=${values.pods}` });
const { items } = await sandbox.client.list<Pod>(PODS);
await writeFile(values['write-kubeconfig'], sandbox.kubeconfig(), { mode: 0o600 });
console.log(`The sandbox serves at ${sandbox.url}`);

let made = 0;
const startedAt = performance.now();
const timer = setInterval(() => {
  const due = ((performance.now() - startedAt) / 1000) * Number(values.changes);
  while (made < due) change(items[Math.floor(Math.random() * items.length)]!);
}, SLICE_MS);

function change(pod: Pod): void {
  made += 1;
  const containerStatuses = (pod.status?.containerStatuses ?? []).map((one) => ({
    ...one,
    restartCount: made % 100,
  }));
  sandbox.client.seed(PODS, { ...pod, status: { ...pod.status, containerStatuses } });
}

process.once('SIGTERM', () => {
  clearInterval(timer);
  const rate = (made * 1000) / (performance.now() - startedAt);
  console.error(`changes made meanwhile: ${rate.toFixed(0)} a second (asked for ${values.changes})`);
  void sandbox.stop().then(() => process.exit(0));
});
