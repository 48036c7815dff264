import assert from 'node:assert/strict';
import { once } from 'node:events';
import { MERGE_PATCH } from '../harness/api.ts';
import { cases } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { configMap, roomFixture } from './room-fixture.ts';
import { WatchClient } from './watch-client.ts';

const FRAMES = 100_000;

const fixture = await roomFixture(['--max-sockets-per-user', '300']);
const { target, person, gateway } = fixture;

const { random, below, pick } = chanceFrom(7);

const WORDS = [
  'subscribe',
  'unsubscribe',
  'window',
  'auth',
  'ping',
  'pods',
  '',
  '__proto__',
  'constructor',
  '../..',
  '\u0000',
  '💥',
  'configmaps',
  'v1/pods',
  '-name',
];

function randomValue(depth: number): unknown {
  switch (below(depth > 3 ? 5 : 8)) {
    case 0:
      return pick(WORDS);
    case 1:
      return below(1e9) - 5e8;
    case 2:
      return null;
    case 3:
      return random() < 0.5;
    case 4:
      return 'x'.repeat(below(200));
    case 5:
      return Array.from({ length: below(4) }, () => randomValue(depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: below(5) }, () => [
          pick([
            ...WORDS,
            'type',
            'id',
            'kind',
            'namespaces',
            'window',
            'where',
            'resume',
            'token',
            'offset',
            'limit',
          ]),
          randomValue(depth + 1),
        ]),
      );
  }
}

function randomFrame(): string | Buffer {
  switch (below(8)) {
    case 0:
      return Buffer.from(Array.from({ length: below(64) }, () => below(256)));
    case 1:
      return 'x'.repeat(below(300));
    case 2:
      return JSON.stringify({
        type: pick(WORDS),
        id: randomValue(4),
        kind: pick(WORDS),
        window: randomValue(2),
      });
    case 3:
      return JSON.stringify({
        type: 'subscribe',
        id: String(below(50)),
        kind: pick(WORDS),
        labelSelector: pick(WORDS),
        window: { sort: pick(WORDS), offset: below(5), limit: below(5) },
      });
    case 4:
      return JSON.stringify({ type: 'unsubscribe', id: String(below(50)) });
    case 5:
      return JSON.stringify({ type: 'ping', nonce: 'n' });
    default:
      return JSON.stringify(randomValue(0)).slice(0, below(400));
  }
}

cases(
  'abuse',
  target,
  (it) => {
    it(
      `[WP13] ${FRAMES} random, malformed and binary frames end in errors and close codes; others go on`,
      async () => {
        const namespace = await target.namespace('abuse');
        const [good, bad] = [await person('good'), await person('bad')];
        await good.grant('view', namespace);
        const witness = await good.watch();
        const stream = await witness.subscribe({ id: 'w', kind: 'configmaps', namespaces: [namespace] });
        const codes = new Set<number>();
        let sent = 0;
        while (sent < FRAMES) {
          const client = await WatchClient.open(gateway.origin, bad.token);
          while (client.closeCode === undefined && sent < FRAMES) {
            for (let burst = 0; burst < 200 && sent < FRAMES; burst += 1, sent += 1)
              client.socket.send(randomFrame());
            await new Promise((resolve) => setImmediate(resolve));
          }
          if (client.closeCode === undefined) client.socket.close();
          codes.add((await client.closed).code);
          for (const { type } of client.frames) assert.ok(KNOWN.has(type), type);
        }
        for (const code of codes) assert.ok([4500, 1005, 1006].includes(code), String(code));
        await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('after'));
        await pollUntil('the witness', () => stream.objects.has(`${namespace}/after`));
        assert.equal((await good.api.get('/api/health')).status, 200);
      },
      { deadlineMs: 120_000 },
    );

    it(
      '[WP13] 100 clients that do not read cost others nothing and the gateway little',
      async () => {
        const namespace = await target.namespace('stalled');
        const collection = `/api/v1/namespaces/${namespace}/configmaps`;
        const who = await person('stalled');
        await who.grant('view', namespace);
        await target.make(collection, configMap('big', { text: 'x'.repeat(200_000) }));
        const reader = await who.watch();
        const stream = await reader.subscribe({ id: 'r', kind: 'configmaps', namespaces: [namespace] });
        const stalled = await Promise.all(Array.from({ length: 100 }, () => who.watch()));
        for (const client of stalled) {
          client.send({ type: 'subscribe', id: 's', kind: 'configmaps', namespaces: [namespace] });
          client.socket.pause();
        }
        for (let change = 1; change <= 60; change += 1) {
          await target.admin.patch(`${collection}/big`, MERGE_PATCH, {
            data: { text: String(change).padStart(200_000, 'x') },
          });
        }
        await pollUntil('the last change', () =>
          String(
            (stream.objects.get(`${namespace}/big`)?.['data'] as Record<string, string> | undefined)?.[
              'text'
            ],
          ).endsWith('x60'),
        );
        const metrics = (await who.api.get('/metrics')).text;
        const owed = Number(/^krateyard_hub_outbox_bytes (\S+)$/m.exec(metrics)?.[1]);
        // High-water mark, plus what one tick adds, a socket.
        assert.ok(owed <= 100 * (512 + 512) * 1024, `${owed} bytes`);
        for (const client of stalled) client.socket.terminate();
      },
      { deadlineMs: 120_000 },
    );

    it('[WP14] a stopping gateway closes with 4001', async () => {
      const who = await person('last');
      const client = await who.watch();
      await client.frame('hello');
      const closed = once(client.socket, 'close');
      await gateway.kill('SIGTERM');
      assert.equal((await closed)[0], 4001);
    });
  },
  { concurrency: 1 },
);

const KNOWN = new Set([
  'hello',
  'subscribed',
  'snapshot',
  'synced',
  'delta',
  'freshness',
  'heartbeat',
  'unsubscribed',
  'ended',
  'error',
  'authenticated',
  'pong',
]);
