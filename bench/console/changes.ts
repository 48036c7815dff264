import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { SHORT_KINDS } from '@krateyard/workspace/contract/kind-path';

const CONCURRENT = 16;
/** Made together, so that timers do not bound the rate. */
const SLICE_MS = 20;

export interface Changes {
  perSecond(): number;
  stop(): Promise<void>;
}

/** Changes the restart counts of random pods, which the table shows, so many times a second until stopped. */
export async function startChanges(client: Client, perSecond: number): Promise<Changes> {
  const { items } = await client.list<KubeObject>(SHORT_KINDS.pods, { omitManagedFields: true });
  const startedAt = performance.now();
  let owed = 0;
  let made = 0;
  const over = new AbortController();
  const timer = setInterval(() => (owed += (perSecond * SLICE_MS) / 1000), SLICE_MS);
  const lane = async (): Promise<void> => {
    while (!over.signal.aborted) {
      if (owed < 1) {
        await new Promise((resolve) => setTimeout(resolve, SLICE_MS / 2));
        continue;
      }
      owed -= 1;
      // A change that the API server had no time for is one fewer: the rate is told at the end.
      made += await change(client, items[Math.floor(Math.random() * items.length)]!, made).then(
        () => 1,
        () => 0,
      );
    }
  };
  const lanes = Promise.all(Array.from({ length: CONCURRENT }, lane));
  return {
    perSecond: () => (made * 1000) / (performance.now() - startedAt),
    stop: async () => {
      over.abort();
      clearInterval(timer);
      await lanes;
    },
  };
}

async function change(client: Client, pod: KubeObject, count: number): Promise<void> {
  const { name = '', namespace } = pod.metadata;
  const status = pod['status'] as { containerStatuses?: object[] };
  const containerStatuses = (status.containerStatuses ?? []).map((one) => ({
    ...one,
    restartCount: count % 100,
  }));
  const at = { name, namespace, subresource: 'status' };
  await client.patch(SHORT_KINDS.pods, at, 'merge', { status: { containerStatuses } });
}
