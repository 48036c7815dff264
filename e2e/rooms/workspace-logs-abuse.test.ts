import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { pod, STAY } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { LogClient, type Refusal } from './log-client.ts';
import { roomFixture } from './room-fixture.ts';

const FRAMES = 100_000;
const PER_USER = 6;

const { target, gateway, person } = await roomFixture(['--max-logs-per-user', String(PER_USER)]);

const { random, below, pick } = chanceFrom(11);

function randomFrame(): string | Buffer {
  const texts = [
    '',
    '{',
    'null',
    '[]',
    '"ping"',
    '{"type":"ping"}',
    '{"type":"auth","token":"x"}',
    '{"type":"auth"}',
  ];
  switch (below(6)) {
    case 0:
      return Buffer.from(Array.from({ length: below(64) }, () => below(256)));
    case 1:
      return JSON.stringify({
        type: pick(['ping', 'auth', 'line', '__proto__', '']),
        token: below(9),
        '\u0000': null,
      });
    case 2:
      return 'x'.repeat(below(300));
    default:
      return pick(texts);
  }
}

cases(
  'logs abused',
  target,
  (it) => {
    const setting = async (prefix: string) => {
      const ns = await target.namespace(prefix);
      const who = await person('reader');
      await who.grant('view', ns);
      const script = `i=0; while [ $i -lt 50 ]; do echo "n $i"; i=$((i+1)); done; ${STAY}`;
      await target.make(`/api/v1/namespaces/${ns}/pods`, pod('a', script));
      const at = { origin: gateway.origin, token: who.token };
      const open = (typed = true): Promise<LogClient> =>
        pollUntil('a place', () => LogClient.open(at, { ns, pod: 'a' }, typed).catch(() => undefined));
      return { ns, at, open };
    };

    it(
      `[LG23] ${FRAMES} random frames: too many without sense close with 4500, others are served, the gateway stays up`,
      async () => {
        const { open } = await setting('fuzz');
        const bystander = await open();
        await bystander.line('n 49');
        const codes = new Set<number>();
        for (let sent = 0; sent < FRAMES;) {
          const client = await open(random() < 0.8);
          const burst = Math.min(FRAMES - sent, 2_000);
          for (let count = 0; count < burst; count += 1) client.socket.send(randomFrame());
          sent += burst;
          await new Promise((resolve) => client.socket.send('{"type":"ping"}', resolve));
          client.socket.close();
          codes.add(await client.closed);
        }
        assert.ok(codes.has(4500), [...codes].join());
        assert.equal(bystander.socket.readyState, bystander.socket.OPEN);
        bystander.socket.send('{"type":"ping"}');
        await bystander.frame('heartbeat');
        const after = await open();
        await after.line('n 49');
        await Promise.all([bystander.close(), after.close()]);
      },
      { deadlineMs: 300_000 },
    );

    it('[LG24] beyond the limits a reading is refused with 429 before the upgrade; a place that is left is free', async () => {
      const { ns, at, open } = await setting('limits');
      const clients = await Promise.all(Array.from({ length: PER_USER }, () => open()));
      const refused = await LogClient.open(at, { ns, pod: 'a' }).catch((error: unknown) => error as Refusal);
      assert.ok(!(refused instanceof LogClient));
      assert.equal(refused.code, 429);
      await clients[0]?.close();
      const again = await open();
      await again.line('n 49');
      await Promise.all([...clients, again].map((client) => client.close()));
    });

    it(
      '[LG5] random queries are answered or refused, never with 500',
      async () => {
        const { ns, at } = await setting('queries');
        const names = [
          'ns',
          'pod',
          'selector',
          'kind',
          'name',
          'containers',
          'tail',
          'since',
          'until',
          'filter',
          'resume',
          'severity',
          'batch',
          'blocks',
          'follow',
          'previous',
        ];
        const values = [
          '',
          'a',
          '-1',
          '1e9',
          'true',
          '\u0000',
          '/(a+)+$/',
          '/[/',
          '15m',
          '2026-11-21T14:00:00Z',
          'AQ',
          'error',
          '💥',
          '../..',
          'deployments',
          'app=x',
          'a=b,,',
          '999999999999d',
        ];
        for (let round = 0; round < 300; round += 1) {
          const query: Record<string, string> = { ns, pod: 'a', follow: 'false' };
          for (let count = below(5); count >= 0; count -= 1) query[pick(names)] = pick(values);
          const client = await LogClient.open(at, query).catch((error: unknown) => error as Refusal);
          if (client instanceof LogClient) await client.close();
          else
            assert.ok(
              client.code >= 400 && client.code < 500,
              `${JSON.stringify(query)}: ${client.code} ${client.message}`,
            );
        }
      },
      { deadlineMs: 120_000 },
    );
  },
  { concurrency: 1 },
);
