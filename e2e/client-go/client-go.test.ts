import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MERGE_PATCH } from '../harness/api.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { configMap } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { LiveProcess, run } from '../harness/run.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const skip = hasGo ? undefined : 'Go is not on PATH';
const target = await suiteTarget();
const { admin } = target;
const folder = mkdtempSync(path.join(tmpdir(), 'krateyard-client-go-'));
target.undo(async () => rmSync(folder, { recursive: true, force: true }));
const program = path.join(folder, 'follow');
if (hasGo) await build();

/** Fetches and compiles what Go's caches do not have: minutes the first time, seconds later. */
async function build(): Promise<void> {
  const result = await run('go', ['build', '-o', program, '.'], {
    cwd: import.meta.dirname,
    deadlineMs: 400_000,
  });
  assert.equal(result.code, 0, result.stderr);
}

async function mapsOfItsOwn(): Promise<{ ns: string; maps: string }> {
  const ns = await target.namespace('client-go');
  const maps = `/api/v1/namespaces/${ns}/configmaps`;
  await pollUntil('the root CA', async () => (await admin.get(`${maps}/kube-root-ca.crt`)).status === 200);
  for (const name of ['a', 'b']) await admin.post(maps, configMap(name, { n: '1' }));
  return { ns, maps };
}

function follow(ns: string, watchList: boolean): LiveProcess {
  return new LiveProcess(program, [target.kubeconfig, ns], {
    env: { KUBE_FEATURE_WatchListClient: String(watchList) },
  });
}

const line = (live: LiveProcess, text: string): Promise<true> =>
  live.seen(`"${text}"`, ({ stdout }) => (stdout.split('\n').includes(text) ? true : undefined), 30_000);

cases(
  'a client-go informer',
  target,
  (it) => {
    for (const watchList of [false, true]) {
      const how = watchList ? 'with WatchList' : 'with LIST and WATCH';

      it(
        `syncs and follows ${how}`,
        async () => {
          const { ns, maps } = await mapsOfItsOwn();
          await using informer = follow(ns, watchList);
          await line(informer, 'SYNCED a=1 b=1 kube-root-ca.crt=');
          await admin.post(maps, configMap('c', { n: '1' }));
          await admin.patch(`${maps}/a`, MERGE_PATCH, { data: { n: '2' } });
          await admin.delete(`${maps}/b`);
          await line(informer, 'DELETE b');
          const [, ...told] = informer.stdout.trimEnd().split('\n');
          assert.deepEqual(told, ['ADD c=1', 'UPDATE a=2', 'DELETE b']);
        },
        { skip },
      );

      it(
        `pages through a large collection ${how}`,
        async () => {
          const { ns, maps } = await mapsOfItsOwn();
          for (let i = 0; i < 60; i++)
            await Promise.all(
              [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((j) =>
                admin.post(maps, configMap(`m-${i}-${j}`, { n: '1' })),
              ),
            );
          await using informer = follow(ns, watchList);
          const synced = await informer.seen(
            'SYNCED',
            ({ stdout }) => stdout.match(/^SYNCED .*$/m)?.[0],
            30_000,
          );
          assert.equal(synced.split(' ').length - 1, 603);
        },
        { skip },
      );
    }
  },
  { concurrency: 2 },
);
