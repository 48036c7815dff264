import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paintFill } from './testing/pictures.ts';
import { showing } from './testing/showing.ts';
import { expectedPixels, RGB888, type TestViewer } from './testing/test-viewer.ts';
import type { PaintedScreen } from './painted-screen.ts';

const NOISE = { colours: 1 << 24, run: 1 };

function paint(
  screen: PaintedScreen,
  seed: number,
  area = { x: 0, y: 0, width: screen.width, height: screen.height },
): void {
  paintFill(screen.pixels, screen.width, { area, seed, ...NOISE });
  screen.painted(area);
}

/** Not deepEqual, whose account of half a million differences takes minutes. */
const differences = (
  viewer: TestViewer,
  screen: PaintedScreen,
  expected = expectedPixels(screen.pixels, RGB888),
): number => {
  if (expected.length !== viewer.pixels.length) return Infinity;
  return viewer.pixels.reduce((sum, pixel, index) => sum + (pixel === expected[index] ? 0 : 1), 0);
};

const shows = (viewer: TestViewer, screen: PaintedScreen): void =>
  assert.equal(differences(viewer, screen), 0);

for (const version of ['003.003', '003.007', '003.008', '003.889'])
  test(`[RF2] a viewer of version ${version} comes in`, async (t) => {
    const { screen, another } = await showing(t, 30, 20);
    const { viewer } = await another(version);
    assert.deepEqual([viewer.name, viewer.width, viewer.height], ['a machine', 30, 20]);
    viewer.ask(false);
    await viewer.update();
    shows(viewer, screen);
  });

test('[RF2] a viewer that says nothing is let go', async (t) => {
  const { clock, dial } = await showing(t, 30, 20);
  const { served } = await dial();
  await clock.advance(15_000);
  assert.equal((await served.ended)?.reason, 'Timeout');
});

test('[RF8] who joins has the whole last picture with the first update; later ones have what changed', async (t) => {
  const { screen, viewer, another } = await showing(t, 200, 150);
  paint(screen, 1);
  screen.frameEnded();
  for (const one of [viewer, (await another()).viewer]) {
    one.setEncodings(16);
    one.ask(true);
    await one.update();
    shows(one, screen);
    assert.equal(one.seen.length, 12);
  }
  viewer.seen.length = 0;
  paint(screen, 2, { x: 60, y: 70, width: 8, height: 8 });
  screen.frameEnded();
  viewer.ask(true);
  await viewer.update();
  shows(viewer, screen);
  assert.equal(viewer.seen.length, 2);
});

test('[RF8] an update is sent when it was asked for, and when the machine’s frame is over', async (t) => {
  const { screen, clock, viewer, served, heard } = await showing(t, 100, 100);
  viewer.setEncodings(7);
  viewer.ask(false);
  await viewer.update();
  assert.equal(served.sentUpdates, 1);
  paint(screen, 1);
  screen.frameEnded();
  await heard(viewer);
  assert.equal(served.sentUpdates, 1);
  viewer.ask(true);
  await viewer.update();
  viewer.ask(true);
  await heard(viewer);
  for (let seed = 2; seed < 9; seed += 1) paint(screen, seed);
  await heard(viewer);
  assert.equal(served.sentUpdates, 2);
  await clock.advance(10);
  await viewer.update();
  assert.equal(served.sentUpdates, 3);
  shows(viewer, screen);
  assert.equal(clock.pending, 0);
});

test('[RF8] a part that is asked for brings no other', async (t) => {
  const { screen, viewer } = await showing(t, 256, 256);
  viewer.setEncodings(16);
  paint(screen, 3);
  screen.frameEnded();
  viewer.ask(false, { x: 70, y: 70, width: 10, height: 10 });
  await viewer.update();
  assert.equal(viewer.seen.length, 1);
  viewer.ask(true);
  await viewer.update();
  assert.equal(viewer.seen.length, 16);
  shows(viewer, screen);
});

