import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { FrameSplice } from './frame-splice.ts';
import { socketPair } from './testing/socket-pair.ts';

const MAX_FRAME_BYTES = 100_000;
const BINARY = 2;

/** What client and machine hold in their hands, and the splice in between. */
interface Stage {
  readonly client: Socket;
  readonly machine: Socket;
  readonly splice: FrameSplice;
  readonly clock: ManualClock;
  readonly got: { client: Buffer; machine: Buffer; counted: number };
  /** Until this much more has come. */
  readonly come: (to: 'client' | 'machine', bytes: number) => Promise<Buffer>;
}

async function setup(t: TestContext): Promise<Stage> {
  const [left, right] = [await socketPair(t), await socketPair(t)];
  const clock = new ManualClock();
  const got = { client: Buffer.alloc(0), machine: Buffer.alloc(0), counted: 0 };
  left.near.on('data', (bytes) => (got.client = Buffer.concat([got.client, bytes])));
  right.far.on('data', (bytes) => (got.machine = Buffer.concat([got.machine, bytes])));
  const splice = new FrameSplice(left.far, right.near, {
    clock,
    maxFrameBytes: MAX_FRAME_BYTES,
    onBytes: (count) => (got.counted += count),
  });
  const come = async (to: 'client' | 'machine', bytes: number): Promise<Buffer> => {
    while (got[to].length < bytes) await turn();
    const came = got[to].subarray(0, bytes);
    got[to] = got[to].subarray(bytes);
    return came;
  };
  t.after(() => assert.equal(clock.pending, 0, 'no timer is left'));
  return { client: left.near, machine: right.far, splice, clock, got, come };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function frame(payload: Buffer | string, how: { masked: boolean; opcode?: number; fin?: boolean }): Buffer {
  const bytes = Buffer.from(payload);
  const first = (how.fin === false ? 0 : 0x80) | (how.opcode ?? BINARY);
  const header = Buffer.alloc(bytes.length < 126 ? 2 : bytes.length < 65_536 ? 4 : 10);
  header[0] = first;
  header[1] =
    (how.masked ? 0x80 : 0) | (bytes.length < 126 ? bytes.length : bytes.length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(bytes.length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(bytes.length), 2);
  // The payload as it would be after masking: nobody in between looks at it.
  return Buffer.concat([header, ...(how.masked ? [Buffer.from('mask')] : []), bytes]);
}

const fromClient = (payload: Buffer | string, opcode = BINARY): Buffer =>
  frame(payload, { masked: true, opcode });
const fromMachine = (payload: Buffer | string, opcode = BINARY): Buffer =>
  frame(payload, { masked: false, opcode });
const closeWith = (code: number): Buffer => Buffer.from([0x88, 2, code >> 8, code & 0xff]);
const MASKED_CLOSE = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xe8]);
const MASKED_PING = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);

test('[RF16] frames of all kinds and sizes pass as they are, in pieces of any size', async (t) => {
  const { client, machine, splice, got, come } = await setup(t);
  const sizes = [0, 1, 125, 126, 1_000, 65_535, 65_536, 99_000];
  const up = Buffer.concat([
    ...sizes.map((size) => fromClient(Buffer.alloc(size, size))),
    frame('part', { masked: true, fin: false }),
    fromClient('ping', 9),
    fromClient('rest', 0),
  ]);
  const down = Buffer.concat([
    ...sizes.map((size) => fromMachine(Buffer.alloc(size, size))),
    fromMachine(Buffer.alloc(3_000_000, 7)),
    fromMachine('pong', 10),
    fromMachine('text', 1),
  ]);
  for (const byte of down.subarray(0, 600)) machine.write(Buffer.from([byte]));
  machine.write(down.subarray(600));
  for (let at = 0; at < up.length; at += 7_919) client.write(up.subarray(at, at + 7_919));
  assert.ok((await come('machine', up.length)).equals(up));
  assert.ok((await come('client', down.length)).equals(down));
  assert.equal(got.counted, down.length);
  splice.terminate();
  await splice.ended;
});

