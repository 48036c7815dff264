import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { message, NumberSource, replayed, startHost } from './internal/test-host.ts';
import { Hub, type HubOptions } from './hub.ts';

const TICK = 25;

function setUp(options: HubOptions = {}) {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock, ...options });
  const source = new NumberSource();
  return { clock, hub, source };
}

test('[HB4] a follower gets the state, then synced, then changes in order', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  source.values.set('a', 1);
  const { session, client } = await host.connect();
  session.follow(topic);
  await clock.advance(TICK);
  source.set(topic, 'b', 2);
  await clock.advance(TICK);
  source.delete(topic, 'a');
  await clock.advance(TICK);
  const got = (await client.count(4)).map((text) => Object.keys(JSON.parse(text) as object)[0]);
  assert.deepEqual(got, ['snapshot', 'synced', 'delta', 'delta']);
  assert.deepEqual([...replayed(client.messages).state], [['b', 2]]);
});

test('[HB5] what changes between two ticks is told once, with the latest value', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const { session, client } = await host.connect();
  session.follow(topic);
  await clock.advance(TICK);
  for (let value = 1; value <= 100; value += 1) source.set(topic, 'a', value);
  source.set(topic, 'b', 5);
  await clock.advance(TICK);
  const got = await client.count(3);
  assert.deepEqual((JSON.parse(got[2]!) as { delta: unknown }).delta, { a: 100, b: 5 });
  assert.equal(source.calls.delta, 1);
});

test('[HB5] the first change after a pause does not wait for a tick', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const { session, client } = await host.connect();
  session.follow(topic);
  await clock.advance(TICK);
  await clock.advance(TICK);
  source.set(topic, 'a', 1);
  await clock.advance(0);
  source.set(topic, 'a', 2);
  await clock.advance(TICK - 1);
  await client.count(3);
  assert.equal(source.calls.delta, 1);
  await clock.advance(1);
  await client.count(4);
  assert.equal(source.calls.delta, 2);
});

test('[HB6] a change is encoded once however many follow, and so is a snapshot for those who come together', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const pairs = await Promise.all(Array.from({ length: 20 }, () => host.connect()));
  for (const { session } of pairs) session.follow(topic);
  await clock.advance(TICK);
  source.set(topic, 'a', 1);
  await clock.advance(TICK);
  await Promise.all(pairs.map(({ client }) => client.count(3)));
  assert.equal(source.calls.snapshot, 1);
  assert.equal(source.calls.delta, 1);
});

test('[HB7] a token from the ring brings exactly what was missed', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const first = await host.connect();
  first.session.follow(topic);
  await clock.advance(TICK);
  source.set(topic, 'a', 1);
  await clock.advance(TICK);
  const { resume, state } = replayed(await first.client.count(3));
  first.client.socket.close();
  await first.session.closed;
  source.set(topic, 'b', 2);
  await clock.advance(TICK);
  source.set(topic, 'c', 3);
  await clock.advance(TICK);
  const second = await host.connect();
  assert.equal(second.session.follow(topic, resume), true);
  await clock.advance(TICK);
  const got = await second.client.count(3);
  assert.deepEqual(
    got.map((text) => Object.keys(JSON.parse(text) as object)[0]),
    ['delta', 'delta', 'synced'],
  );
  assert.deepEqual(
    [...replayed(got, state).state],
    [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ],
  );
});

