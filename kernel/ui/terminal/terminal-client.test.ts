import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { FRAME_HEADER_BYTES, FRAME_STDOUT } from '@krateyard/terminals/terminal-protocol';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import * as fc from 'fast-check';
import { WebSocket, WebSocketServer } from 'ws';
import { ApiError } from '../live/api-client.ts';
import type { LiveStatus } from '../live/live-frames.ts';
import type { ByteSocket } from '../live/byte-socket.ts';
import { TerminalClient, type TerminalClientOptions } from './terminal-client.ts';
import type { TerminalSnapshot } from './terminal-snapshot.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const HOLD_MS = 30_000;

/** A server that has one shell: its output so far, who is connected, and what it was told. */
class ShellServer {
  readonly url: string;
  readonly queries: URLSearchParams[] = [];
  readonly typed: string[] = [];
  readonly frames: { type: string; [field: string]: unknown }[] = [];
  output = Buffer.alloc(0);
  socket: WebSocket | undefined;
  refuses = false;
  /** Before this nothing is kept. */
  oldest = 0;
  keyboard: string | null = 'p1';
  session = 's1';
  readonly #waiting = new Set<() => void>();

  private constructor(server: WebSocketServer) {
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket, request) => this.#onSocket(socket, new URL(request.url!, this.url)));
  }

  static async start(): Promise<ShellServer> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      verifyClient: (_info, answer) => answer(!made.refuses, 404),
    });
    await once(server, 'listening');
    const made = new ShellServer(server);
    closers.push(() => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    });
    return made;
  }

  #onSocket(socket: WebSocket, url: URL): void {
    this.socket = socket;
    this.queries.push(url.searchParams);
    const from = Math.max(this.oldest, Number(url.searchParams.get('from') ?? 0));
    this.say(hello({ offset: from, session: this.session }));
    this.say({ type: 'people', participants: [PERSON], keyboard: this.keyboard });
    if (from < this.output.length) this.send(from, this.output.subarray(from));
    socket.on('message', (bytes: Buffer, binary) => {
      if (binary) this.typed.push(bytes.subarray(1).toString());
      else this.frames.push(JSON.parse(bytes.toString()));
      for (const wake of this.#waiting) wake();
    });
  }

  say(frame: object): void {
    this.socket?.send(JSON.stringify(frame));
  }

  /** Adds to the output and sends it, unless nobody is there. */
  print(text: string): void {
    const bytes = Buffer.from(text);
    const offset = this.output.length;
    this.output = Buffer.concat([this.output, bytes]);
    this.send(offset, bytes);
  }

  send(offset: number, bytes: Uint8Array): void {
    const frame = Buffer.alloc(FRAME_HEADER_BYTES + bytes.length);
    frame.writeUInt8(FRAME_STDOUT, 0);
    frame.writeBigUInt64BE(BigInt(offset), 1);
    frame.set(bytes, FRAME_HEADER_BYTES);
    this.socket?.send(frame);
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.socket?.terminate();
    this.socket = undefined;
  }

  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  heard(type: string): { type: string; [field: string]: unknown }[] {
    return this.frames.filter((frame) => frame.type === type);
  }
}

const PERSON = { id: 'p1', username: 'alice', role: 'owner', connected: true, asks: false };
const hello = (more: object) => ({
  type: 'hello',
  session: 's1',
  you: 'p1',
  key: 'k1',
  namespace: 'shop',
  pod: 'web-0',
  container: 'web',
  command: ['bash'],
  tty: true,
  rows: 24,
  cols: 80,
  offset: 0,
  holdMs: HOLD_MS,
  scrollbackBytes: 1 << 20,
  windowBytes: 1 << 18,
  recording: false,
  startedAt: '2026-01-01T00:00:00Z',
  ...more,
});

/** A screen that draws at once, or when told. */
class Screen {
  text = '';
  gaps: number[] = [];
  at = { rows: 30, cols: 100 };
  held: (() => void)[] | undefined;
  write = (bytes: Uint8Array, drawn: () => void): void => {
    this.text += Buffer.from(bytes).toString('latin1');
    if (this.held) this.held.push(drawn);
    else drawn();
  };
  gap = (bytes: number): void => void this.gaps.push(bytes);
  size = (): { rows: number; cols: number } => this.at;
}

