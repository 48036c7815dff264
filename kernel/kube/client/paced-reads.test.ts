import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { turn } from '../test-servers/until.ts';
import { UpstreamSocket } from './upstream-socket.ts';

/** A connection that the test speaks for. */
class Wire extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    done();
  }

  /** One whole binary message, as servers send it; a stream gives it on in this turn or in the next one. */
  async say(bytes: number): Promise<void> {
    const head = Buffer.of(0x82, 126, bytes >> 8, bytes & 255);
    this.push(Buffer.concat([head, Buffer.alloc(bytes)]));
    await turn();
    await turn();
  }
}

function listening() {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = new UpstreamSocket(wire, '', clock);
  const heard = { bytes: 0 };
  const closed = Promise.withResolvers<number>();
  socket.listenToParts({
    onPart: ({ bytes }) => (heard.bytes += bytes.length),
    onWritable: () => {},
    onClosed: closed.resolve,
  });
  return { clock, wire, socket, heard, closed: closed.promise };
}

test('[KC27] after bulk the socket is left alone for 2 ms; what is short, and what comes faster, is read at once', async () => {
  const { clock, wire, heard } = listening();
  await wire.say(200);
  await wire.say(200);
  assert.deepEqual([heard.bytes, clock.pending], [400, 0]);
  await wire.say(2_000);
  await wire.say(100);
  await wire.say(4_000);
  assert.equal(heard.bytes, 2_400);
  await clock.advance(2);
  await turn();
  assert.equal(heard.bytes, 6_500);
  await clock.advance(2);
  await wire.say(40_000);
  await wire.say(1);
  assert.deepEqual([heard.bytes, clock.pending], [46_501, 0]);
  wire.destroy();
});

test('[KC27] who pauses and resumes meanwhile hears neither too much nor too early, and silence is told from it', async () => {
  const { clock, wire, socket, heard } = listening();
  await wire.say(2_000);
  socket.pause();
  await wire.say(100);
  await clock.advance(2);
  await turn();
  assert.equal(heard.bytes, 2_000);
  socket.resume();
  await turn();
  assert.equal(heard.bytes, 2_100);
  await wire.say(2_000);
  socket.pause();
  socket.resume();
  await wire.say(100);
  assert.equal(heard.bytes, 4_100);
  assert.deepEqual([socket.ping(), socket.ping()], [true, false]);
  await clock.advance(2);
  await turn();
  assert.equal(heard.bytes, 4_200);
  wire.destroy();
});

test('[KC27] an end is heard at once, and leaves no timer', async () => {
  const closing = listening();
  await closing.wire.say(2_000);
  closing.socket.close();
  closing.wire.push(Buffer.of(0x88, 2, 1000 >> 8, 1000 & 255));
  closing.wire.push(null);
  assert.equal(await closing.closed, 1000);
  const cut = listening();
  await cut.wire.say(2_000);
  cut.socket.abort();
  assert.equal(await cut.closed, 1006);
  assert.deepEqual([closing.clock.pending, cut.clock.pending], [0, 0]);
});

test('[KC25] a ping is answered with its own payload, also when its bytes have been overwritten before the answer is sent', async () => {
  const { wire } = listening();
  const written: Buffer[] = [];
  // A socket that takes nothing holds what it was given.
  wire._write = (chunk: Buffer): void => void written.push(chunk);
  const read = Buffer.from([0x89, 4, ...Buffer.from('ping')]);
  wire.push(read);
  await turn();
  read.fill(0);
  const [head, length, ...rest] = written[0]!;
  const text = rest.slice(4).map((byte, index) => byte ^ rest[index]!);
  assert.deepEqual([head, length, Buffer.from(text).toString()], [0x8a, 0x84, 'ping']);
  wire.destroy();
});
