import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createMetrics } from '@krateyard/telemetry/metrics';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { NumberSource, startHost } from './internal/test-host.ts';
import { CLOSE_CODES, shouldReconnect } from './close-codes.ts';
import { Hub } from './hub.ts';

const TICK = 25;

test('[HB20] frames without sense are counted; the last allowed one closes with 4500', async () => {
  const hub = new Hub<string>({ clock: new ManualClock(), badFrames: 3 });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  session.handle({ onText: () => session.countBadFrame() });
  for (let sent = 0; sent < 3; sent += 1) client.socket.send('?');
  assert.equal((await client.closed).code, 4500);
});

test('[HB20] binary messages are bad frames', async () => {
  const hub = new Hub<string>({ clock: new ManualClock(), badFrames: 1 });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  session.handle({ onText: () => {} });
  client.socket.send(Buffer.from([1]));
  assert.equal((await client.closed).code, 4500);
});

test('[HB21] messages are handed over one at a time, and none before there is somebody to take them', async () => {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  for (const text of ['1', '2', '3']) client.socket.send(text);
  let running = 0;
  const order: string[] = [];
  session.handle({
    onText: async (text) => {
      running += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(text);
      running -= 1;
      session.send(text);
    },
  });
  while (order.length < 3) await clock.advance(TICK);
  assert.deepEqual(order, ['1', '2', '3']);
});

test('[HB22] a client that answers no ping is closed with 4004', async () => {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock, pingMs: 1000 });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  client.socket.pong = () => {};
  client.socket.on('ping', () => {});
  (client.socket as unknown as { _autoPong: boolean })._autoPong = false;
  await clock.advance(1000);
  assert.equal(session.closingSince, undefined);
  await clock.advance(1000);
  assert.equal((await client.closed).code, 4004);
});

test('[HB22] one that answers stays', async () => {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock, pingMs: 1000 });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  for (let beat = 0; beat < 5; beat += 1) {
    const pinged = new Promise((resolve) => client.socket.once('ping', resolve));
    await clock.advance(1000);
    await pinged;
    session.send('sync');
    await clock.advance(TICK);
    await client.count(beat + 1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(session.closingSince, undefined);
});

test('[HB23] drain closes every socket with 4001, waits for them and leaves no timer', async () => {
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock });
  await using host = await startHost(hub);
  const pairs = await Promise.all([host.connect(), host.connect()]);
  for (const { session } of pairs) session.follow(hub.openTopic(new NumberSource()));
  await hub.drain(AbortSignal.timeout(5000));
  for (const { client } of pairs) assert.equal((await client.closed).code, 4001);
  assert.deepEqual([hub.sessions, hub.topics, clock.pending], [0, 0, 0]);
});

test('[HB23] what was told before a drain arrives before the close', async () => {
  const hub = new Hub<string>({ clock: new ManualClock() });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  session.send('last words');
  await hub.drain(AbortSignal.timeout(5000));
  assert.deepEqual(client.messages, ['last words']);
});

test('[HB23] a socket that does not close is cut when the signal aborts', async () => {
  const hub = new Hub<string>({ clock: new ManualClock() });
  await using host = await startHost(hub);
  const { client } = await host.connect();
  client.socket.pause();
  const cut = new AbortController();
  const drained = hub.drain(cut.signal);
  cut.abort();
  await drained;
  assert.equal(hub.sessions, 0);
});

test('[HB24] the close codes of SPEC.md are those of the code, and their ranges tell who should come back', () => {
  const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8');
  const rows = [...spec.matchAll(/^\| (\d{4}) \| `(\w+)` \| (yes|no) \| (.+?) \|$/gm)].map(
    ([, code, name, back, text]) => ({
      code: Number(code),
      name,
      back: back === 'yes',
      text,
    }),
  );
  const expected = Object.entries(CLOSE_CODES).map(([name, { code, text }]) => ({
    code,
    name,
    back: shouldReconnect(code),
    text,
  }));
  const byCode = (a: { code: number }, b: { code: number }): number => a.code - b.code;
  assert.deepEqual(rows.toSorted(byCode), expected.toSorted(byCode));
  for (const { code, back } of expected) assert.equal(back, code < 4500);
});

test('[HB25] sessions, topics, deliveries, conflated keys and closes are measured', async () => {
  const metrics = createMetrics();
  const clock = new ManualClock();
  const hub = new Hub<string>({ clock, metrics });
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  session.follow(hub.openTopic(new NumberSource()));
  await clock.advance(TICK);
  await client.count(2);
  const open = await metrics.expose();
  assert.match(open, /^krateyard_hub_sessions 1$/m);
  assert.match(open, /^krateyard_hub_topics 1$/m);
  assert.match(open, /^krateyard_hub_deliveries_total 2$/m);
  session.close('forbidden');
  await session.closed;
  assert.match(await metrics.expose(), /^krateyard_hub_closes_total\{code="4503"\} 1$/m);
});
