import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { WebSocket } from 'ws';
import type { Principal } from '@krateyard/auth/principal';
import { socketServer } from '@krateyard/kube/test-servers/socket-server';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { ConsoleLine } from './console-line.ts';
import type { MachinePower } from './machine-power.ts';

const ALICE: Principal = { id: 'alice', username: 'alice', groups: [], via: 'impersonate' };

/** A machine's serial port on a server of its own; what is on and what is cut is said by the test. */
async function portOf(t: TestContext) {
  let taken = 0;
  const arrivals = Array.from({ length: 8 }, () => Promise.withResolvers<WebSocket>());
  const client = await socketServer(t, (ws) => {
    arrivals[taken]?.resolve(ws);
    taken += 1;
  });
  return { client, connection: (index: number): Promise<WebSocket> => arrivals[index]!.promise };
}

test('[CO5] who looks is told each time that the console is there again, also when nothing was waited for', async (t) => {
  const { client, connection } = await portOf(t);
  const clock = new ManualClock();
  let power: MachinePower = { is: 'on', run: 'node-1' };
  const line = new ConsoleLine({
    clock,
    dial: (_, signal) => client.openSocket({ path: '/', protocols: ['one'], signal }),
    watchRight: async () => ({ [Symbol.dispose]: () => {} }),
    next: () => ALICE,
    power: () => power,
    observePower: () => () => {},
  });
  t.after(() => line.abort());
  await line.connect(ALICE, new AbortController().signal);
  const told: string[] = [];
  let cut = Promise.withResolvers<void>();
  let heard = Promise.withResolvers<void>();
  line.start({
    onOutput: () => heard.resolve(),
    onWritable: () => cut.resolve(),
    onNotice: (state) => told.push(state),
    onEnd: () => {},
  });
  for (const [index, node] of ['node-2', 'node-3'].entries()) {
    power = { is: 'on', run: node };
    cut = Promise.withResolvers();
    heard = Promise.withResolvers();
    (await connection(index)).terminate();
    await cut.promise;
    await clock.advance(0);
    (await connection(index + 1)).send(Buffer.from('here'));
    await heard.promise;
  }
  assert.deepEqual(told, ['attached', 'attached']);
});
