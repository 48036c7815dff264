import assert from 'node:assert/strict';
import type { Wire } from '../harness/wire.ts';
import { cases, type Case } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { MERGE_PATCH } from '../harness/api.ts';
import { configMap, type RoomFixture } from './room-fixture.ts';
import type { StreamModel } from './watch-client.ts';

const RESTARTS = 20;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Clients of `/ws/watch` while the API server dies again and again under a stream of changes. */
export function workspaceFaultsCases({ target, person }: RoomFixture): void {
  const define = (it: Case): void => {
    it('[WP15] a stream says that its API server is away, keeps what was known, and says when it is back', async () => {
      const namespace = await target.bareNamespace('away');
      const who = await person('reader');
      await who.grant('view', namespace);
      await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('a'));
      const client = await who.watch();
      const stream = await client.subscribe({ id: 'm', kind: 'configmaps', namespaces: [namespace] });
      const told = (): string[] =>
        client.frames.flatMap((frame) =>
          frame.type === 'freshness' && frame.stream === client.subscribedOf('m')?.stream ? frame.state : [],
        );
      const restarted = target.restartApiServer(2);
      await pollUntil('word of it', () => told().includes('disconnected'));
      assert.ok(stream.objects.has(`${namespace}/a`));
      await restarted;
      await pollUntil('word of the return', () => told().at(-1) === 'live', { deadlineMs: 60_000 });
      assert.ok(stream.objects.has(`${namespace}/a`));
    });

    it(
      `[WP15] after ${RESTARTS} restarts of the API server every client equals the API, and nothing came twice`,
      async () => {
        const namespace = await target.bareNamespace('faults');
        const collection = `/api/v1/namespaces/${namespace}/configmaps`;
        const who = await person('reader');
        await who.grant('view', namespace);
        const client = await who.watch();
        const asked = { kind: 'configmaps', namespaces: [namespace] };
        const full = await client.subscribe({ id: 'full', ...asked });
        const patched = await client.subscribe({ id: 'patch', ...asked, payload: 'patch' });
        const window = await client.subscribe({
          id: 'window',
          ...asked,
          window: { sort: '-name', offset: 0, limit: 3 },
        });
        const stop = new AbortController();
        let written = 0;
        const writing = (async () => {
          for (let count = 0; !stop.signal.aborted; count += 1) {
            const name = NAMES[count % NAMES.length]!;
            const done = await change(count, name, collection).catch(() => false);
            if (done) written += 1;
          }
        })();
        for (let restart = 0; restart < RESTARTS; restart += 1) {
          const goal = written + 10;
          await pollUntil('writes to go on', () => written >= goal, { deadlineMs: 60_000 });
          await target.restartApiServer(0);
        }
        stop.abort();
        await writing;
        const present = async (): Promise<string> => {
          const { body } = await target.admin.get(collection);
          return versions((body.items as Wire[]).map((item) => [`${namespace}/${item.metadata.name}`, item]));
        };
        const seen = (model: StreamModel): string => versions([...model.objects]);
        const equal = (model: StreamModel) => async (): Promise<boolean> => seen(model) === (await present());
        await pollUntil('the full stream to equal the API', equal(full), { deadlineMs: 60_000 });
        await pollUntil('the patched stream to equal the API', equal(patched), { deadlineMs: 60_000 });
        const last = [...full.objects.keys()].toSorted().toReversed().slice(0, 3);
        await pollUntil(
          'the window to equal the API',
          () => JSON.stringify(window.keys()) === JSON.stringify(last),
        );
        assert.deepEqual(patched.objects, full.objects);
        for (const { offsets } of [full, patched, window]) {
          assert.deepEqual(
            offsets,
            [...new Set(offsets)].toSorted((a, b) => a - b),
          );
        }
      },
      { deadlineMs: 300_000 },
    );
  };
  cases('faults', target, define, { concurrency: 1 });

  async function change(count: number, name: string, collection: string): Promise<boolean> {
    const kind = count % 5;
    if (kind === 0) return (await target.admin.delete(`${collection}/${name}`)).status < 300;
    const patched = await target.admin.patch(`${collection}/${name}`, MERGE_PATCH, {
      data: { count: String(count) },
    });
    if (patched.status < 300) return true;
    return (await target.admin.post(collection, configMap(name, { count: String(count) }))).status < 300;
  }
}

function versions(objects: readonly (readonly [string, Wire])[]): string {
  return objects
    .map(([key, object]) => `${key}@${object.metadata.resourceVersion}`)
    .toSorted()
    .join();
}
