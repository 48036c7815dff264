import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import * as fc from 'fast-check';
import { WebSocket, WebSocketServer } from 'ws';
import type { LogServerFrame } from '../../contract/log-protocol.ts';
import { LogClient, type LogState } from './log-client.ts';
import type { LogEntry } from './log-entry.ts';
import { LogFeed } from './log-feed.ts';
import { LogBuffer } from './log-buffer.ts';
import { LogFrameReader } from './log-frame-reader.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A gateway of numbered lines: says what it is told, and goes on after a token as the contract has it. */
class LogServer {
  readonly asked: (string | null)[] = [];
  readonly sockets: WebSocket[] = [];
  readonly #server: WebSocketServer;
  refuse = false;
  onConnection: (socket: WebSocket, resume: string | null) => void = () => {};

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => {
      const resume = new URL(request.url ?? '', 'ws://x').searchParams.get('resume');
      this.asked.push(resume);
      this.sockets.push(socket);
      this.onConnection(socket, resume);
    });
  }

  static async start(): Promise<LogServer> {
    let own: LogServer | undefined;
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      verifyClient: (_info, done) => done(!own?.refuse, 403),
    });
    own = new LogServer(server);
    await once(server, 'listening');
    closers.push(() => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    });
    return own;
  }

  dial(resume: string | undefined): ByteSocket {
    const { port } = this.#server.address() as AddressInfo;
    const query = resume === undefined ? '' : `?resume=${resume}`;
    return new WebSocket(`ws://127.0.0.1:${port}/${query}`) as unknown as ByteSocket;
  }
}

const say = (socket: WebSocket, ...frames: readonly LogServerFrame[]): void => {
  for (const frame of frames) socket.send(JSON.stringify(frame));
};
const HELLO: LogServerFrame = { type: 'hello', windowMs: 100, heartbeatMs: 30_000, follow: true };
const SYNCED: LogServerFrame = { type: 'synced' };
const at = (index: number): string => new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
const lineFrame = (index: number, pod = 'web-0'): LogServerFrame => ({
  type: 'line',
  pod,
  container: 'app',
  at: at(index),
  text: `line ${index}`,
});
const position = (index: number): LogServerFrame => ({ type: 'position', resume: `after-${index}` });

function clientOf(server: LogServer, clock = new ManualClock(), onDial: () => void = () => {}) {
  const lines: string[] = [];
  const entries: LogEntry[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const client = new LogClient({
    open: (resume) => {
      onDial();
      return server.dial(resume);
    },
    clock,
    onRefused: async () => ({ message: 'no', reason: 'Forbidden', code: 403 }),
    onEntries: (batch) => {
      entries.push(...batch);
      for (const entry of batch) if (entry.type === 'line') lines.push(entry.text);
      for (const one of waiting) if (lines.length >= one.count) one.resolve();
    },
  });
  closers.push(() => client.stop());
  const has = (count: number): Promise<void> =>
    lines.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }));
  return { client, clock, lines, entries, has };
}

function phase<P extends LogState['phase']>(
  client: LogClient,
  wanted: P,
): Promise<Extract<LogState, { phase: P }>> {
  return new Promise((resolve) => {
    const check = (): void => {
      const state = client.state.get();
      if (state.phase !== wanted) return;
      unsubscribe();
      resolve(state as Extract<LogState, { phase: P }>);
    };
    const unsubscribe = client.state.subscribe(check);
    check();
  });
}

test('[LV1] connecting, live, ended; a log that is over is not asked for again', async () => {
  const server = await LogServer.start();
  server.onConnection = (socket) => {
    say(socket, HELLO, lineFrame(1), SYNCED, { type: 'done' });
    socket.close(1000);
  };
  const { client, clock, lines } = clientOf(server);
  const phases: string[] = [];
  client.state.subscribe(() => phases.push(client.state.get().phase));
  client.start();
  await phase(client, 'ended');
  assert.deepEqual(lines, ['line 1']);
  assert.deepEqual(
    [...new Set(phases)],
    ['connecting', 'live', 'ended'].slice(phases[0] === 'connecting' ? 0 : 1),
  );
  assert.equal(clock.pending, 0);
  assert.equal(server.asked.length, 1);
});