test('[RF9] one of five that reads nothing holds up nobody and is sent what fits its link', async (t) => {
  const { screen, viewer, served, another } = await showing(t, 320, 240);
  const others = [await another(), await another(), await another(), await another()];
  const stalled = others.pop()!;
  stalled.viewer.setEncodings(0);
  stalled.viewer.reader.pause();
  for (let count = 0; count < 200; count += 1) stalled.viewer.ask(false);
  const reading = [{ viewer, served }, ...others];
  for (const one of reading) one.viewer.setEncodings(16);
  const frames = 20;
  for (let seed = 1; seed <= frames; seed += 1) {
    paint(screen, seed, { x: 0, y: 0, width: 100, height: 48 });
    screen.frameEnded();
    for (const one of reading) one.viewer.ask(true);
    await Promise.all(reading.map((one) => one.viewer.update()));
    for (const one of reading) shows(one.viewer, screen);
  }
  assert.ok(reading.every((one) => one.served.sentUpdates === frames));
  // The system's own buffers of one connection, ours, and one batch of tiles: not what it asked for.
  assert.ok(stalled.served.sentBytes < 12 * 1024 * 1024, `${stalled.served.sentBytes}`);
  const sent = stalled.served.sentBytes;
  paint(screen, 99, { x: 300, y: 0, width: 100, height: 100 });
  screen.frameEnded();
  for (const one of reading) one.viewer.ask(true);
  await Promise.all(reading.map((one) => one.viewer.update()));
  assert.ok(stalled.served.sentBytes - sent <= 16 * 64 * 64 * 4 + 1024);
  stalled.viewer.reader.resume();
  for (let count = 0; count < 100 && differences(stalled.viewer, screen) > 0; count += 1) {
    stalled.viewer.ask(false);
    await stalled.viewer.update();
  }
  shows(stalled.viewer, screen);
});

test('[RF10] viewers that want the same get the same bytes, made once', async (t) => {
  const { screen, viewer, another } = await showing(t, 300, 200);
  paint(screen, 4);
  screen.frameEnded();
  const more = [(await another()).viewer, (await another()).viewer];
  const before = screen.pixels;
  for (const one of [viewer, ...more]) {
    one.setEncodings(7);
    one.ask(false);
    await one.update();
  }
  // Painted without a word: whose tiles are kept does not see it, who wants another format does.
  const kept = expectedPixels(before, RGB888);
  before.fill(0);
  for (const one of [viewer, ...more]) {
    one.ask(false);
    await one.update();
    assert.equal(differences(one, screen, kept), 0);
  }
  viewer.setFormat({ ...RGB888, shift: [0, 8, 16] });
  viewer.ask(false);
  await viewer.update();
  assert.ok(viewer.pixels.every((pixel) => pixel === 0));
  paint(screen, 5, { x: 0, y: 0, width: 300, height: 200 });
  screen.frameEnded();
  for (const one of more) {
    one.ask(true);
    await one.update();
    shows(one, screen);
  }
});

test('[RF12] a viewer follows the screen’s size, each in its own way', async (t) => {
  const { screen, viewer, another, heard } = await showing(t, 100, 80);
  const plain = (await another()).viewer;
  const fixed = (await another()).viewer;
  viewer.setEncodings(16, -308);
  plain.setEncodings(7, -223);
  fixed.setEncodings(0);
  for (const one of [viewer, plain, fixed]) {
    one.ask(false);
    await one.update();
  }
  assert.ok(viewer.seen.includes(-308));
  screen.resize(130, 60);
  paint(screen, 7);
  screen.frameEnded();
  for (const one of [viewer, plain]) {
    one.seen.length = 0;
    one.ask(true);
    await one.update();
    assert.deepEqual([one.width, one.height, one.seen.length], [130, 60, 1]);
    one.ask(true);
    await one.update();
    shows(one, screen);
  }
  fixed.ask(true);
  await fixed.update();
  assert.deepEqual([fixed.width, fixed.height], [100, 80]);
  const all = expectedPixels(screen.pixels, RGB888);
  for (let y = 0; y < 60; y += 7)
    assert.deepEqual(fixed.pixels.subarray(y * 100, y * 100 + 100), all.subarray(y * 130, y * 130 + 100));
  await heard(viewer);
});

