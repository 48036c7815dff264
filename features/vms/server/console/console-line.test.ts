import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Principal } from '@krateyard/auth/principal';
import { createClient } from '@krateyard/kube/client/create-client';
import { parseKubeconfig } from '@krateyard/kube/client/kubeconfig';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { ConsoleLine } from './console-line.ts';
import type { MachinePower } from './machine-power.ts';

const ALICE: Principal = { id: 'alice', username: 'alice', groups: [], via: 'impersonate' };

/** A machine's serial port on a server of its own; what is on and what is cut is said by the test. */
async function portOf(t: TestContext) {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'one' });
  const taken: WebSocket[] = [];
  const arrivals = Array.from({ length: 8 }, () => Promise.withResolvers<WebSocket>());
  sockets.on('connection', (ws) => {
    arrivals[taken.length]?.resolve(ws);
    taken.push(ws);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const text = JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: { token: 'any' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
  const client = createClient({ config: parseKubeconfig([{ at: 'f', directory: '/', text }]).cluster() });
  t.after(async () => {
    await client.close();
    for (const ws of taken) ws.terminate();
    sockets.close();
    server.close();
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