function openClient(server: ShellServer, options: Partial<TerminalClientOptions> = {}) {
  const clock = new ManualClock();
  const screen = new Screen();
  const client = new TerminalClient({
    link: {},
    screen,
    begin: async () => ({ session: 's1', key: 'k1' }),
    open: (query) => new WebSocket(`${server.url}/ws/shell?${query}`) as unknown as ByteSocket,
    explain: async () => undefined,
    clock,
    ...options,
  });
  closers.push(() => client.stop());
  return { client, clock, screen };
}

/** Resolves as soon as it holds of the snapshot. */
function until(
  client: TerminalClient,
  holds: (snapshot: TerminalSnapshot) => boolean,
): Promise<TerminalSnapshot> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(client.view.get())) return;
      unsubscribe();
      resolve(client.view.get());
    };
    const unsubscribe = client.view.subscribe(check);
    check();
  });
}

const inPhase =
  (phase: string) =>
  (snapshot: TerminalSnapshot): boolean =>
    snapshot.phase.phase === phase;
const withPeople = (snapshot: TerminalSnapshot): boolean =>
  snapshot.phase.phase === 'live' && snapshot.participants.length > 0;

test('[TM1] a shell is opened, joined by session and key, and found again by its link', async () => {
  const server = await ShellServer.start();
  const { client } = openClient(server);
  client.start();
  await until(client, withPeople);
  assert.deepEqual(Object.fromEntries(server.queries[0]!), { session: 's1', key: 'k1' });
  assert.deepEqual(client.link, { session: 's1', key: 'k1' });
});

test('[TM1] what the gateway answers when a shell cannot be opened stands in the phase', async () => {
  const server = await ShellServer.start();
  const status: LiveStatus = { message: 'no shell here', reason: 'NotFound', code: 404 };
  const { client } = openClient(server, {
    begin: async () => {
      throw new ApiError(status);
    },
  });
  client.start();
  const { phase } = await until(client, inPhase('refused'));
  assert.deepEqual(phase, { phase: 'refused', status });
  assert.equal(server.queries.length, 0);
});

test('[TM2] output that comes twice is drawn once, and what is missing is told', async () => {
  const server = await ShellServer.start();
  const { client, screen } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.print('hello ');
  server.send(3, Buffer.from('lo world'));
  server.send(0, Buffer.from('hello'));
  server.send(20, Buffer.from('!'));
  server.say({ type: 'gap', from: 21, to: 26 });
  server.send(24, Buffer.from('...end'));
  server.say({ type: 'resized', rows: 9, cols: 9 });
  await until(client, ({ size }) => size?.rows === 9);
  assert.equal(screen.text, 'hello world!.end');
  assert.deepEqual(screen.gaps, [9, 5]);
});

test('[TM3] bytes are acknowledged when they are drawn, not before', async () => {
  const server = await ShellServer.start();
  const { client, screen } = openClient(server);
  screen.held = [];
  client.start();
  await until(client, withPeople);
  server.print('x'.repeat(100));
  server.print('y'.repeat(50));
  server.say({ type: 'resized', rows: 9, cols: 9 });
  await until(client, ({ size }) => size?.rows === 9);
  assert.equal(server.heard('ack').length, 0);
  for (const drawn of screen.held.splice(0)) drawn();
  await server.until(() => server.heard('ack').length > 0);
  assert.deepEqual(server.heard('ack'), [{ type: 'ack', offset: 150 }]);
});

test('[TM3] what is drawn of much is acknowledged at every quarter of the window, and when nothing waits', async () => {
  const server = await ShellServer.start();
  const { client, screen } = openClient(server);
  screen.held = [];
  client.start();
  await until(client, withPeople);
  for (const bytes of [40_000, 40_000, 40_000, 10]) server.print('x'.repeat(bytes));
  server.say({ type: 'resized', rows: 9, cols: 9 });
  await until(client, ({ size }) => size?.rows === 9);
  for (const drawn of screen.held.splice(0)) drawn();
  await server.until(() => server.heard('ack').length > 1);
  assert.deepEqual(
    server.heard('ack').map(({ offset }) => offset),
    [80_000, 120_010],
  );
});

