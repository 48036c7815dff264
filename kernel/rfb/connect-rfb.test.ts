import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isStatusError, type StatusError } from '@krateyard/status/status-error';
import { PaintedScreen } from './painted-screen.ts';
import type { ScreenObserver } from './screen.ts';
import { coloursOf, connected, connecting, frame } from './testing/connected.ts';
import { fills, paintFill } from './testing/pictures.ts';
import { head, u16, u32, type TestEncoding } from './testing/test-server.ts';

const all = ({
  width,
  height,
}: {
  width: number;
  height: number;
}): { x: 0; y: 0; width: number; height: number } => ({
  x: 0,
  y: 0,
  width,
  height,
});

for (const encoding of ['raw', 'hextile', 'zrle'] satisfies TestEncoding[])
  test(`[RF1] random pictures of a server in ${encoding}`, async (t) => {
    const { server, screen } = await connected(t, { width: 150, height: 140 });
    const picture = { pixels: new Uint8Array(150 * 140 * 4), width: 150 };
    await fc.assert(
      fc.asyncProperty(fc.array(fills(150, 140), { minLength: 1, maxLength: 3 }), async (steps) => {
        const painted = frame(screen);
        const rectangles: Buffer[] = [];
        for (const fill of steps) {
          paintFill(picture.pixels, 150, fill);
          rectangles.push(await server.rectangle(picture, fill.area, encoding));
        }
        server.update(...rectangles);
        await painted;
        assert.deepEqual(coloursOf(screen.pixels), coloursOf(picture.pixels));
      }),
      { numRuns: 25 },
    );
  });

test('[RF1] areas that overlap what they are copied from', async (t) => {
  const { server, screen } = await connected(t, { width: 50, height: 40 });
  const picture = new PaintedScreen(50, 40);
  paintFill(picture.pixels, 50, { area: all(picture), colours: 1 << 24, run: 1, seed: 3 });
  const copies: string[] = [];
  screen.observe({ onCopy: (from, to) => copies.push(`${from.x},${from.y}>${to.x},${to.y}`) });
  const first = frame(screen);
  server.update(await server.rectangle(picture, all(picture), 'raw'));
  await first;
  for (const [fromX, fromY, x, y] of [
    [0, 0, 7, 5],
    [9, 9, 2, 3],
    [5, 9, 9, 9],
  ] as const) {
    const painted = frame(screen);
    server.update(Buffer.concat([head({ x, y, width: 30, height: 25 }, 1), u16(fromX), u16(fromY)]));
    await painted;
  }
  const before = picture.pixels.slice();
  for (const [fromX, fromY, x, y] of [
    [0, 0, 7, 5],
    [9, 9, 2, 3],
    [5, 9, 9, 9],
  ] as const) {
    const old = before.slice();
    for (let row = 0; row < 25; row += 1)
      before.set(
        old.subarray(((fromY + row) * 50 + fromX) * 4, ((fromY + row) * 50 + fromX + 30) * 4),
        ((y + row) * 50 + x) * 4,
      );
  }
  assert.deepEqual(coloursOf(screen.pixels), coloursOf(before));
  assert.deepEqual(copies, ['0,0>7,5', '9,9>2,3', '5,9>9,9']);
});

for (const [version, answer] of [
  ['003.003', '003.003'],
  ['003.007', '003.007'],
  ['003.008', '003.008'],
  ['004.001', '003.008'],
  ['003.889', '003.008'],
] as const)
  test(`[RF2] a server of version ${version} is answered with ${answer}, and shared`, async (t) => {
    const { server, connecting: promise, screen } = await connecting(t);
    assert.equal(await server.open(320, 200, { version, name: 'a “machine”' }), `RFB ${answer}\n`);
    const upstream = await promise;
    assert.equal(upstream.name, 'a “machine”');
    assert.deepEqual([screen.width, screen.height], [320, 200]);
    assert.deepEqual(
      [...(await server.hearUntil(0)).subarray(3, 16)],
      [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0],
    );
    await server.hearUntil(3);
    assert.ok([0, 1, 5, 16].every((encoding) => server.encodings.includes(encoding)));
  });

