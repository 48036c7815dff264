import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { encodeFrame } from './frame.ts';
import { createSocketWriter } from './socket-writer.ts';

/** Takes what is written and remembers how it came. */
class Sink extends Duplex {
  readonly writes: number[] = [];
  readonly bytes: Buffer[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(1);
    this.bytes.push(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.length);
    this.bytes.push(...chunks.map(({ chunk }) => chunk));
    done();
  }
}

const open = (extensions: string, sent: Buffer[] = []): WebSocket =>
  ({
    readyState: 1,
    OPEN: 1,
    extensions,
    bufferedAmount: 7,
    send: (data: Buffer) => sent.push(data),
  }) as unknown as WebSocket;

test('[HB2] small frames of one tick are copied into one write', () => {
  const sink = new Sink();
  const frames = ['a', 'b', 'c'].map((text) => encodeFrame(Buffer.from(text)));
  createSocketWriter(open(''), sink).write(frames);
  assert.deepEqual(sink.writes, [1]);
  assert.deepEqual(Buffer.concat(sink.bytes), Buffer.concat(frames.map(({ bytes }) => bytes)));
});

test('[HB2] large frames of one tick are not copied and go out in one vectored write', () => {
  const sink = new Sink();
  const frames = [1, 2].map(() => encodeFrame(Buffer.alloc(40_000)));
  createSocketWriter(open(''), sink).write(frames);
  assert.deepEqual(sink.writes, [2]);
  assert.equal(sink.bytes[0], frames[0]?.bytes);
});

test('[HB2] bytes go out as one binary message, not copied, in one vectored write', () => {
  const sink = new Sink();
  const pieces = [Buffer.from('head'), Buffer.alloc(70_000, 'x')];
  createSocketWriter(open(''), sink).writeBytes(pieces);
  assert.deepEqual(sink.writes, [3]);
  assert.equal(sink.bytes[2], pieces[1]);
  const [header] = sink.bytes;
  assert.equal(header?.[0], 0x82);
  assert.equal(header?.readBigUInt64BE(2), 70_004n);
});

test('[HB2] who writes for one socket alone hears of each message that was taken', async () => {
  const sink = new Sink();
  const writer = createSocketWriter(open(''), sink);
  let taken = 0;
  writer.onTaken(() => (taken += 1));
  writer.writeTexts(['a', 'b']);
  writer.writeBytes([Buffer.from('c'), Buffer.from('d')]);
  assert.equal(taken, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(taken, 2);
});

test('[HB3] with an extension negotiated every frame goes through ws', () => {
  const sink = new Sink();
  const sent: Buffer[] = [];
  const writer = createSocketWriter(open('permessage-deflate', sent), sink);
  writer.write([encodeFrame(Buffer.from('a')), encodeFrame(Buffer.from('b'))]);
  assert.deepEqual(sent.map(String), ['a', 'b']);
  assert.deepEqual(sink.writes, []);
  assert.equal(writer.buffered(), 7);
});

test('[HB2] nothing is written to a stream that is gone', () => {
  const sink = new Sink();
  sink.destroy();
  createSocketWriter(open(''), sink).write([encodeFrame(Buffer.from('a'))]);
  assert.deepEqual(sink.writes, []);
});
