/* oxlint-disable unicorn/prefer-add-event-listener -- the sockets of clients have fields */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { WebSocket, WebSocketServer } from 'ws';
import type { PictureSink } from './pixel-line.ts';
import { ScreenClient, type ScreenClientOptions } from './screen-client.ts';
import { controllerOf, controls, me, type ScreenSnapshot } from './screen-snapshot.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A gateway with one machine: `/screen` and `/vnc`. It tells pixels in words. */
class ScreenServer {
  readonly url: string;
  readonly frames: { type: string; [field: string]: unknown }[] = [];
  readonly keys: string[] = [];
  control: WebSocket | undefined;
  pixels: WebSocket | undefined;
  refuses = false;
  refusesPixels = false;
  state = 'live';
  controller: string | null = 'v1';
  others: object[] = [];
  #hellos = 0;
  readonly #waiting = new Set<() => void>();

  private constructor(server: WebSocketServer) {
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', (socket, request) => {
      const { pathname, searchParams } = new URL(request.url!, this.url);
      if (pathname === '/screen') this.#onControl(socket);
      else this.#onPixels(socket, searchParams.get('viewer') ?? '');
      this.#wake();
    });
  }

  static async start(): Promise<ScreenServer> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      verifyClient: ({ req }, answer) =>
        answer(req.url?.startsWith('/screen') ? !made.refuses : !made.refusesPixels, 409),
    });
    await once(server, 'listening');
    const made = new ScreenServer(server);
    closers.push(() => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    });
    return made;
  }

  #onControl(socket: WebSocket): void {
    this.control = socket;
    const count = (this.#hellos += 1);
    const you = { id: 'v1', username: 'alice', asks: false, viewOnly: false, watching: true };
    this.say({
      type: 'hello',
      you: 'v1',
      key: `k${count}`,
      namespace: 'shop',
      vm: 'web',
      idleReleaseMs: 60_000,
    });
    this.say({ type: 'people', viewers: [you, ...this.others], controller: this.controller });
    this.tell(this.state);
    socket.on('message', (bytes: Buffer) => {
      this.frames.push(JSON.parse(bytes.toString()));
      this.#wake();
    });
  }

  #onPixels(socket: WebSocket, key: string): void {
    this.pixels = socket;
    this.keys.push(key);
    socket.send(`picture for ${key}`);
  }

  say(frame: object): void {
    this.control?.send(JSON.stringify(frame));
  }

  tell(state: string, message = ''): void {
    this.say({ type: 'state', state, message, since: '2026-01-01T00:00:00Z' });
  }

  bye(reason: string, code: number): void {
    this.say({ type: 'bye', reason, message: `because ${reason}` });
    this.control?.close(code);
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

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** Shows the words it gets, and keeps the last ones. */
class WordPicture implements PictureSink {
  shown: string[] = [];
  attached = 0;
  attach(socket: ByteSocket, told: Parameters<PictureSink['attach']>[1]): () => void {
    this.attached += 1;
    socket.onmessage = (event: { data: string }) => {
      this.shown.push(event.data);
      told.drawn();
    };
    socket.onclose = (event: { code: number }) => told.over(event.code);
    return () => {
      this.attached -= 1;
    };
  }
}

function openClient(server: ScreenServer, options: Partial<ScreenClientOptions> = {}) {
  const clock = new ManualClock();
  const picture = new WordPicture();
  const socketTo = (path: string) => new WebSocket(`${server.url}${path}`) as unknown as ByteSocket;
  const client = new ScreenClient({
    open: () => socketTo('/screen'),
    openPixels: (key) => socketTo(`/vnc?viewer=${key}`),
    explain: async () => undefined,
    picture,
    clock,
    ...options,
  });
  closers.push(() => client.stop());
  return { client, clock, picture };
}

/** Resolves as soon as it holds of the snapshot. */
function until(client: ScreenClient, holds: (snapshot: ScreenSnapshot) => boolean): Promise<ScreenSnapshot> {
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

const drawn = ({ pixels }: ScreenSnapshot): boolean => pixels === 'drawn';
const inPhase =
  (phase: string) =>
  (snapshot: ScreenSnapshot): boolean =>
    snapshot.phase.phase === phase;
const inState =
  (state: string) =>
  ({ machine }: ScreenSnapshot): boolean =>
    machine?.state === state;
const waits = ({ phase }: ScreenSnapshot): boolean =>
  phase.phase === 'reconnecting' && phase.retryAt !== undefined;

test('[SW2] pixels are asked for with the key of the viewer, once it is known', async () => {
  const server = await ScreenServer.start();
  const { client, picture } = openClient(server);
  client.start();
  const snapshot = await until(client, drawn);
  assert.deepEqual([server.keys, picture.shown], [['k1'], ['picture for k1']]);
  assert.equal(controls(snapshot), true);
  assert.equal(me(snapshot)?.username, 'alice');
});

test('[SW2][SW5] who controls is what the server says, and what is asked for goes to it', async () => {
  const server = await ScreenServer.start();
  server.controller = 'v2';
  const { client } = openClient(server);
  client.start();
  assert.equal(controls(await until(client, drawn)), false);
  client.say({ type: 'ask' });
  await server.until(() => server.frames.some(({ type }) => type === 'ask'));
  const viewers = [
    { id: 'v1', username: 'alice', asks: true, viewOnly: false, watching: true },
    { id: 'v2', username: 'bob', asks: false, viewOnly: false, watching: true },
  ];
  server.say({ type: 'people', viewers, controller: 'v2' });
  const asked = await until(client, (snapshot) => me(snapshot)?.asks === true);
  assert.equal(controllerOf(asked)?.username, 'bob');
  server.say({ type: 'people', viewers, controller: 'v1' });
  assert.equal(controls(await until(client, ({ controller }) => controller === 'v1')), true);
  server.say({ type: 'error', status: { message: 'no', reason: 'Forbidden', code: 403 } });
  const { complaint } = await until(client, (snapshot) => snapshot.complaint !== undefined);
  assert.deepEqual([complaint?.count, complaint?.status.message], [1, 'no']);
});

test('[SW5] who comes alone asks for control; who finds others waits until the person does', async () => {
  const server = await ScreenServer.start();
  server.controller = null;
  const { client } = openClient(server);
  client.start();
  await server.until(() => server.frames.some(({ type }) => type === 'ask'));
  const you = { id: 'v1', username: 'alice', asks: false, viewOnly: false, watching: true };
  server.say({ type: 'people', viewers: [you], controller: 'v1' });
  await until(client, controls);
  server.say({ type: 'people', viewers: [you], controller: null });
  await until(client, ({ controller }) => controller === null);
  client.say({ type: 'release' });
  await server.until(() => server.frames.some(({ type }) => type === 'release'));
  assert.equal(server.frames.filter(({ type }) => type === 'ask').length, 1);

  server.frames.length = 0;
  server.others = [{ ...you, id: 'v2', username: 'bob' }];
  const second = openClient(server).client;
  second.start();
  await until(second, drawn);
  second.say({ type: 'release' });
  await server.until(() => server.frames.some(({ type }) => type === 'release'));
  assert.equal(
    server.frames.some(({ type }) => type === 'ask'),
    false,
  );
});

test('[SW5] who is left alone with what nobody controls asks for it, once', async () => {
  const server = await ScreenServer.start();
  server.controller = null;
  const you = { id: 'v1', username: 'alice', asks: false, viewOnly: false, watching: true };
  server.others = [{ ...you, id: 'v2' }];
  const { client } = openClient(server);
  client.start();
  await until(client, drawn);
  server.say({ type: 'people', viewers: [you], controller: null });
  await server.until(() => server.frames.some(({ type }) => type === 'ask'));
  server.say({ type: 'people', viewers: [you], controller: null });
  server.tell('paused');
  await until(client, inState('paused'));
  client.say({ type: 'release' });
  await server.until(() => server.frames.some(({ type }) => type === 'release'));
  assert.equal(server.frames.filter(({ type }) => type === 'ask').length, 1);
});

test('[SW5] who was in control when the connection broke asks to have it back', async () => {
  const server = await ScreenServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, drawn);
  server.controller = null;
  server.others = [{ id: 'v2', username: 'bob', asks: false, viewOnly: false, watching: true }];
  server.control!.terminate();
  await until(client, waits);
  await clock.advance(250);
  await server.until(() => server.frames.some(({ type }) => type === 'ask'));
});

test('[SW3] a cut connection is made again, as another viewer with its own pixels', async () => {
  const server = await ScreenServer.start();
  const { client, clock, picture } = openClient(server);
  client.start();
  await until(client, drawn);
  server.control!.terminate();
  const { phase } = await until(client, waits);
  assert.ok(phase.phase === 'reconnecting' && phase.since === clock.now());
  assert.deepEqual([picture.attached, client.view.get().controller], [0, null]);
  await clock.advance(250);
  await until(client, drawn);
  assert.deepEqual(server.keys, ['k1', 'k2']);
  assert.equal(picture.attached, 1);
});

test('[SW3] pixels that are cut off alone come back alone', async () => {
  const server = await ScreenServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, drawn);
  server.pixels!.terminate();
  await until(client, ({ pixels }) => pixels === 'opening');
  assert.equal(client.view.get().phase.phase, 'live');
  await clock.advance(250);
  await until(client, drawn);
  assert.deepEqual(server.keys, ['k1', 'k1']);
});

