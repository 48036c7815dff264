import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '@krateyard/telemetry/clock';
import { silentLogger } from '@krateyard/telemetry/logger';
import { connectRfb } from './connect-rfb.ts';
import { PaintedScreen } from './painted-screen.ts';
import { serveRfb } from './serve-rfb.ts';
import { socketLink } from './socket-link.ts';

test('[RF1] a picture goes through', async (t) => {
  const screen = new PaintedScreen(200, 130);
  for (let i = 0; i < screen.pixels.length; i += 1) screen.pixels[i] = (i * 7919) >> 3;
  const server = net.createServer((socket) => {
    serveRfb(socketLink(socket), screen, {
      name: 'x',
      onInput: (i) => assert.equal(i.type, 'key'),
      signal: t.signal,
      clock: systemClock,
      logger: silentLogger,
    });
  });
  server.listen(0);
  await once(server, 'listening');
  const socket = net.connect((server.address() as AddressInfo).port);
  const copy = new PaintedScreen();
  const up = await connectRfb(socketLink(socket), {
    screen: copy,
    signal: t.signal,
    clock: systemClock,
    logger: silentLogger,
  });
  let frames = 0;
  await new Promise<void>((resolve) => {
    copy.observe({
      onFrame: () => {
        if (++frames === 1) resolve();
      },
    });
  });
  assert.deepEqual([copy.width, copy.height], [200, 130]);
  for (let i = 0; i < copy.pixels.length; i += 1)
    if ((i & 3) !== 3) assert.equal(copy.pixels[i], screen.pixels[i]);
  up.send({ type: 'key', down: true, keysym: 65, scancode: 30 });
  screen.resize(300, 100);
  await new Promise<void>((resolve) => {
    copy.observe({ onResize: () => resolve() });
  });
  up.close();
  server.close();
});