test('[RF16] a machine is held back while the client does not read, and goes on with it', async (t) => {
  const [left, right] = [await socketPair(t), await socketPair(t)];
  const clock = new ManualClock();
  const state = { counted: 0 };
  const splice = new FrameSplice(left.far, right.near, {
    clock,
    maxFrameBytes: MAX_FRAME_BYTES,
    onBytes: (count) => (state.counted += count),
  });
  const piece = fromMachine(Buffer.alloc(60_000));
  const pour = (): void => {
    while (right.far.write(piece));
  };
  right.far.on('drain', pour);
  pour();
  await quiet(() => state.counted);
  assert.ok(state.counted < 16 * 1024 * 1024, `${state.counted}`);
  assert.ok(left.far.writableLength < 1024 * 1024, `${left.far.writableLength}`);
  const before = state.counted;
  left.near.resume();
  while (state.counted < 2 * before) await turn();
  splice.terminate();
  await splice.ended;
  assert.equal(clock.pending, 0);
});

test('[RF16] the handshake of a close goes from end to end, whoever begins', async (t) => {
  const one = await setup(t);
  one.client.write(fromClient('\x03\xe8', 8));
  await one.come('machine', 8);
  one.machine.write(closeWith(1001));
  assert.deepEqual(await one.come('client', 4), closeWith(1001));
  one.machine.end();
  await one.splice.ended;
  const two = await setup(t);
  two.machine.write(closeWith(1011));
  assert.deepEqual(await two.come('client', 4), closeWith(1011));
  two.client.write(fromClient('\x03\xf3', 8));
  await two.come('machine', 8);
  await two.splice.ended;
  assert.equal(two.got.client.length, 0);
});

test('[RF16] a close of our own stands between two frames, and nothing passes after it', async (t) => {
  const { client, machine, splice, come, got } = await setup(t);
  const first = fromMachine(Buffer.alloc(50_000, 1));
  machine.write(first.subarray(0, 20_000));
  await come('client', 20_000);
  splice.close(4503, 'lost');
  splice.close(4501, 'again');
  machine.write(first.subarray(20_000));
  machine.write(fromMachine('secret'));
  assert.ok((await come('client', 30_004)).equals(first.subarray(20_000)));
  const close = Buffer.concat([Buffer.from([0x88, 6, 0x11, 0x97]), Buffer.from('lost')]);
  assert.deepEqual(await come('client', 8), close);
  assert.deepEqual(await come('machine', 8), MASKED_CLOSE);
  client.write(fromClient('more input'));
  client.write(fromClient('\x11\x97', 8));
  machine.end();
  await splice.ended;
  assert.deepEqual([got.client.length, got.machine.length], [0, 0]);
});

test('[RF16] who does not answer a close, or stands still within a frame, is cut', async (t) => {
  const deaf = await setup(t);
  deaf.splice.close(4001, '');
  await deaf.come('client', 4);
  await deaf.clock.advance(1_000);
  await deaf.splice.ended;
  const stuck = await setup(t);
  stuck.machine.write(fromMachine(Buffer.alloc(1_000)).subarray(0, 500));
  stuck.client.write(fromClient(Buffer.alloc(1_000)).subarray(0, 500));
  await stuck.come('client', 500);
  await stuck.come('machine', 500);
  stuck.splice.close(4503, '');
  await stuck.splice.ended;
  assert.equal(stuck.got.client.length, 0);
});