const refusal = (promise: Promise<unknown>): Promise<StatusError> =>
  promise.then(
    () => assert.fail('it was taken'),
    (error: unknown) => (isStatusError(error) ? error : assert.fail(String(error))),
  );

test('[RF2] a server that wants a password, refuses or does not answer', async (t) => {
  const asks = await connecting(t);
  asks.server.send(Buffer.from('RFB 003.008\n'), 1, 2);
  const password = await refusal(asks.connecting);
  assert.deepEqual(
    [password.reason, /password \(security type 2\)/.test(password.message)],
    ['NotAcceptable', true],
  );

  const old = await connecting(t);
  old.server.send(Buffer.from('RFB 003.003\n'), u32(2));
  assert.equal((await refusal(old.connecting)).reason, 'NotAcceptable');

  const full = await connecting(t);
  full.server.send(Buffer.from('RFB 003.008\n'), 0, u32(8), Buffer.from('too many'));
  assert.match((await refusal(full.connecting)).message, /refused the connection: too many/);

  const silent = await connecting(t);
  const timedOut = refusal(silent.connecting);
  await silent.clock.advance(15_000);
  assert.equal((await timedOut).reason, 'Timeout');
  assert.equal(silent.clock.pending, 0);

  const gone = await connecting(t);
  gone.server.end();
  assert.equal((await refusal(gone.connecting)).reason, 'ServiceUnavailable');

  const stopped = await connecting(t);
  stopped.abort.abort();
  assert.equal((await refusal(stopped.connecting)).reason, 'ServiceUnavailable');
  assert.equal(stopped.clock.pending, 0);
});

test('[RF3] the next connection goes on painting; in between the last picture stays', async (t) => {
  const screen = new PaintedScreen();
  const first = await connected(t, { width: 60, height: 50 }, screen);
  const picture = new PaintedScreen(60, 50);
  paintFill(picture.pixels, 60, { area: all(picture), colours: 9, run: 4, seed: 8 });
  const painted = frame(screen);
  first.server.update(await first.server.rectangle(picture, all(picture), 'zrle'));
  await painted;
  first.server.end();
  assert.equal((await first.upstream.ended).reason, 'ServiceUnavailable');
  assert.deepEqual(coloursOf(screen.pixels), coloursOf(picture.pixels));
  const changes: string[] = [];
  screen.observe({
    onDamage: ({ x, y, width, height }) => changes.push(`${x},${y} ${width}×${height}`),
    onResize: () => changes.push('size'),
  });
  const second = await connected(t, { width: 60, height: 50 }, screen);
  assert.deepEqual(coloursOf(screen.pixels), coloursOf(picture.pixels));
  paintFill(picture.pixels, 60, { area: { x: 5, y: 6, width: 7, height: 8 }, colours: 3, run: 1, seed: 2 });
  const again = frame(screen);
  second.server.update(await second.server.rectangle(picture, { x: 5, y: 6, width: 7, height: 8 }, 'zrle'));
  await again;
  assert.deepEqual(coloursOf(screen.pixels), coloursOf(picture.pixels));
  assert.deepEqual(changes, ['5,6 7×8']);
});