test('[SW3] delays between attempts double to 4 s, jittered in their upper half', async () => {
  const server = await ScreenServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, drawn);
  server.refuses = true;
  server.control!.terminate();
  const delays: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { phase } = await until(client, waits);
    assert.ok(phase.phase === 'reconnecting');
    delays.push(phase.retryAt! - clock.now());
    await clock.advance(delays.at(-1)!);
  }
  assert.deepEqual(delays, [187.5, 375, 750, 1500, 3000, 3000]);
});

test('[SW3] a socket that goes silent is asked, and given up when it does not answer', async () => {
  const server = await ScreenServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, drawn);
  await clock.advance(25_000);
  await server.until(() => server.frames.some(({ type }) => type === 'ping'));
  await clock.advance(8_000);
  const { phase } = await until(client, waits);
  assert.ok(phase.phase === 'reconnecting' && phase.reason === 'The gateway went silent.');
});

test('[SW4] while the machine is stopped no pixels are asked for; when it is back they are', async () => {
  const server = await ScreenServer.start();
  server.state = 'stopped';
  const { client } = openClient(server);
  client.start();
  await until(client, inState('stopped'));
  assert.deepEqual(server.keys, []);
  server.tell('restarting', 'The machine restarts.');
  server.tell('live');
  await until(client, drawn);
  assert.deepEqual(server.keys, ['k1']);
});