test('[RF12] who knows both kinds hears of ExtendedDesktopSize when the machine can be asked, with its layout', async (t) => {
  const { screen, viewer } = await showing(t, 100, 80);
  viewer.setEncodings(0, -223, -308);
  viewer.ask(false);
  await viewer.update();
  assert.ok(!viewer.seen.includes(-308));
  screen.resize(120, 80);
  screen.frameEnded();
  viewer.ask(true);
  await viewer.update();
  assert.equal(viewer.seen.at(-1), -223);
  const layout = [
    { id: 7, x: 0, y: 0, width: 60, height: 80, flags: 1 },
    { id: 8, x: 60, y: 0, width: 60, height: 80, flags: 0 },
  ];
  screen.setLayout(layout);
  screen.frameEnded();
  viewer.ask(true);
  await viewer.update();
  const [told] = viewer.sizes;
  assert.deepEqual([told?.why, told?.outcome, viewer.width], [0, 0, 120]);
  assert.equal(
    told?.layout.toString('hex'),
    '0000000700000000003c00500000000100000008003c0000003c005000000000',
  );
});

test('[RF20] a viewer’s wish for another size is asked for, and it is told what became of it', async (t) => {
  const { screen, viewer, resizes, heard } = await showing(t, 100, 80);
  screen.setLayout([]);
  screen.frameEnded();
  viewer.setEncodings(0, -223, -308);
  viewer.ask(false);
  await viewer.update();
  const wish = Buffer.from('fb0000c800960100000000090000000000c8009600000002', 'hex');
  const outcomeOf = async (): Promise<readonly number[]> => {
    viewer.ask(true);
    await viewer.update();
    const { why, outcome } = viewer.sizes.at(-1)!;
    return [why, outcome, viewer.width, viewer.height];
  };
  resizes.outcome = Promise.resolve(3);
  viewer.write(wish);
  assert.deepEqual(await outcomeOf(), [1, 3, 100, 80]);
  const part = { id: 9, x: 0, y: 0, width: 200, height: 150, flags: 2 };
  assert.deepEqual(resizes.wishes, [{ width: 200, height: 150, layout: [part] }]);
  const decided = Promise.withResolvers<number>();
  resizes.outcome = decided.promise;
  viewer.write(wish, wish);
  assert.deepEqual(await outcomeOf(), [1, 2, 100, 80], 'one at a time');
  await heard(viewer);
  assert.equal(resizes.wishes.length, 2);
  screen.resize(200, 150);
  screen.frameEnded();
  decided.resolve(0);
  assert.deepEqual((await outcomeOf()).slice(2), [200, 150]);
  while (viewer.sizes.at(-1)?.why !== 1 || viewer.sizes.at(-1)?.outcome !== 0) await outcomeOf();
});

test('[RF20] who asks for a size that cannot be decided on is let go, and others are not', async (t) => {
  const { served, viewer, resizes, heard, another } = await showing(t, 100, 80);
  const other = await another();
  const failed = Promise.withResolvers<number>();
  resizes.outcome = failed.promise;
  viewer.write(Buffer.from('fb0000c800960000', 'hex'));
  await heard(viewer);
  failed.reject(new Error('nobody knows'));
  assert.equal((await served.ended)?.reason, 'InternalError');
  other.viewer.setEncodings(0, -223);
  other.viewer.ask(false);
  await other.viewer.update();
});

test('[RF12] a size that changes while an update goes out spoils nothing', async (t) => {
  const { screen, viewer } = await showing(t, 1000, 1000);
  viewer.setEncodings(0, -223);
  paint(screen, 1);
  screen.frameEnded();
  viewer.reader.pause();
  viewer.ask(false);
  const asked = viewer.update();
  await new Promise((resolve) => setImmediate(resolve));
  viewer.reader.resume();
  await new Promise((resolve) => setImmediate(resolve));
  screen.resize(900, 100);
  paint(screen, 2);
  screen.frameEnded();
  await asked;
  viewer.ask(true);
  await viewer.update();
  viewer.ask(true);
  await viewer.update();
  assert.deepEqual([viewer.width, viewer.height], [900, 100]);
  shows(viewer, screen);
});