test('[RF3] a size that changes keeps what fits, and the whole is asked for anew', async (t) => {
  const { server, screen, clock } = await connected(t, { width: 40, height: 30 });
  const picture = new PaintedScreen(40, 30);
  paintFill(picture.pixels, 40, { area: all(picture), colours: 50, run: 1, seed: 4 });
  server.update(await server.rectangle(picture, all(picture), 'raw'));
  await clock.advance(20);
  await server.hearUntil(3);
  const sizes: string[] = [];
  screen.observe({ onResize: (width, height) => sizes.push(`${width}×${height}`) });
  const resized = frame(screen);
  const extended = Buffer.concat([
    head({ x: 0, y: 0, width: 30, height: 60 }, -308),
    Buffer.from([1, 0, 0, 0]),
    Buffer.alloc(16),
  ]);
  server.update(extended);
  await resized;
  picture.resize(30, 60);
  assert.deepEqual(coloursOf(screen.pixels), coloursOf(picture.pixels));
  await clock.advance(20);
  assert.deepEqual([...(await server.hearUntil(3))], [0, 0, 0, 0, 0, 0, 30, 0, 60]);
  const more = frame(screen);
  server.update(head({ x: 0, y: 0, width: 90, height: 10 }, -223));
  await more;
  assert.deepEqual(sizes, ['30×60', '90×10']);
});

test('[RF4] changes are asked for once for each update, and no oftener than told', async (t) => {
  const { server, screen, clock } = await connected(t, { width: 40, height: 30 });
  const black = await server.rectangle(
    { pixels: new Uint8Array(40 * 30 * 4), width: 40 },
    all({ width: 40, height: 30 }),
    'raw',
  );
  for (let count = 0; count < 5; count += 1) {
    const painted = frame(screen);
    server.update(black);
    await painted;
  }
  assert.equal(clock.pending, 1);
  await clock.advance(19);
  assert.equal(clock.pending, 1);
  await clock.advance(1);
  assert.deepEqual([...(await server.hear()).bytes], [1, 0, 0, 0, 0, 0, 40, 0, 30]);
  assert.equal(clock.pending, 0);
  await clock.advance(20);
  const painted = frame(screen);
  server.update(black);
  await painted;
  assert.equal((await server.hear()).type, 3);
});

const SMALL = { x: 0, y: 0, width: 10, height: 10 };
const BROKEN: Record<string, Buffer | Buffer[]> = {
  'an unknown message': Buffer.from([77]),
  'an encoding nobody asked for': [Buffer.from([0, 0]), u16(1), head(SMALL, 6)],
  'a rectangle beyond the screen': [Buffer.from([0, 0]), u16(1), head({ ...SMALL, x: 45 }, 0)],
  'a copy from beyond the screen': [Buffer.from([0, 0]), u16(1), head(SMALL, 1), u16(45), u16(0)],
  'a size without pixels': [Buffer.from([0, 0]), u16(1), head({ ...SMALL, width: 0 }, -223)],
  'a size beyond 8192': [Buffer.from([0, 0]), u16(1), head({ ...SMALL, width: 8193 }, -223)],
  'a size beyond 64 MiB': [
    Buffer.from([0, 0]),
    u16(1),
    head({ ...SMALL, width: 8192, height: 8192 }, -308),
    Buffer.from([0, 0, 0, 0]),
  ],
  'a cursor as large as a screen': [Buffer.from([0, 0]), u16(1), head({ ...SMALL, width: 2000 }, -239)],
  'a cursor in an encoding of its own': [Buffer.from([0, 0]), u16(1), head(SMALL, -314), u32(16)],
  'zlib that is none': [
    Buffer.from([0, 0]),
    u16(1),
    head(SMALL, 16),
    u32(8),
    Buffer.from('deadbeefdeadbeef', 'hex'),
  ],
  'ZRLE that is too short': [Buffer.from([0, 0]), u16(1), head(SMALL, 16), u32(0)],
  'parts of Hextile beyond their tile': [
    Buffer.from([0, 0]),
    u16(1),
    head(SMALL, 5),
    Buffer.from([8, 1, 0x55, 0x99]),
  ],
  'a clipboard without flags': [Buffer.from([3, 0, 0, 0]), u32(-2), Buffer.alloc(2)],
  'a clipboard that is not packed': [
    Buffer.from([3, 0, 0, 0]),
    u32(-8),
    u32((1 << 28) | 1),
    Buffer.from('nope'),
  ],
};
for (const [what, bytes] of Object.entries(BROKEN))
  test(`[RF5] ${what} ends the connection and leaves the picture`, async (t) => {
    const { server, screen, upstream, clock } = await connected(t, { width: 50, height: 50 });
    const before = screen.pixels.slice();
    server.send(...(Array.isArray(bytes) ? bytes : [bytes]));
    const why = await upstream.ended;
    assert.equal(why.reason, 'BadRequest');
    assert.deepEqual([screen.width, screen.height], [50, 50]);
    assert.deepEqual(screen.pixels, before);
    assert.equal(clock.pending, 0);
    upstream.send({ type: 'key', down: true, keysym: 65, scancode: 0 });
    upstream.close();
  });

