import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, asyncProperty, array, constant, integer, oneof, record } from 'fast-check';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { NumberSource, replayed, startHost, type TestPair } from './internal/test-host.ts';
import { Hub } from './hub.ts';

const TICK = 25;

const step = oneof(
  {
    weight: 6,
    arbitrary: record({ do: constant('set' as const), key: integer({ min: 0, max: 5 }), value: integer() }),
  },
  { weight: 2, arbitrary: record({ do: constant('delete' as const), key: integer({ min: 0, max: 5 }) }) },
  { weight: 4, arbitrary: record({ do: constant('tick' as const) }) },
  { weight: 1, arbitrary: record({ do: constant('reset' as const) }) },
  { weight: 3, arbitrary: record({ do: constant('cut' as const) }) },
  { weight: 3, arbitrary: record({ do: constant('come' as const) }) },
);

test('[HB7] cut anywhere and come back with the last token: the state is right and nothing is told twice', async () => {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock, ring: { maxFrames: 4, maxBytes: 10_000 } });
  await using host = await startHost(hub);
  await holds(
    asyncProperty(array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const source = new NumberSource();
      const topic = hub.openTopic(source);
      const offsets: number[] = [];
      const known = new Map<string, number>();
      let resume: string | undefined;
      let pair: TestPair | undefined;
      const learn = (messages: readonly string[]): void => {
        for (const text of messages) {
          if (text.startsWith('{"snapshot"')) offsets.length = 0;
          const delta = /^{"delta".*"resume":"[^"]*\.(\d+)"/.exec(text);
          if (delta) offsets.push(Number(delta[1]));
        }
        resume = replayed(messages, known).resume ?? resume;
      };
      const cut = async (): Promise<void> => {
        if (!pair) return;
        pair.client.socket.terminate();
        await Promise.all([pair.session.closed, pair.client.closed]);
        learn(pair.client.messages);
        pair = undefined;
      };
      const come = async (): Promise<void> => {
        if (pair) return;
        pair = await host.connect();
        pair.session.follow(topic, resume);
      };
      for (const next of steps) {
        if (next.do === 'set') source.set(topic, `k${next.key}`, next.value);
        else if (next.do === 'delete') source.delete(topic, `k${next.key}`);
        else if (next.do === 'tick') await clock.advance(TICK);
        else if (next.do === 'reset') topic.reset();
        else if (next.do === 'cut') await cut();
        else await come();
      }
      await come();
      await clock.advance(2 * TICK);
      pair!.session.send('"end"');
      await clock.advance(TICK);
      await pair!.client.until((got) => got.at(-1) === '"end"');
      await cut();
      assert.deepEqual(known, source.values);
      assert.deepEqual(
        offsets,
        [...new Set(offsets)].toSorted((a, b) => a - b),
      );
      topic.end();
    }),
    { numRuns: 200 },
  );
});