test('[SW4] pixels that cannot be had yet are asked for again at once when the screen is live', async () => {
  const server = await ScreenServer.start();
  server.state = 'restarting';
  server.refusesPixels = true;
  const { client, clock } = openClient(server);
  client.start();
  await until(client, inState('restarting'));
  for (let round = 0; round < 4; round += 1) await clock.advance(4_000);
  server.refusesPixels = false;
  server.tell('live');
  await until(client, inState('live'));
  for (let round = 0; !drawn(client.view.get()) && round < 100; round += 1) {
    await clock.advance(4_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(client, drawn);
});

for (const [reason, code] of [
  ['right-lost', 4503],
  ['removed', 1000],
  ['gone', 1000],
] as const) {
  test(`[SW4] ${reason} ends the view, and it is not tried again`, async () => {
    const server = await ScreenServer.start();
    const { client, clock, picture } = openClient(server);
    client.start();
    await until(client, drawn);
    server.bye(reason, code);
    const { phase } = await until(client, inPhase('ended'));
    assert.deepEqual(phase, { phase: 'ended', reason, message: `because ${reason}` });
    assert.deepEqual([clock.pending, picture.attached], [0, 0]);
  });
}

test('[SW3] a gateway that stops is waited for', async () => {
  const server = await ScreenServer.start();
  const { client, clock } = openClient(server);
  client.start();
  await until(client, drawn);
  server.bye('draining', 4001);
  const { phase } = await until(client, waits);
  assert.ok(phase.phase === 'reconnecting' && phase.reason === 'because draining');
  await clock.advance(250);
  await until(client, drawn);
});

test('[SW4] a handshake that is refused is asked about: for good, or because there is no screen now', async () => {
  const server = await ScreenServer.start();
  server.refuses = true;
  const status: LiveStatus = { message: 'you may not', reason: 'Forbidden', code: 403 };
  const refused = openClient(server, { explain: async () => ({ sort: 'refused', status }) });
  refused.client.start();
  const { phase } = await until(refused.client, inPhase('refused'));
  assert.deepEqual(phase, { phase: 'refused', status });
  assert.equal(refused.clock.pending, 0);

  const machine = { state: 'stopped', message: 'It is off.', since: '2026-01-01T00:00:00Z' } as const;
  const away = openClient(server, { explain: async () => ({ sort: 'away', machine }) });
  away.client.start();
  const waiting = await until(away.client, waits);
  assert.deepEqual(waiting.machine, machine);
  server.refuses = false;
  await away.clock.advance(250);
  await until(away.client, drawn);
});

test('[SW4] a view that is not let in again ends, in the words of the gateway, with the id of the request', async () => {
  const server = await ScreenServer.start();
  const details = { requestId: 'abc' };
  const status: LiveStatus = { message: 'you may not', reason: 'Forbidden', code: 403, details };
  const { client, clock } = openClient(server, { explain: async () => ({ sort: 'refused', status }) });
  client.start();
  await until(client, drawn);
  server.refuses = true;
  server.bye('draining', 4001);
  await until(client, waits);
  await clock.advance(250);
  const { phase } = await until(client, inPhase('ended'));
  assert.deepEqual(phase, { phase: 'ended', reason: 'right-lost', message: 'you may not', requestId: 'abc' });
});

test('[SW4] who is never let in without a word is told so in the end', async () => {
  const server = await ScreenServer.start();
  server.refuses = true;
  const { client, clock } = openClient(server);
  client.start();
  while (client.view.get().phase.phase !== 'refused') {
    await until(client, (snapshot) => waits(snapshot) || inPhase('refused')(snapshot));
    await clock.advance(4_000);
  }
  assert.equal(clock.pending, 0);
});

test('[SW9] the latency is measured while somebody looks, and not else', async () => {
  const server = await ScreenServer.start();
  const { client, clock } = openClient(server);
  client.look(true);
  client.start();
  await until(client, drawn);
  await server.until(() => server.frames.some(({ type }) => type === 'ping'));
  await clock.advance(7);
  server.say({ type: 'pong', nonce: 'another' });
  server.say({ type: 'pong', nonce: server.frames.findLast(({ type }) => type === 'ping')!.nonce });
  const { latencyMs } = await until(client, (snapshot) => snapshot.latencyMs !== undefined);
  assert.equal(latencyMs, 7);
  client.look(false);
  const asked = server.frames.length;
  await clock.advance(20_000);
  assert.equal(server.frames.length, asked);
  client.stop();
  assert.equal(clock.pending, 0);
});

test('[SW2] pixels that nobody looks at are let go after a while, and asked for when somebody does', async () => {
  const server = await ScreenServer.start();
  const { client, clock, picture } = openClient(server);
  client.start();
  await until(client, drawn);
  client.look(false);
  await clock.advance(20_000);
  server.tell('paused');
  await until(client, inState('paused'));
  client.look(true);
  client.look(false);
  await clock.advance(20_000);
  server.tell('live');
  await until(client, inState('live'));
  assert.equal(picture.attached, 1);
  await clock.advance(10_000);
  assert.deepEqual([picture.attached, client.view.get().pixels], [0, 'off']);
  server.tell('paused');
  await until(client, inState('paused'));
  assert.deepEqual(server.keys, ['k1']);
  client.look(true);
  await until(client, drawn);
  assert.deepEqual([server.keys, client.view.get().phase.phase], [['k1', 'k1'], 'live']);
  client.stop();
  client.look(true);
  assert.equal(clock.pending, 0);
});

test('[SW3] frames that make no sense change nothing', async () => {
  const server = await ScreenServer.start();
  const { client } = openClient(server);
  client.start();
  const before = await until(client, drawn);
  server.control!.send('{"type":');
  server.control!.send(Buffer.from([1, 2, 3]));
  server.say({ type: 'unheard-of' });
  server.tell('paused', 'Paused.');
  const after = await until(client, inState('paused'));
  assert.deepEqual({ ...after, machine: undefined }, { ...before, machine: undefined });
});