test('[TM4] a cut connection is made again from the last byte, and the screen keeps what it shows', async () => {
  const server = await ShellServer.start();
  const { client, screen, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.print('one ');
  await server.until(() => server.heard('ack').length > 0);
  server.cut();
  server.print('two ');
  const { phase } = await until(client, inPhase('reconnecting'));
  assert.ok(phase.phase === 'reconnecting' && phase.heldUntil - phase.since === HOLD_MS);
  await clock.advance(250);
  await until(client, withPeople);
  server.print('three');
  await server.until(() => server.heard('ack').some(({ offset }) => offset === 13));
  assert.equal(screen.text, 'one two three');
  assert.deepEqual(Object.fromEntries(server.queries[1]!), { session: 's1', key: 'k1', from: '4' });
});

test('[TM4] cut at any points, the screen shows every byte once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ text: fc.string({ minLength: 1, maxLength: 20 }), cut: fc.boolean() }), {
        minLength: 1,
        maxLength: 12,
      }),
      async (steps) => {
        const server = await ShellServer.start();
        const { client, screen, clock } = openClient(server);
        client.start();
        await until(client, withPeople);
        for (const { text, cut } of steps) {
          server.print(text);
          if (!cut) continue;
          server.cut();
          await until(client, inPhase('reconnecting'));
          await clock.advance(4_000);
          await until(client, inPhase('live'));
        }
        await server.until(() => server.heard('ack').some(({ offset }) => offset === server.output.length));
        assert.equal(screen.text, server.output.toString('latin1'));
        assert.deepEqual(screen.gaps, []);
        client.stop();
      },
    ),
    { numRuns: 25 },
  );
});

test('[TM5] delays between attempts double to 4 s, jittered in their upper half', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.refuses = true;
  server.cut();
  const delays: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { phase } = await until(
      client,
      ({ phase }) => phase.phase === 'reconnecting' && phase.retryAt !== undefined,
    );
    assert.ok(phase.phase === 'reconnecting');
    delays.push(phase.retryAt! - clock.now());
    await clock.advance(delays.at(-1)!);
  }
  assert.deepEqual(delays, [187.5, 375, 750, 1500, 3000, 3000]);
});

test('[TM5] when the hold is over the shell has ended, and says so', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.refuses = true;
  server.cut();
  for (let round = 0; round < 20 && client.view.get().phase.phase !== 'ended'; round += 1) {
    await until(
      client,
      ({ phase }) =>
        phase.phase === 'ended' || (phase.phase === 'reconnecting' && phase.retryAt !== undefined),
    );
    await clock.advance(4_000);
  }
  const { phase } = await until(client, inPhase('ended'));
  assert.ok(phase.phase === 'ended' && phase.exit.reason === 'hold-expired');
  assert.equal(clock.pending, 0);
});

test('[TM5] a session that the gateway no longer knows ends at once', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server, {
    explain: async () => ({ message: 'gone', reason: 'NotFound', code: 404 }),
  });
  client.start();
  await until(client, withPeople);
  server.refuses = true;
  server.cut();
  await until(client, inPhase('reconnecting'));
  await clock.advance(4_000);
  const { phase } = await until(client, inPhase('ended'));
  assert.deepEqual(phase, {
    phase: 'ended',
    exit: { code: null, reason: 'hold-expired', message: 'gone' },
  });
});