test('[RF5] a text, a name or a colour map that is too long is not kept', async (t) => {
  const { server, screen, upstream } = await connected(t, { width: 50, height: 50 });
  const texts: string[] = [];
  let rung: () => void = () => {};
  const bell = new Promise<void>((resolve) => (rung = resolve));
  screen.observe({ onClipboard: (text) => texts.push(text), onBell: () => rung() });
  server.send(Buffer.from([3, 0, 0, 0]), u32(1024 * 1024 + 1), Buffer.alloc(1024 * 1024 + 1));
  server.send(Buffer.from([1, 0]), u16(0), u16(65_535), Buffer.alloc(65_535 * 6), 2);
  await bell;
  assert.deepEqual(texts, []);
  upstream.close();
  const named = await connecting(t);
  named.server.send(
    Buffer.from('RFB 003.008\n'),
    1,
    1,
    u32(0),
    u16(10),
    u16(10),
    Buffer.alloc(16),
    u32(2 ** 31),
  );
  assert.equal((await refusal(named.connecting)).reason, 'BadRequest');
});

test('[RF6] keys go with their scancode where the server has it, else by their meaning', async (t) => {
  const { server, screen, upstream } = await connected(t, { width: 50, height: 50 });
  upstream.send({ type: 'key', down: true, keysym: 0xffe3, scancode: 29 });
  assert.deepEqual([...(await server.hearUntil(4))], [1, 0, 0, 0, 0, 0xff, 0xe3]);
  const told = frame(screen);
  server.update(head(SMALL, -258));
  await told;
  upstream.send({ type: 'key', down: true, keysym: 0x61, scancode: 30 });
  assert.deepEqual([...(await server.hearUntil(255))], [0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0, 30]);
  upstream.send({ type: 'key', down: true, keysym: 0x20ac, scancode: 0 });
  assert.deepEqual([...(await server.hearUntil(4))], [1, 0, 0, 0, 0, 0x20, 0xac]);
  upstream.send({ type: 'pointer', x: 70, y: -3, buttons: 5 });
  assert.deepEqual([...(await server.hearUntil(5))], [5, 0, 49, 0, 0]);
  upstream.releaseAll();
  assert.deepEqual([...(await server.hearUntil(255))], [0, 0, 0, 0, 0, 0xff, 0xe3, 0, 0, 0, 29]);
  assert.deepEqual([...(await server.hearUntil(255))].slice(1, 3), [0, 0]);
  assert.deepEqual([...(await server.hearUntil(4))].slice(0, 1), [0]);
  assert.deepEqual([...(await server.hearUntil(5))], [0, 0, 49, 0, 0]);
});

