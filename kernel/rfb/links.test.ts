import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from './byte-link.ts';
import { PushedLink } from './pushed-link.ts';
import { socketLink } from './socket-link.ts';
import { socketPair } from './testing/socket-pair.ts';
import { webSocketLink } from './websocket-link.ts';

interface Ends {
  readonly near: ByteLink;
  readonly far: ByteLink;
  /** Cuts the near end without a word. */
  readonly cut: () => void;
}

async function tcpEnds(t: TestContext): Promise<Ends> {
  const { near, far } = await socketPair(t);
  return { near: socketLink(near), far: socketLink(far), cut: () => near.resetAndDestroy() };
}

async function webSockets(t: TestContext): Promise<{ near: WebSocket; far: WebSocket }> {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [far] = (await once(sockets, 'connection')) as [WebSocket];
  if (near.readyState !== near.OPEN) await once(near, 'open');
  near.on('error', () => {});
  t.after(() => {
    near.terminate();
    far.terminate();
    server.close();
  });
  return { near, far };
}

async function webSocketEnds(t: TestContext): Promise<Ends> {
  const { near, far } = await webSockets(t);
  return { near: webSocketLink(near), far: webSocketLink(far), cut: () => near.terminate() };
}

async function all(link: ByteLink): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of link.chunks) chunks.push(chunk);
  return Buffer.concat(chunks);
}

for (const [kind, ends] of Object.entries({ TCP: tcpEnds, WebSocket: webSocketEnds })) {
  test(`[RF15] ${kind}: what was written is read, to the end`, async (t) => {
    const { near, far } = await ends(t);
    const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index * 7));
    const got = all(far);
    for (let at = 0; at < sent.length; at += 100_000) await near.write(sent.subarray(at, at + 100_000));
    near.close();
    near.close();
    assert.ok(sent.equals(await got));
    await assert.rejects(near.write(Buffer.alloc(1)), /closed/);
  });

  test(`[RF15] ${kind}: a writer waits for a peer that does not read, and is told when it is gone`, async (t) => {
    const { near, far } = await ends(t);
    const piece = Buffer.alloc(64 * 1024);
    const state = { written: 0, over: '' };
    void (async () => {
      for (;;) {
        await near.write(piece);
        state.written += piece.length;
      }
    })().catch((error: unknown) => (state.over = (error as Error).message));
    await quiet(() => state.written);
    // What the system holds of a connection on both sides, and what both links do.
    assert.ok(state.written < 16 * 1024 * 1024, `${state.written}`);
    const before = state.written;
    const reading = far.chunks[Symbol.asyncIterator]();
    for (let read = 0; read < 2 * before;) read += (await reading.next()).value?.length ?? 0;
    assert.ok(state.written > before);
    await quiet(() => state.written);
    near.close();
    while (state.over === '') await turn();
    assert.match(state.over, /closed/);
  });

  test(`[RF15] ${kind}: a link that breaks is told to both who read and who write`, async (t) => {
    const { near, far, cut } = await ends(t);
    const reading = all(far);
    await near.write(Buffer.from('one'));
    cut();
    await assert.rejects(reading, /broke/);
    await assert.rejects(far.write(Buffer.alloc(1)));
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Until it has stood still for 200 turns of the loop. */
async function quiet(count: () => number): Promise<void> {
  for (let [last, still] = [-1, 0]; still < 200; still += 1) {
    if (count() !== last) still = 0;
    last = count();
    await turn();
  }
}

test('[RF15] a text frame breaks the link', async (t) => {
  const { near, far } = await webSockets(t);
  const link = webSocketLink(far);
  near.send('text');
  await assert.rejects(all(link), /binary frames/);
  const [code] = (await once(near, 'close')) as [number];
  assert.equal(code, 1003);
});

test('[RF15] a WebSocket’s peer is told why the link was closed', async (t) => {
  const { near, far } = await webSockets(t);
  webSocketLink(far).close(new StatusError('BadRequest', `That was no RFB ${'…'.repeat(100)}`));
  const [code, words] = (await once(near, 'close')) as [number, Buffer];
  assert.equal(code, 4500);
  assert.match(words.toString(), /^That was no RFB …+$/);
});

test('[RF15] a source is held back while 256 KiB wait, and no longer', async () => {
  const calls: string[] = [];
  const link = new PushedLink({
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
    send: () => true,
    close: () => calls.push('close'),
  });
  for (let count = 0; count < 9; count += 1) link.received(Buffer.alloc(32 * 1024));
  assert.deepEqual(calls, ['pause']);
  const reading = link.chunks[Symbol.asyncIterator]();
  for (let count = 0; count < 4; count += 1) await reading.next();
  assert.deepEqual(calls, ['pause']);
  await reading.next();
  assert.deepEqual(calls, ['pause', 'resume']);
  link.ended(new Error('cut'));
  for (let count = 0; count < 4; count += 1) assert.equal((await reading.next()).done, false);
  await assert.rejects(reading.next(), /cut/);
  link.close();
  assert.deepEqual(calls, ['pause', 'resume', 'close']);
});