test('[RF13] a cursor goes as the viewer knows it best', async (t) => {
  const { screen, viewer } = await showing(t, 50, 50);
  const pixels = Uint8Array.from([1, 2, 3, 255, 40, 100, 200, 128]);
  screen.setCursor({ width: 2, height: 1, hotX: 1, hotY: 0, pixels });
  screen.frameEnded();
  const cursors = async (...encodings: number[]): Promise<readonly number[]> => {
    viewer.cursor = undefined;
    viewer.setEncodings(0);
    viewer.setEncodings(0, ...encodings);
    viewer.ask(false);
    await viewer.update();
    const { encoding, bytes, hotX } = viewer.cursor!;
    return [encoding, hotX, ...bytes];
  };
  assert.deepEqual(
    await cursors(-239, -314, 0x574d5664),
    [0x574d5664, 1, 1, 0, 3, 2, 1, 255, 200, 100, 40, 128],
  );
  assert.deepEqual(await cursors(-239, -314), [-314, 1, 0, 0, 0, 0, 3, 2, 1, 255, 100, 50, 20, 128]);
  assert.deepEqual(await cursors(-239), [-239, 1, 1, 2, 3, 0, 40, 100, 200, 0, 0b1100_0000]);
  screen.setCursor({ width: 0, height: 0, hotX: 0, hotY: 0, pixels: new Uint8Array(0) });
  screen.frameEnded();
  viewer.ask(true);
  await viewer.update();
  assert.deepEqual([viewer.cursor!.width, viewer.cursor!.bytes.length], [0, 0]);
});

test('[RF6] what a viewer does is told, with scancodes where they are known to be wanted', async (t) => {
  const { viewer, inputs, heard } = await showing(t, 50, 50);
  viewer.setEncodings(0, -258);
  viewer.ask(false);
  await viewer.update();
  assert.ok(viewer.seen.includes(-258));
  viewer.write(Buffer.from([4, 1, 0, 0, 0, 0, 0xff, 0x0d]));
  viewer.write(Buffer.from([255, 0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0, 0x9d]));
  viewer.write(Buffer.from([5, 5, 1, 0, 0, 20]));
  await heard(viewer);
  assert.deepEqual(inputs, [
    { type: 'key', down: true, keysym: 0xff0d, scancode: 0 },
    { type: 'key', down: true, keysym: 0x61, scancode: 0x9d },
    { type: 'pointer', x: 256, y: 20, buttons: 5 },
  ]);
});

const BROKEN: Record<string, Buffer> = {
  'a colour map': Buffer.from([0, 0, 0, 0, 8, 8, 0, 0, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0]),
  '24 bits': Buffer.from([0, 0, 0, 0, 24, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]),
  'a channel beyond the pixel': Buffer.from([
    0, 0, 0, 0, 16, 16, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0,
  ]),
  'a maximum that is no mask': Buffer.from([
    0, 0, 0, 0, 32, 24, 0, 1, 0, 200, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0,
  ]),
  'too many encodings': Buffer.from([2, 0, 255, 255]),
  'an unknown message': Buffer.from([99]),
  'an unknown message of QEMU': Buffer.from([255, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
};
for (const [what, bytes] of Object.entries(BROKEN))
  test(`[RF14] a viewer that sends ${what} is let go, and no other`, async (t) => {
    const { screen, viewer, served, another, clock } = await showing(t, 50, 50);
    const other = await another();
    viewer.write(bytes);
    const why = await served.ended;
    assert.equal(why?.reason, 'BadRequest');
    if (what === 'a colour map') assert.match(why.message, /only true colour/);
    other.viewer.ask(false);
    await other.viewer.update();
    shows(other.viewer, screen);
    assert.equal(clock.pending, 0);
  });

test('[RF18] a viewer that leaves, or is closed, leaves nothing behind', async (t) => {
  const { screen, viewer, served, another, clock, abort } = await showing(t, 50, 50);
  const left = await another();
  const aborted = await another();
  paint(screen, 1);
  assert.ok(clock.pending > 0);
  left.viewer.end();
  assert.equal(await left.served.ended, undefined);
  served.close();
  served.close();
  assert.equal(await served.ended, undefined);
  await assert.rejects(viewer.update(), /ended/);
  abort.abort();
  assert.equal(await aborted.served.ended, undefined);
  assert.equal(clock.pending, 0);
  assert.equal(screen.observers, 0);
});
