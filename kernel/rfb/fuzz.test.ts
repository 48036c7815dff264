import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { ByteLink } from './byte-link.ts';
import { connectRfb } from './connect-rfb.ts';
import { PaintedScreen } from './painted-screen.ts';
import { serveRfb } from './serve-rfb.ts';

const FRAMES = 100_000;
/** Of one connection, if it lives so long; only those that were read count. */
const AT_ONCE = 100;

/** The same bytes in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface FuzzLink extends ByteLink {
  /** Pieces that were read. */
  readonly read: number;
  readonly closed: boolean;
}

/** Gives what it has and keeps nothing of what it gets. */
function linkOf(pieces: readonly Buffer[]): FuzzLink {
  const state = { read: 0, closed: false };
  async function* give(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      if (state.closed) return;
      state.read += 1;
      yield piece;
      // A turn now and then, so that answers go out in between.
      if (state.read % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return {
    chunks: give(),
    write: () => Promise.resolve(),
    close: () => {
      state.closed = true;
    },
    get read() {
      return state.read;
    },
    get closed() {
      return state.closed;
    },
  };
}

type Frame = (random: (below: number) => number) => Buffer;

/** Right frames, with bytes changed, cut, doubled or made up. */
function spoiled(random: (below: number) => number, frames: readonly Frame[]): Buffer {
  const frame = Buffer.from(frames[random(frames.length)]!(random));
  switch (random(6)) {
    case 0:
      for (let count = random(4); count > 0 && frame.length > 0; count -= 1)
        frame[random(frame.length)] = random(256);
      return frame;
    case 1:
      return frame.subarray(0, random(frame.length + 1));
    case 2:
      return Buffer.from(Array.from({ length: random(30) }, () => random(256)));
    default:
      return frame;
  }
}

const bytesOf =
  (...make: (number | ((random: (below: number) => number) => number))[]): Frame =>
  (random) =>
    Buffer.from(make.map((one) => (typeof one === 'number' ? one : one(random))));
const any = (random: (below: number) => number): number => random(256);
const small = (random: (below: number) => number): number => random(40);

const VIEWER_FRAMES: readonly Frame[] = [
  bytesOf(
    0,
    0,
    0,
    0,
    32,
    24,
    0,
    1,
    0,
    255,
    0,
    255,
    0,
    255,
    (random) => random(17),
    8,
    (random) => random(17),
    0,
    0,
    0,
  ),
  bytesOf(0, 0, 0, 0, 8, 8, any, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0),
  bytesOf(2, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 1, 255, 255, 255, any),
  bytesOf(2, 0, 0, 3, 0, 0, 0, 16, 255, 255, 254, any, 0xc0, 0xa1, 0xe5, 0xce),
  bytesOf(3, (random) => random(2), 0, small, 0, small, 0, 100, 0, 100),
  bytesOf(3, (random) => random(2), any, any, any, any, any, any, any, any),
  bytesOf(4, any, 0, 0, any, any, any, any),
  bytesOf(5, any, any, any, any, any),
  bytesOf(6, 0, 0, 0, 0, 0, 0, 3, any, any, any),
  bytesOf(6, 0, 0, 0, 255, 255, 255, 248, (random) => 1 << random(5), 0, 0, 1, any, any, any, any),
  bytesOf(255, 0, 0, any, any, any, any, any, any, any, any, any),
  bytesOf(251, 0, any, any, any, any, 0, 0),
  bytesOf(248, 0, 0, 0, any, any, any, any, 2, any, any),
  bytesOf(150, any, 0, 0, 0, 0, 0, 0, 0, 0),
];

const area = [0, small, 0, small, 0, small, 0, small] as const;
const SERVER_FRAMES: readonly Frame[] = [
  (random) =>
    Buffer.concat([
      bytesOf(0, 0, 0, 1, 0, 1, 0, 1, 0, 2, 0, 2, 0, 0, 0, 0)(random),
      Buffer.alloc(16, random(256)),
    ]),
  bytesOf(0, 0, 0, 1, ...area, 0, 0, 0, 1, 0, small, 0, small),
  bytesOf(0, 0, 0, 1, 0, small, 0, small, 0, 9, 0, 9, 0, 0, 0, 5, 6, any, any, any, any, any, any, any, any),
  bytesOf(
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    0,
    4,
    0,
    0,
    0,
    5,
    (random) => random(32),
    any,
    any,
    any,
    any,
    any,
    any,
  ),
  // One colour: `1`, then blue, green, red, in a stored block behind the head of zlib.
  bytesOf(
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    8,
    0,
    8,
    0,
    0,
    0,
    16,
    0,
    0,
    0,
    11,
    0x78,
    1,
    0,
    4,
    0,
    0xfb,
    0xff,
    1,
    any,
    any,
    any,
  ),
  bytesOf(0, 0, 0, 1, ...area, 0, 0, 0, 16, 0, 0, 0, 4, any, any, any, any),
  bytesOf(
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    (random) => 1 + random(120),
    0,
    (random) => 1 + random(120),
    255,
    255,
    255,
    0x21,
  ),
  bytesOf(
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    99,
    0,
    99,
    255,
    255,
    254,
    0xcc,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    9,
    0,
    9,
    0,
    0,
    0,
    0,
  ),
  bytesOf(
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    2,
    0,
    1,
    255,
    255,
    255,
    0x11,
    any,
    any,
    any,
    any,
    any,
    any,
    any,
    any,
    any,
  ),
  bytesOf(0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 255, 255, 254, 0xc6, 0, 0, 0, 0, any, any, any, any),
  bytesOf(0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 0x20),
  bytesOf(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 254, 0xfe),
  bytesOf(1, 0, 0, 0, 0, 1, any, any, any, any, any, any),
  bytesOf(2),
  bytesOf(3, 0, 0, 0, 0, 0, 0, 2, any, any),
  bytesOf(3, 0, 0, 0, 255, 255, 255, 248, (random) => 1 << random(5), 0, 0, 1, 0, 0, 0, any),
];

test('[RF19] 100,000 frames of viewers that are out of their mind harm nobody', async () => {
  const random = randomOf(11);
  const screen = new PaintedScreen(70, 50);
  const clock = new ManualClock();
  const ends = { good: 0, bad: 0 };
  const greeting = Buffer.from('RFB 003.008\n\x01\x01', 'latin1');
  for (let sent = 0; sent < FRAMES;) {
    const pieces: Buffer[] = [greeting];
    // The better half of the connections get through to many frames.
    const sane = random(2) === 0;
    for (let count = 0; count < AT_ONCE; count += 1)
      pieces.push(
        sane ? VIEWER_FRAMES[random(VIEWER_FRAMES.length)]!(random) : spoiled(random, VIEWER_FRAMES),
      );
    const link = linkOf(pieces);
    const viewer = serveRfb(link, screen, {
      name: 'x',
      onInput: () => {},
      signal: new AbortController().signal,
      clock,
      logger: silentLogger,
    });
    screen.painted({ x: random(60), y: random(40), width: 10, height: 10 });
    screen.frameEnded();
    const why = await viewer.ended;
    assert.ok(link.closed);
    sent += link.read;
    assert.ok(why === undefined || (isStatusError(why) && why.reason !== 'InternalError'), why?.message);
    ends[why ? 'bad' : 'good'] += 1;
  }
  assert.ok(ends.good > 20 && ends.bad > 20, JSON.stringify(ends));
  assert.equal(screen.observers, 0);
  assert.equal(clock.pending, 0);
});

test('[RF19] 100,000 frames of servers that are out of their mind harm nobody', async () => {
  const random = randomOf(7);
  const screen = new PaintedScreen(100, 90);
  const clock = new ManualClock();
  const reasons = new Map<string, number>();
  const greeting = Buffer.from('RFB 003.008\n\x01\x01\0\0\0\0', 'latin1');
  const init = Buffer.concat([
    Buffer.from([0, 100, 0, 90]),
    Buffer.alloc(16),
    Buffer.from([0, 0, 0, 1, 120]),
  ]);
  for (let sent = 0; sent < FRAMES;) {
    const pieces: Buffer[] = [greeting, init];
    const sane = random(2) === 0;
    for (let count = 0; count < AT_ONCE; count += 1)
      pieces.push(
        sane ? SERVER_FRAMES[random(SERVER_FRAMES.length)]!(random) : spoiled(random, SERVER_FRAMES),
      );
    const link = linkOf(pieces);
    const upstream = await connectRfb(link, {
      screen,
      signal: new AbortController().signal,
      clock,
      logger: silentLogger,
    });
    const why = await upstream.ended;
    assert.ok(link.closed);
    sent += link.read;
    assert.ok(isStatusError(why) && why.reason !== 'InternalError');
    reasons.set(why.reason, (reasons.get(why.reason) ?? 0) + 1);
    assert.equal(screen.pixels.length, screen.width * screen.height * 4);
  }
  assert.ok((reasons.get('BadRequest') ?? 0) > 100, JSON.stringify([...reasons]));
  assert.equal(clock.pending, 0);
});
