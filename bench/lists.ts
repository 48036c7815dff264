import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request, type Dispatcher } from 'undici';
import type { Client } from '@krateyard/kube/client/client';
import { createClient } from '@krateyard/kube/client/create-client';
import type { ClusterConfig } from '@krateyard/kube/client/cluster-config';
import { loadKubeconfig } from '@krateyard/kube/client/kubeconfig';
import { SHORT_KINDS } from '@krateyard/workspace/contract/kind-path';
import { startProgram } from './lists/child.ts';
import { createGatedPod, createGatedPods } from './lists/load.ts';
import { createReaders, NAMESPACE } from './lists/readers.ts';

const PODS = 10_000;
const REPEATS = 9;

/** GET /api/resources/pods of 10,000, filtered for somebody who may read by namespace only, beside the API server's own LIST. */
export async function run(): Promise<void> {
  console.log(`${PODS} pods, medians of ${REPEATS}; the target against a real API server is ≥ 10 ×`);
  await againstSandbox();
  const file = process.env['KUBECONFIG'];
  if (file === undefined || file === '')
    console.log('set KUBECONFIG to measure against a real API server too');
  else await againstCluster(file);
}

async function againstSandbox(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'krateyard-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const { child } = await startProgram('sandbox/main.ts', [
    '--scene',
    `pods=${PODS}`,
    '--write-kubeconfig',
    kubeconfig,
  ]);
  try {
    await measure('sandbox', kubeconfig);
  } finally {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function againstCluster(kubeconfig: string): Promise<void> {
  const client = createClient({ config: await loadKubeconfig({ files: [kubeconfig] }, {}) });
  console.log(`creating ${PODS} pods in the cluster of KUBECONFIG`);
  const remove = await createGatedPods(client, PODS);
  try {
    await measure('real API server', kubeconfig);
  } finally {
    await remove();
    await client.close();
  }
}

async function measure(label: string, kubeconfig: string): Promise<void> {
  const config = await loadKubeconfig({ files: [kubeconfig] }, {});
  const client = createClient({ config });
  const namespaces = (await client.list(SHORT_KINDS.namespaces)).items.map(
    ({ metadata }) => metadata.name ?? '',
  );
  const readers = await createReaders(client, namespaces);
  const { child, origin } = await startProgram('apps/gateway/main.ts', [
    '--port',
    '0',
    '--kubeconfig',
    kubeconfig,
  ]);
  const agent = await agentOf(config);
  try {
    const change = addOnePod(client);
    const list = `${config.server}/api/v1/pods`;
    const ours = `${origin}/api/resources/pods`;
    const selector = '?labelSelector=batch%3D3';
    for (const [what, query, before] of [
      ['unchanged', '', still],
      ['a pod came in between', '', change],
      ['label selector, a pod came in between', selector, change],
    ] as const) {
      const theirs = await times(agent, list + query, readers.everywhere, before);
      const mine = await times(agent, ours + query, readers.byNamespace, before);
      print(label, `${what}: LIST of the API server, by one who may everywhere`, theirs);
      print(label, `${what}: GET /api/resources/pods, by one who may by namespace`, mine);
      console.log(`${label}: ${what}: ${(theirs.medianMs / mine.medianMs).toFixed(1)} × faster`);
    }
  } finally {
    child.kill();
    await readers.remove();
    await agent.close();
    await client.close();
  }
}

interface Times {
  readonly medianMs: number;
  readonly bytes: number;
}

type Before = () => Promise<void>;

const still: Before = async () => {};
/** Longer than a change takes through the watch. */
const SETTLE_MS = 60;

/** Adds a pod each time, so that nothing made for the last answer can be sent again. */
function addOnePod(client: Client): Before {
  let count = 0;
  return async () => {
    await createGatedPod(client, NAMESPACE, (count += 1));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  };
}

async function times(agent: Dispatcher, url: string, token: string, before: Before): Promise<Times> {
  // The first one fills caches, on both sides.
  const { bytes } = await timed(agent, url, token);
  const all: number[] = [];
  for (let count = 0; count < REPEATS; count += 1) {
    await before();
    all.push((await timed(agent, url, token)).ms);
  }
  return { medianMs: all.toSorted((a, b) => a - b)[Math.floor(REPEATS / 2)] ?? 0, bytes };
}

async function timed(
  dispatcher: Dispatcher,
  url: string,
  token: string,
): Promise<{ ms: number; bytes: number }> {
  const start = performance.now();
  const { statusCode, body } = await request(url, {
    dispatcher,
    headers: { authorization: `Bearer ${token}` },
  });
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  return { ms: performance.now() - start, bytes };
}

async function agentOf({ ca }: ClusterConfig): Promise<Agent> {
  const pem = ca === undefined ? undefined : 'pem' in ca ? ca.pem : await readFile(ca.file, 'utf8');
  return new Agent({ connect: pem === undefined ? {} : { ca: pem }, headersTimeout: 60_000 });
}

function print(label: string, what: string, { medianMs, bytes }: Times): void {
  console.log(
    `${label}: ${what.padEnd(98)} ${medianMs.toFixed(1).padStart(8)} ms  ${(bytes / 1e6).toFixed(1)} MB`,
  );
}