for (const [what, bytes, code] of [
  ['text', fromClient('text', 1), 1003],
  ['a frame above the bound', fromClient(Buffer.alloc(MAX_FRAME_BYTES + 1)), 1009],
  ['a frame that is not masked', fromMachine('bare'), 1002],
  ['an opcode that there is not', fromClient('', 3), 1002],
  ['a reserved bit', Buffer.from([0xc2, 0x80, 0, 0, 0, 0]), 1002],
  ['a long ping', fromClient(Buffer.alloc(126), 9), 1002],
  ['a ping in pieces', frame('', { masked: true, opcode: 9, fin: false }), 1002],
] as const)
  test(`[RF16] ${what} of a client ends it with ${code}; what came before has passed`, async (t) => {
    const { client, splice, clock, come, got } = await setup(t);
    client.write(Buffer.concat([fromClient('good'), bytes]));
    assert.ok((await come('machine', 10)).equals(fromClient('good')));
    const [head] = [await come('client', 4)];
    assert.deepEqual([head[0], head.readUInt16BE(2)], [0x88, code]);
    await quiet(() => got.machine.length);
    await clock.advance(1_000);
    await splice.ended;
    assert.ok(!got.machine.includes('text'));
  });

test('[RF16] a machine that ends is 1000, one that breaks or talks nonsense 4003, one within a frame a cut', async (t) => {
  const ends: readonly [(machine: Socket) => void, number][] = [
    [(machine) => machine.end(), 1000],
    [(machine) => machine.resetAndDestroy(), 4003],
    [(machine) => machine.write(fromClient('masked')), 4003],
  ];
  for (const [end, code] of ends) {
    const { machine, splice, clock, come } = await setup(t);
    machine.write(fromMachine('last'));
    await come('client', 6);
    end(machine);
    assert.equal((await come('client', 4)).readUInt16BE(2), code);
    await clock.advance(1_000);
    await splice.ended;
  }
  const { machine, splice, come } = await setup(t);
  machine.write(fromMachine(Buffer.alloc(1_000)).subarray(0, 500));
  await come('client', 500);
  machine.end();
  await splice.ended;
});

test('[RF16] a client that goes away takes the machine along', async (t) => {
  for (const leave of [
    (client: Socket) => void client.end(),
    (client: Socket) => void client.resetAndDestroy(),
  ]) {
    const { client, machine, splice, clock, come } = await setup(t);
    client.write(fromClient('x'));
    await come('machine', 7);
    leave(client);
    assert.deepEqual(await come('machine', 8), MASKED_CLOSE);
    const over = once(machine, 'close');
    await clock.advance(1_000);
    await splice.ended;
    machine.end();
    await over;
  }
});

test('[RF16] the machine is pinged between the client’s frames, and given up when it says nothing', async (t) => {
  const { client, machine, splice, clock, come } = await setup(t);
  await clock.advance(20_000);
  assert.deepEqual(await come('machine', 6), MASKED_PING);
  machine.write(fromMachine('', 10));
  await come('client', 2);
  const input = fromClient('input');
  client.write(input.subarray(0, 3));
  await come('machine', 3);
  await clock.advance(20_000);
  client.write(input.subarray(3));
  assert.ok((await come('machine', input.length - 3)).equals(input.subarray(3)));
  assert.deepEqual(await come('machine', 6), MASKED_PING);
  await clock.advance(20_000);
  await come('machine', 6);
  await clock.advance(20_000);
  const told = await come('client', 4);
  assert.equal(told.readUInt16BE(2), 4003);
  await clock.advance(1_000);
  await splice.ended;
});

test('[RF16] garbage from either side ends it and nothing else', async (t) => {
  let state = 0x2545_f491;
  const random = (): number => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0), state >>> 8);
  for (let round = 0; round < 60; round += 1) {
    const { client, machine, splice, clock } = await setup(t);
    for (const end of [client, machine])
      for (let count = 0; count < 20; count += 1)
        end.write(Buffer.from(Array.from({ length: 1 + (random() % 300) }, () => random() & 0xff)));
    client.end();
    machine.end();
    for (let count = 0; count < 20; count += 1) await turn();
    await clock.advance(1_000);
    await splice.ended;
  }
});

/** Until it has stood still for 200 turns of the loop. */
async function quiet(count: () => number): Promise<void> {
  for (let [last, still] = [-1, 0]; still < 200; still += 1) {
    if (count() !== last) still = 0;
    last = count();
    await turn();
  }
}