for (const [what, token] of [
  ['of another epoch', 'other.s1.0'],
  ['that is none', 'nonsense'],
  ['from the future', ''],
] as const) {
  test(`[HB8] a token ${what} brings a snapshot`, async () => {
    const { clock, hub, source } = setUp();
    await using host = await startHost(hub);
    const topic = hub.openTopic(source);
    const { session, client } = await host.connect();
    assert.equal(session.follow(topic, token === '' ? `${hub.epoch}.${topic.id}.99` : token), false);
    await clock.advance(TICK);
    assert.match((await client.count(2))[0]!, /^{"snapshot"/);
  });
}

test('[HB8] a token older than the ring brings a snapshot', async () => {
  const { clock, hub, source } = setUp({ ring: { maxFrames: 2, maxBytes: 10_000 } });
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  for (let value = 0; value < 4; value += 1) {
    source.set(topic, 'a', value);
    await clock.advance(TICK);
  }
  const { session } = await host.connect();
  assert.equal(session.follow(topic, `${hub.epoch}.${topic.id}.1`), false);
  assert.equal(session.follow(topic, `${hub.epoch}.${topic.id}.2`), true);
});

test('[HB9] a topic stays current for those who dropped, and is let go after lingerMs', async () => {
  const { clock, hub, source } = setUp({ lingerMs: 1000 });
  await using host = await startHost(hub);
  let idle = 0;
  const topic = hub.openTopic(source, { onIdle: () => (idle += 1) });
  const { session, client } = await host.connect();
  session.follow(topic);
  await clock.advance(TICK);
  client.socket.terminate();
  await session.closed;
  await clock.advance(999);
  assert.deepEqual([idle, hub.topics], [0, 1]);
  await clock.advance(1);
  assert.deepEqual([idle, hub.topics], [1, 0]);
  assert.equal(clock.pending, 0);
});

test('[HB9] a topic that was left on purpose is let go at once', async () => {
  const { hub, source } = setUp();
  await using host = await startHost(hub);
  let idle = 0;
  const topic = hub.openTopic(source, { onIdle: () => (idle += 1) });
  const { session } = await host.connect();
  session.follow(topic);
  session.unfollow(topic);
  assert.deepEqual([idle, hub.topics], [1, 0]);
});

test('[HB9] no more than maxLingering topics linger', async () => {
  const { hub } = setUp({ maxLingering: 3 });
  await using host = await startHost(hub);
  for (let opened = 0; opened < 6; opened += 1) {
    const { session, client } = await host.connect();
    session.follow(hub.openTopic(new NumberSource()));
    client.socket.terminate();
    await session.closed;
  }
  assert.equal(hub.topics, 3);
});

test('[HB10] reset tells everybody anew and voids tokens', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const { session, client } = await host.connect();
  session.follow(topic);
  source.set(topic, 'a', 1);
  await clock.advance(TICK);
  const { resume } = replayed(await client.count(2));
  source.values.clear();
  source.values.set('z', 26);
  topic.reset();
  await clock.advance(TICK);
  assert.deepEqual([...replayed(await client.count(4)).state], [['z', 26]]);
  assert.equal(session.follow(topic, resume), false);
});

test('[HB11] notes come in order with changes and do not count for resume', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const { session, client } = await host.connect();
  session.follow(topic);
  await clock.advance(TICK);
  source.set(topic, 'a', 1);
  topic.note(message({ note: 'x' }));
  source.set(topic, 'a', 2);
  await clock.advance(TICK);
  const got = (await client.count(5)).slice(2);
  assert.deepEqual(
    got.map((text) => Object.keys(JSON.parse(text) as object)[0]),
    ['delta', 'note', 'delta'],
  );
});

test('[HB12] an ended topic says so and then nothing', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const { session, client } = await host.connect();
  session.follow(topic);
  await clock.advance(TICK);
  topic.end(message({ ended: true }));
  source.set(topic, 'a', 1);
  await clock.advance(TICK);
  session.send('last');
  await clock.advance(TICK);
  assert.deepEqual((await client.count(4)).slice(2), ['{"ended":true}', 'last']);
  assert.equal(hub.topics, 0);
});

test('[HB13] a source that throws ends its own topic alone', async () => {
  const { clock, hub, source } = setUp();
  await using host = await startHost(hub);
  const bad = new NumberSource();
  bad.delta = () => {
    throw new Error('broken');
  };
  const faultMessage = (): Buffer => message({ fault: true });
  const topics = [hub.openTopic(source), hub.openTopic(bad, { faultMessage })] as const;
  const { session, client } = await host.connect();
  for (const topic of topics) session.follow(topic);
  await clock.advance(TICK);
  bad.set(topics[1], 'a', 1);
  source.set(topics[0], 'a', 1);
  await clock.advance(TICK);
  assert.ok((await client.count(6)).includes('{"fault":true}'));
  assert.equal(hub.topics, 1);
});