test('[TM6] what is typed without the keyboard or without a connection goes nowhere', async () => {
  const server = await ShellServer.start();
  const { client } = openClient(server);
  client.start();
  await until(client, withPeople);
  assert.equal(client.type(Buffer.from('ls\r')), true);
  server.say({ type: 'people', participants: [PERSON], keyboard: 'p2' });
  await until(client, ({ keyboard }) => keyboard === 'p2');
  assert.equal(client.type(Buffer.from('no')), false);
  server.say({ type: 'people', participants: [PERSON], keyboard: 'p1' });
  await until(client, ({ keyboard }) => keyboard === 'p1');
  server.cut();
  await until(client, inPhase('reconnecting'));
  assert.equal(client.type(Buffer.from('lost')), false);
  assert.deepEqual(server.typed, ['ls\r']);
});

test('[TM6] long input is parted into frames that the server takes', async () => {
  const server = await ShellServer.start();
  const { client } = openClient(server);
  client.start();
  await until(client, withPeople);
  client.type(Buffer.alloc(150_000, 'a'));
  await server.until(() => server.typed.length === 3);
  assert.deepEqual(
    server.typed.map(({ length }) => length),
    [65_536, 65_536, 18_928],
  );
});

test('[TM7] the one with the keyboard sets the size: when it is given, when it changes, after a return', async () => {
  const server = await ShellServer.start();
  const { client, clock, screen } = openClient(server);
  server.keyboard = 'p2';
  client.start();
  await until(client, withPeople);
  client.resize();
  server.keyboard = 'p1';
  server.say({ type: 'people', participants: [PERSON], keyboard: 'p1' });
  await server.until(() => server.heard('resize').length === 1);
  screen.at = { rows: 31, cols: 100 };
  client.resize();
  client.resize();
  await server.until(() => server.heard('resize').length === 2);
  server.cut();
  await until(client, inPhase('reconnecting'));
  await clock.advance(4_000);
  await server.until(() => server.heard('resize').length === 3);
  assert.deepEqual(
    server.heard('resize').map(({ rows }) => rows),
    [30, 31, 31],
  );
});

test('[TM8] silence is answered by a ping, then by a new socket; waking asks at once', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  client.wake();
  await server.until(() => server.heard('ping').length === 1);
  server.say({ type: 'pong' });
  server.say({ type: 'resized', rows: 9, cols: 9 });
  await until(client, ({ size }) => size?.rows === 9);
  await clock.advance(25_000);
  await server.until(() => server.heard('ping').length === 2);
  await clock.advance(8_000);
  await until(client, inPhase('reconnecting'));
});

test('[TM9] the exit stands with its code, and nothing is left running', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.say({ type: 'exit', code: 3, reason: 'exited' });
  server.socket!.close(1000);
  const { phase } = await until(client, inPhase('ended'));
  assert.deepEqual(phase, { phase: 'ended', exit: { code: 3, reason: 'exited' } });
  assert.equal(clock.pending, 0);
  client.wake();
  assert.equal(client.view.get().phase.phase, 'ended');
});

test('[TM9] a close code that says not to come back ends the shell', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.socket!.close(4503);
  const { phase } = await until(client, inPhase('ended'));
  assert.deepEqual(phase, { phase: 'ended', exit: { code: null, reason: 'right-lost' } });
  assert.equal(clock.pending, 0);
});

test('[TM9] leaving closes the socket and keeps the session', async () => {
  const server = await ShellServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  const closed = once(server.socket!, 'close');
  client.stop();
  await closed;
  assert.equal(clock.pending, 0);
  assert.equal(server.heard('end').length, 0);
});

test('[TM2] a session that was replaced while one was away is drawn from its own beginning', async () => {
  const server = await ShellServer.start();
  const { client, screen, clock } = openClient(server);
  client.start();
  await until(client, withPeople);
  server.print('before the machine was gone ');
  await server.until(() => server.heard('ack').length > 0);
  server.cut();
  await until(client, inPhase('reconnecting'));
  server.output = Buffer.from('anew');
  server.session = 's2';
  await clock.advance(250);
  await until(client, ({ hello }) => hello?.session === 's2');
  server.send(0, server.output);
  await server.until(() => server.heard('ack').some(({ offset }) => offset === 4));
  assert.equal(screen.text, 'before the machine was gone anew');
  assert.deepEqual(client.link, { session: 's2', key: 'k1' });
});
