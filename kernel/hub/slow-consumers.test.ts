import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { NumberSource, replayed, startHost, type TestPair } from './internal/test-host.ts';
import { Hub, type HubOptions } from './hub.ts';
import type { HubTopic } from './hub-topic.ts';

const TICK = 25;
const HIGH_WATER = 64 * 1024;
const MESSAGE = 16 * 1024;

function setUp(options: HubOptions = {}) {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock, highWaterBytes: HIGH_WATER, pingMs: 1e9, ...options });
  const source = new NumberSource();
  source.padding = 'x'.repeat(MESSAGE);
  return { clock, hub, source };
}

/** Changes one key a tick until the session's socket takes no more: the system's own buffers are full then. */
async function congest(
  clock: ManualClock,
  source: NumberSource,
  topic: HubTopic,
  pair: TestPair,
): Promise<number> {
  let told = 0;
  while (pair.session.congestedSince === undefined) {
    source.set(topic, `k${told % 7}`, told);
    await clock.advance(TICK);
    told += 1;
    assert.ok(told < 5000, 'the socket never filled');
  }
  return told;
}

test('[HB14] what a stalled client costs is bounded, whatever happens', async () => {
  const { clock, hub, source } = setUp({ slowConsumerMs: 1e9 });
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const pair = await host.connect();
  pair.client.socket.pause();
  pair.session.follow(topic);
  const told = await congest(clock, source, topic, pair);
  for (let more = 0; more < 1000; more += 1) {
    source.set(topic, `k${more % 7}`, told + more);
    await clock.advance(TICK);
  }
  assert.ok(hub.outboxBytes() <= HIGH_WATER + 2 * MESSAGE, `${hub.outboxBytes()} bytes`);
});

test('[HB15] when it reads again it gets the latest value of each key, and is up to date', async () => {
  const { clock, hub, source } = setUp({ slowConsumerMs: 1e9 });
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const pair = await host.connect();
  pair.client.socket.pause();
  pair.session.follow(topic);
  const told = await congest(clock, source, topic, pair);
  for (let more = 0; more < 500; more += 1) {
    source.set(topic, `k${more % 7}`, told + more);
    await clock.advance(TICK);
  }
  source.delete(topic, 'k3');
  await clock.advance(TICK);
  const drained = once(pair.raw, 'drain');
  pair.client.socket.resume();
  await drained;
  await clock.advance(TICK);
  const { messages } = pair.client;
  await pair.client.until(() => messages.some((text) => text.startsWith('{"catchUp"')));
  source.set(topic, 'k0', -1);
  await clock.advance(TICK);
  await pair.client.until(() => messages.at(-1)!.includes('"k0":-1'));
  assert.deepEqual(replayed(messages).state, source.values);
  assert.ok(messages.length < told + 100, 'it was told every change after all');
});

test('[HB16] a client that takes nothing for slowConsumerMs is closed with 4002', async () => {
  const { clock, hub, source } = setUp({ slowConsumerMs: 5000 });
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const pair = await host.connect();
  pair.client.socket.pause();
  pair.session.follow(topic);
  await congest(clock, source, topic, pair);
  await clock.advance(4000);
  assert.equal(pair.session.closingSince, undefined);
  await clock.advance(2000);
  assert.notEqual(pair.session.closingSince, undefined);
  await clock.advance(3000);
  await pair.session.closed;
  assert.equal(hub.sessions, 0);
});

test('[HB16] one that reads on in time finds 4002 at the end', async () => {
  const { clock, hub, source } = setUp({ slowConsumerMs: 5000 });
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const pair = await host.connect();
  pair.client.socket.pause();
  pair.session.follow(topic);
  await congest(clock, source, topic, pair);
  await clock.advance(6000);
  pair.client.socket.resume();
  assert.equal((await pair.client.closed).code, 4002);
});

test('[HB17] 100 stalled sockets hold up nobody', async () => {
  const { clock, hub, source } = setUp({ slowConsumerMs: 1e9 });
  await using host = await startHost(hub);
  const topic = hub.openTopic(source);
  const stalled = await Promise.all(Array.from({ length: 100 }, () => host.connect()));
  for (const { client, session } of stalled) {
    client.socket.pause();
    session.follow(topic);
  }
  const well = await host.connect();
  well.session.follow(topic);
  await clock.advance(TICK);
  let told = 0;
  while (stalled.some(({ session }) => session.congestedSince === undefined)) {
    source.set(topic, `k${told % 7}`, told);
    await clock.advance(TICK);
    // The one that reads does so between our ticks.
    await well.client.until((got) => got.length >= told + 2);
    told += 1;
    assert.ok(told < 5000, 'the sockets never filled');
  }
  assert.equal(well.client.messages.length, told + 2);
  assert.deepEqual(replayed(well.client.messages).state, source.values);
  assert.ok(hub.outboxBytes() <= 100 * (HIGH_WATER + 2 * MESSAGE), `${hub.outboxBytes()} bytes`);
});

test('[HB18] a snapshot is made no faster than the socket takes it; changes in the meantime are told before synced', async () => {
  const { clock, hub } = setUp({ slowConsumerMs: 1e9 });
  await using host = await startHost(hub);
  const source = new NumberSource();
  let parts = 0;
  source.snapshot = function* () {
    for (let part = 0; part < 2000; part += 1) {
      parts += 1;
      yield Buffer.from(JSON.stringify({ part, padding: 'x'.repeat(MESSAGE) }));
    }
  };
  const topic = hub.openTopic(source);
  const { session, client, raw } = await host.connect();
  client.socket.pause();
  session.follow(topic);
  while (session.congestedSince === undefined) await clock.advance(TICK);
  const made = parts;
  assert.ok(made < 2000, `${made} parts`);
  source.set(topic, 'a', 1);
  await clock.advance(TICK);
  assert.equal(parts, made);
  client.socket.resume();
  raw.on('drain', () => void clock.advance(TICK));
  const pump = setInterval(() => void clock.advance(TICK), 1);
  const got = await client.until((messages) => messages.some((text) => text.startsWith('{"synced"')));
  clearInterval(pump);
  assert.equal(parts, 2000);
  assert.deepEqual(
    got.slice(2000).map((text) => Object.keys(JSON.parse(text) as object)[0]),
    ['catchUp', 'synced'],
  );
});

test('[HB19] a client that asks and does not read is not read either', async () => {
  const { clock, hub } = setUp({ maxRepliesBytes: 32 * 1024, slowConsumerMs: 1e9 });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  let answered = 0;
  session.handle({
    onText: () => {
      answered += 1;
      session.send('y'.repeat(1024));
    },
  });
  client.socket.pause();
  for (let asked = 0; asked < 20_000; asked += 1) client.socket.send('?');
  for (let round = 0; round < 200; round += 1) await clock.advance(TICK);
  assert.ok(answered < 20_000, `${answered} answers`);
  assert.ok(hub.outboxBytes() < 2 * 1024 * 1024, `${hub.outboxBytes()} bytes`);
});
