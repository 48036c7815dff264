import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createClient } from '@krateyard/kube/client/create-client';
import { loadKubeconfig } from '@krateyard/kube/client/kubeconfig';
import { SHORT_KINDS } from '@krateyard/workspace/contract/kind-path';
import { startProgram } from './lists/child.ts';
import { createReaders } from './lists/readers.ts';

const PODS = 10_000;
const LIMIT_MS = 50;
const REPEATS = 20;
/** What people type on the way to a name: a letter, a beginning, a part, the whole, letters in order, two words, nonsense. */
function queriesFor(name: string): readonly string[] {
  const parts = name.split('-');
  const letters = parts.map((part) => part[0]).join('');
  return [name.slice(0, 1), name.slice(0, 3), parts.at(-1)!, name, letters, `pod ${parts[0]}`, 'zzzz'];
}

/** GET /api/search over 10,000 objects, for one who may read everywhere and for one who may by namespace only. */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'krateyard-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const { child } = await startProgram('sandbox/main.ts', [
    '--scene',
    `pods=${PODS}`,
    '--write-kubeconfig',
    kubeconfig,
  ]);
  try {
    await measure(kubeconfig);
  } finally {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(kubeconfig: string): Promise<void> {
  const client = createClient({ config: await loadKubeconfig({ files: [kubeconfig] }, {}) });
  const namespaces = (await client.list(SHORT_KINDS.namespaces)).items.map(
    ({ metadata }) => metadata.name ?? '',
  );
  const pods = await client.list(SHORT_KINDS.pods, { limit: 500 });
  const name = pods.items.at(-1)?.metadata.name ?? '';
  const readers = await createReaders(client, namespaces);
  const { child, origin } = await startProgram('apps/gateway/main.ts', [
    '--port',
    '0',
    '--kubeconfig',
    kubeconfig,
  ]);
  const agent = new Agent();
  const ask = async (
    token: string,
    query: string,
  ): Promise<{ ms: number; total: number; pending: number }> => {
    const start = performance.now();
    const { statusCode, body } = await request(
      `${origin}/api/search?limit=30&q=${encodeURIComponent(query)}`,
      {
        dispatcher: agent,
        headers: { authorization: `Bearer ${token}` },
      },
    );
    const answer = (await body.json()) as { total: number; pending: readonly string[] };
    if (statusCode !== 200) throw new Error(`search answered ${statusCode}`);
    return { ms: performance.now() - start, total: answer.total, pending: answer.pending.length };
  };
  try {
    for (const [who, token] of [
      ['may everywhere', readers.everywhere],
      [`may in ${namespaces.length} namespaces`, readers.byNamespace],
    ] as const) {
      const first = await ask(token, 'p');
      while ((await ask(token, 'p')).pending > 0) await new Promise((resolve) => setTimeout(resolve, 100));
      console.log(
        `${who}: the very first search ${first.ms.toFixed(0)} ms (${first.pending} kinds still pending)`,
      );
      for (const query of queriesFor(name)) await ask(token, query);
      for (const query of queriesFor(name)) {
        const times: number[] = [];
        let total = 0;
        for (let count = 0; count < REPEATS; count += 1) {
          const { ms, total: found } = await ask(token, query);
          times.push(ms);
          total = found;
        }
        const sorted = times.toSorted((a, b) => a - b);
        const [median, p95] = [sorted[REPEATS >> 1]!, sorted[Math.floor(REPEATS * 0.95)]!];
        console.log(
          `${who}: ${JSON.stringify(query).padEnd(28)} ${String(total).padStart(6)} found, median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms${p95 < LIMIT_MS ? '' : `  ABOVE ${LIMIT_MS} ms`}`,
        );
      }
    }
  } finally {
    child.kill();
    await readers.remove();
    await agent.close();
    await client.close();
  }
}