test('[LV2] after a drop it comes back by itself with the last position, and lines that come again are dropped', async () => {
  const server = await LogServer.start();
  server.onConnection = (socket, resume) => {
    if (resume === null)
      say(socket, HELLO, lineFrame(1), lineFrame(2), SYNCED, position(2), lineFrame(3), lineFrame(4));
    else say(socket, HELLO, lineFrame(3), lineFrame(4), lineFrame(5), position(5));
  };
  const { client, clock, lines, has } = clientOf(server);
  client.start();
  await has(4);
  server.sockets[0]!.terminate();
  const { downSince, retryAt } = await phase(client, 'reconnecting');
  assert.equal(downSince, clock.now());
  assert.ok(retryAt !== undefined && retryAt - clock.now() >= 200 && retryAt - clock.now() <= 400);
  await clock.advance(400);
  await has(5);
  assert.deepEqual(server.asked, [null, 'after-2']);
  assert.deepEqual(lines, ['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
  assert.equal((await phase(client, 'live')).synced, true);
});

test('[LV2] cut anywhere, resumed anywhere: each line once and in order, of every container', () => {
  const cuts = fc.array(fc.record({ lines: fc.nat(20), confirmed: fc.nat(20) }), { maxLength: 8 });
  fc.assert(
    fc.property(cuts, fc.nat(3), (rounds, pods) => {
      const all = Array.from({ length: 200 }, (_, index) => lineFrame(index, `web-${index % (pods + 1)}`));
      const reader = new LogFrameReader();
      const got: string[] = [];
      let resumeFrom = 0;
      const tell = (frame: LogServerFrame): void => {
        for (const entry of reader.read(frame)) if (entry.type === 'line') got.push(entry.text);
      };
      for (const { lines, confirmed } of [...rounds, { lines: 200, confirmed: 0 }]) {
        reader.begins();
        const from = resumeFrom;
        for (const [index, frame] of all.slice(from, from + lines).entries()) {
          tell(frame);
          if (index + 1 !== confirmed) continue;
          tell({ type: 'position', resume: String(from + confirmed) });
          resumeFrom = from + confirmed;
        }
      }
      const told = all.slice(0, got.length).map((frame) => (frame.type === 'line' ? frame.text : ''));
      assert.deepEqual(got, told);
      assert.equal(got.length, 200);
    }),
    { numRuns: 300 },
  );
});

test('[LV3] delays double to 15 s with jitter, and a silent gateway is asked, then left', async () => {
  const server = await LogServer.start();
  server.onConnection = (socket) => say(socket, HELLO, lineFrame(1));
  const { client, clock, has } = clientOf(server);
  client.start();
  await has(1);
  const heard = once(server.sockets[0]!, 'message');
  await clock.advance(45_000);
  assert.equal(String(((await heard) as [Buffer])[0]), '{"type":"ping"}');
  await clock.advance(10_000);
  const state = client.state.get();
  assert.equal(state.phase, 'reconnecting');
  const delays: number[] = [];
  server.refuse = true;
  const dead = new LogClient({
    open: () => new WebSocket('ws://127.0.0.1:9') as unknown as ByteSocket,
    clock,
    onRefused: async () => undefined,
    onEntries: () => {},
  });
  closers.push(() => dead.stop());
  client.stop();
  dead.start();
  for (let round = 0; round < 7; round += 1) {
    const { retryAt } = await waits(dead);
    delays.push(retryAt - clock.now());
    await clock.advance(retryAt - clock.now());
  }
  assert.deepEqual(delays, [300, 600, 1200, 2400, 4800, 9600, 11_250]);
});

test('[LV3] whoever comes back is not made to wait, and begins nothing over that is under way', async () => {
  const server = await LogServer.start();
  let dialled = 0;
  const { client, clock } = clientOf(server, new ManualClock(), () => (dialled += 1));
  server.onConnection = (socket) => {
    if (dialled === 1) socket.close(1012);
    else say(socket, HELLO, SYNCED);
  };
  client.start();
  await waits(client);
  assert.equal(dialled, 1);
  client.wake();
  client.wake();
  assert.equal(dialled, 2);
  await phase(client, 'live');
  const heard = once(server.sockets.at(-1)!, 'message');
  client.wake();
  assert.equal(String(((await heard) as [Buffer])[0]), '{"type":"ping"}');
  assert.equal(dialled, 2);
  client.stop();
  assert.equal(clock.pending, 0);
});

/** Resolves once the next attempt is set. */
function waits(client: LogClient): Promise<{ retryAt: number }> {
  return new Promise((resolve) => {
    const check = (): void => {
      const state = client.state.get();
      if (state.phase !== 'reconnecting' || state.retryAt === undefined) return;
      unsubscribe();
      resolve({ retryAt: state.retryAt });
    };
    const unsubscribe = client.state.subscribe(check);
    check();
  });
}

test('[LV4] a refusal says what the gateway says; only start asks again', async () => {
  const server = await LogServer.start();
  server.refuse = true;
  const { client, clock } = clientOf(server);
  client.start();
  const { status } = await phase(client, 'failed');
  assert.deepEqual([status.code, status.message], [403, 'no']);
  assert.equal(clock.pending, 0);
  server.refuse = false;
  server.onConnection = (socket) => say(socket, HELLO, SYNCED);
  client.start();
  await phase(client, 'live');
  server.sockets[0]!.close(4503);
  assert.equal((await phase(client, 'failed')).status.code, 403);
  assert.equal(clock.pending, 0);
});

test('[LV5] lines come as bytes, too, between frames of text', async () => {
  const server = await LogServer.start();
  const text = ['one', 'ERROR two\r']
    .map((words, index) => `${at(index).replace('Z', '000000Z')} ${words}\n`)
    .join('');
  const head = [1, 0, 1, 0, 5, ...Buffer.from('p/app'), 0, 0, 0, 0, 0, text.length];
  server.onConnection = (socket) => {
    say(socket, HELLO);
    socket.send(Buffer.from([...head, ...Buffer.from(text)]));
    // Of a newer gateway, and one that was cut off: no reason to fail.
    socket.send(Buffer.from([9]));
    socket.send(Buffer.from(head));
    say(socket, SYNCED, position(1), lineFrame(2));
  };
  const { client, entries, has } = clientOf(server);
  client.start();
  await has(3);
  assert.deepEqual(
    entries.map((entry) => entry.type === 'line' && [entry.source.pod, entry.text, entry.severity]),
    [
      ['p', 'one', undefined],
      ['p', 'ERROR two', 'error'],
      ['web-0', 'line 2', undefined],
    ],
  );
});

test('[LV5] batches, continuation, gaps, joins, ends, restarts and problems become entries; what is unknown is skipped', () => {
  const reader = new LogFrameReader();
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'no',
    reason: 'Forbidden',
    code: 403,
  } as const;
  const read = (...frames: readonly LogServerFrame[]): LogEntry[] =>
    frames.flatMap((frame) => reader.read(frame));
  const joined = (pod: string, restarts: number): LogServerFrame => ({
    type: 'joined',
    pod,
    container: 'app',
    restarts,
  });
  assert.deepEqual(read(HELLO, joined('web-0', 3)), []);
  const lines = read({
    type: 'lines',
    sources: [
      { pod: 'web-0', container: 'app' },
      { pod: 'web-1', container: 'app' },
    ],
    lines: [
      [0, at(1), 'a', 'error', true],
      [1, at(2), 'b', '', false],
      [9, at(3), 'of nobody', '', false],
    ],
  });
  assert.deepEqual(
    lines.map((entry) => entry.type === 'line' && [entry.source.pod, entry.text, entry.severity, entry.more]),
    [
      ['web-0', 'a', 'error', true],
      ['web-1', 'b', undefined, false],
    ],
  );
  const marks = read(
    SYNCED,
    joined('web-0', 3),
    joined('web-0', 4),
    joined('web-2', 0),
    { type: 'ended', pod: 'web-1', container: 'app', reason: 'Completed', exitCode: 0 },
    { type: 'gap', from: at(1), to: at(2), why: 'slow-client', skipped: 7 },
    { type: 'problem', pod: 'web-3', status },
    { type: 'heartbeat', at: at(9) },
    { type: 'of tomorrow' } as never,
  );
  assert.deepEqual(
    marks.map((entry) => [entry.type, entry.source?.pod]),
    [
      ['joined', 'web-0'],
      ['joined', 'web-2'],
      ['ended', 'web-1'],
      ['gap', undefined],
      ['problem', 'web-3'],
    ],
  );
});

test('[LV17] the view is told once a frame however many lines come, and what is being read does not go', async () => {
  const server = await LogServer.start();
  server.onConnection = (socket) => {
    const sources = [{ pod: 'web-0', container: 'app' }];
    for (let batch = 0; batch < 10; batch += 1) {
      const lines = Array.from(
        { length: 100 },
        (_, index) => [0, at(0), `line ${batch * 100 + index}`, '', false] as const,
      );
      say(socket, ...(batch === 0 ? [HELLO] : []), { type: 'lines', sources, lines: [...lines] });
    }
    say(socket, SYNCED);
  };
  const frames: (() => void)[] = [];
  const clock = new ManualClock();
  const feed = new LogFeed({
    open: (resume) => server.dial(resume),
    onRefused: async () => undefined,
    clock,
    schedule: (run) => frames.push(run),
    buffer: new LogBuffer({ lines: 600, characters: 1e9 }),
  });
  closers.push(() => feed.stop());
  feed.client.start();
  await new Promise<void>((resolve) => {
    feed.client.state.subscribe(() => {
      const state = feed.client.state.get();
      if (state.phase === 'live' && state.synced) resolve();
    });
  });
  assert.equal(frames.length, 1);
  frames.pop()!();
  assert.equal(feed.version.get(), 1);
  assert.ok(feed.buffer.full || feed.buffer.dropped > 0);
  feed.follow(false);
  const { firstSeq, size } = feed.buffer;
  const more = Array.from({ length: 300 }, (_, index) => lineFrame(index));
  say(server.sockets[0]!, ...more);
  await new Promise<void>((resolve) => {
    const look = (): void => (feed.cameSince === 300 ? resolve() : void setImmediate(look));
    look();
  });
  assert.equal(feed.buffer.firstSeq, firstSeq);
  assert.ok(feed.buffer.size >= size && feed.buffer.size + feed.buffer.waiting === size + 300);
  feed.follow(true);
  assert.deepEqual([feed.cameSince, feed.buffer.waiting], [0, 0]);
  feed.pause(true);
  say(server.sockets[0]!, lineFrame(7));
  await new Promise<void>((resolve) => {
    const look = (): void => (feed.buffer.waiting === 1 ? resolve() : void setImmediate(look));
    look();
  });
  feed.pause(false);
  assert.equal(feed.buffer.waiting, 0);
});