test('[RF6] a server that takes nothing is given up; moves that wait are one', async (t) => {
  const { server, upstream, clock } = await connected(t, { width: 50, height: 50 });
  server.reader.pause();
  for (let count = 0; count < 300_000; count += 1)
    upstream.send({ type: 'pointer', x: count % 50, y: 3, buttons: 0 });
  const seen = { over: false };
  void upstream.ended.then(() => (seen.over = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(seen.over, false);
  for (let count = 0; !seen.over && count < 500; count += 1) {
    for (let key = 0; key < 40_000; key += 1)
      upstream.send({ type: 'key', down: true, keysym: key, scancode: 0 });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await upstream.ended).reason, 'Timeout');
  assert.equal(clock.pending, 0);
});

test('[RF13] the machine’s cursor, with alpha, in QEMU’s order and as a mask', async (t) => {
  const shapes: (readonly number[])[] = [];
  const note: ScreenObserver = {
    onCursor: ({ hotX, hotY, width, height, pixels }) => shapes.push([hotX, hotY, width, height, ...pixels]),
  };
  const area = { x: 1, y: 0, width: 2, height: 1 };
  for (const [name, blueFirst] of [
    ['Xvnc', false],
    ['QEMU (a)', true],
  ] as const) {
    const { server, screen, upstream } = await connected(t, { width: 50, height: 50, name });
    screen.observe(note);
    const told = frame(screen);
    const [red, blue] = blueFirst ? [2, 0] : [0, 2];
    const pixel = Buffer.alloc(4);
    pixel[red] = 100;
    pixel[1] = 50;
    pixel[blue] = 20;
    pixel[3] = 128;
    server.update(Buffer.concat([head(area, -314), u32(0), pixel, Buffer.alloc(4)]));
    await told;
    upstream.close();
  }
  const { server, screen } = await connected(t, { width: 50, height: 50 });
  screen.observe(note);
  const told = frame(screen);
  server.update(Buffer.concat([head(area, -239), Buffer.from([1, 2, 3, 9, 4, 5, 6, 9, 0b0100_0000])]));
  await told;
  const alpha = [1, 0, 2, 1, 40, 100, 199, 128, 0, 0, 0, 0];
  assert.deepEqual(shapes, [alpha, alpha, [1, 0, 2, 1, 1, 2, 3, 0, 4, 5, 6, 255]]);
});

const WISH = {
  width: 200,
  height: 150,
  layout: [{ id: 9, x: 0, y: 0, width: 200, height: 150, flags: 2 }],
};

/** ExtendedDesktopSize: why, what became of it, the size, one part. */
const sized = (why: number, outcome: number, width: number, height: number): Buffer =>
  Buffer.concat([
    head({ x: why, y: outcome, width, height }, -308),
    Buffer.from([1, 0, 0, 0]),
    Buffer.concat([u32(9), u16(0), u16(0), u16(width), u16(height), u32(0)]),
  ]);

test('[RF20] a server that can is asked for another size, and its answers are told', async (t) => {
  const { server, upstream, screen, clock } = await connected(t, { width: 100, height: 80 });
  assert.equal(await upstream.resize(WISH), 1, 'a server that does not say that it can');
  let over = frame(screen);
  server.update(sized(0, 0, 100, 80));
  await over;
  assert.deepEqual(screen.layout, [{ id: 9, x: 0, y: 0, width: 100, height: 80, flags: 0 }]);
  const refused = upstream.resize(WISH);
  assert.equal(
    (await server.hearUntil(251)).toString('hex'),
    '0000c800960100000000090000000000c8009600000002',
  );
  server.update(sized(1, 3, 200, 150));
  assert.equal(await refused, 3);
  assert.equal(screen.width, 100);
  const granted = upstream.resize(WISH);
  await server.hearUntil(251);
  over = frame(screen);
  server.update(sized(1, 0, 200, 150));
  assert.equal(await granted, 0);
  await over;
  assert.deepEqual([screen.width, screen.height, screen.layout?.[0]?.width], [200, 150, 200]);
  for (const impossible of [
    { ...WISH, width: 0 },
    { ...WISH, height: 8193 },
    { ...WISH, width: 8192, height: 8192 },
  ])
    assert.equal(await upstream.resize(impossible), 3);
  const silent = upstream.resize(WISH);
  await clock.advance(10_000);
  assert.equal(await silent, 4);
  const waiting = [1, 2, 3].map(() => upstream.resize(WISH));
  assert.equal(await upstream.resize(WISH), 2);
  upstream.close();
  assert.deepEqual(await Promise.all(waiting), [1, 1, 1]);
  assert.equal(await upstream.resize(WISH), 1);
  assert.equal(clock.pending, 0);
});
