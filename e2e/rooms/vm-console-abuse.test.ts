import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { floodTerminals } from './flood-terminals.ts';
import { roomFixture } from './room-fixture.ts';
import { untilLit } from './until-lit.ts';
import { ConsoleBench, echoes } from './vm-console-cases.ts';

const FRAMES = 100_000;

const fixture = await roomFixture([
  '--shell-hold-seconds=5',
  '--shell-scrollback-bytes=65536',
  '--max-sockets-per-user=20',
]);
const { target, gateway } = fixture;
await bringKubeVirt(target);
const bench = await ConsoleBench.set(fixture);
const { who } = await bench.person('honest');
await untilLit(fixture);
const name = await bench.make('tty', 'Always');
const chance = chanceFrom(31);

cases(
  'serial consoles: abuse',
  target,
  (it) => {
    it(
      `[CO8] ${FRAMES} random frames, and others are served`,
      async () => {
        const { who: monkeys } = await bench.person('monkey');
        const codes = await floodTerminals(chance, FRAMES, () =>
          bench.open(monkeys, name, {}, chance.random() < 0.2 ? { protocol: null } : {}),
        );
        assert.ok((codes.get(4500) ?? 0) > 0, 'too many senseless frames close the socket');
        assert.equal((await fetch(`${gateway.origin}/livez`)).status, 200);
        await bench.nobodyAt(who, name);
        const client = await bench.open(who, name);
        client.type('\u0003\r');
        await echoes(client, 'unharmed');
        await client.close();
      },
      { deadlineMs: 240_000 },
    );

    it(
      '[CO8] who does not read is cut off, and nobody misses a byte',
      async () => {
        const reader = await bench.open(who, name);
        const deaf = await bench.open((await bench.person('deaf')).who, name, {}, { acknowledging: false });
        reader.type('\u0003\rseq 1 40000; echo reached-the-$((1+1))\r');
        await reader.seen(/\r\n40000\r\n/, 60_000);
        await reader.seen(/reached-the-2/);
        assert.equal(await deaf.closed(), 4002);
        await reader.close();
      },
      { deadlineMs: 120_000 },
    );

    it('[CO2] beyond the limit it is 429 before the upgrade', async () => {
      const { who: greedy } = await bench.person('greedy');
      const opened = [];
      for (let count = 0; count < 20; count += 1) opened.push(await bench.open(greedy, name));
      const refused = await bench.refusal(greedy, name);
      assert.deepEqual([refused.status, refused.body.reason], [429, 'TooManyRequests']);
      assert.ok(Number(refused.headers['retry-after']) > 0);
      for (const client of opened) client.cut();
    });
  },
  { concurrency: 1 },
);
