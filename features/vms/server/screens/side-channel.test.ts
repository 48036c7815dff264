import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { StatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { ScreenClientFrame, ScreenServerFrame } from '../../contract/screen-protocol.ts';
import { SideChannel } from './side-channel.ts';

interface Pair {
  readonly clock: ManualClock;
  readonly client: WebSocket;
  readonly side: SideChannel;
  readonly told: ScreenServerFrame[];
  readonly gone: Promise<void>;
}

/** Both ends of a socket, over a real connection. */
async function withPair(
  onFrame: (frame: ScreenClientFrame) => void | Promise<void>,
  use: (pair: Pair) => Promise<void>,
): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { autoPong: false });
  const told: ScreenServerFrame[] = [];
  client.on('message', (message: Buffer) => told.push(JSON.parse(message.toString()) as ScreenServerFrame));
  const [ws] = await accepted;
  const clock = new ManualClock();
  const side = new SideChannel(ws, clock, 'r1');
  const gone = Promise.withResolvers<void>();
  side.start({ onFrame, onClosed: gone.resolve });
  if (client.readyState !== client.OPEN) await once(client, 'open');
  try {
    await use({ clock, client, side, told, gone: gone.promise });
    assert.equal(clock.pending, 0, 'no timer stays');
  } finally {
    client.terminate();
    server.close();
  }
}

test('[SC11] who answers no pings is cut off, who answers is not', async () => {
  const framed = Promise.withResolvers<void>();
  await withPair(
    () => framed.resolve(),
    async ({ client, side, told, gone }) => {
      const pings = [once(client, 'ping')];
      side.beat('first');
      await pings[0];
      client.pong();
      // What comes after the pong: it has been heard then.
      client.send('{"type":"ping"}');
      await framed.promise;
      pings.push(once(client, 'ping'));
      side.beat('second');
      await pings[1];
      const closed = once(client, 'close');
      side.beat('third');
      await Promise.all([gone, closed]);
      assert.deepEqual(
        told.map((frame) => (frame.type === 'heartbeat' ? frame.at : frame.type)),
        ['first', 'second'],
      );
    },
  );
});

test('[SC11] what is refused is told; after twenty senseless frames the socket is closed', () =>
  withPair(
    (frame) => {
      if (frame.type === 'take') throw new StatusError('Forbidden', 'not you');
    },
    async ({ clock, client, told, gone }) => {
      for (let count = 0; count < 30; count += 1) client.send('{"type":"take"}');
      for (let count = 0; count < 20; count += 1) client.send('nonsense');
      const [code] = (await once(client, 'close')) as [number];
      await gone;
      assert.equal(code, 4500);
      const reasons = told.map((frame) => (frame.type === 'error' ? frame.status.reason : frame.type));
      assert.deepEqual(
        [
          reasons.filter((one) => one === 'Forbidden').length,
          reasons.filter((one) => one === 'BadRequest').length,
        ],
        [30, 20],
      );
      await clock.advance(1_000);
    },
  ));

test('[SC11] a client that reads nothing is let go of before much has piled up', () =>
  withPair(
    () => {},
    async ({ clock, client, side, gone }) => {
      client.pause();
      const frame = { type: 'state', state: 'live', message: 'x'.repeat(64 * 1024), since: '' } as const;
      for (let count = 0; count < 1_000; count += 1) side.tell(frame);
      await clock.advance(1_000);
      await gone;
    },
  ));
