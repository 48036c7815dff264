import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SocketWriter } from '@krateyard/hub/socket-writer';
import { LineBytes } from '@krateyard/kube/stream/line-bytes';
import { msToTime } from '@krateyard/kube/stream/log-time';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { encodeBlocks } from './block-encoding.ts';
import { encodeTogether } from './line-encoding.ts';
import { LineMerge } from './line-merge.ts';
import type { SourceName } from './log-outlet.ts';
import { SocketOutlet } from './socket-outlet.ts';

/** What the API server's answer gives at once, at most: 64 KiB gathered, and a record. */
const BLOCK_BYTES = 80 * 1024;
const BOUND_BYTES = (512 + 64 + 80 + 80) * 1024;

/** A socket that takes nothing. */
class Stuck implements SocketWriter {
  owed = 0;
  write = (): void => {};
  writeTexts = (messages: readonly string[]): void => {
    for (const message of messages) this.owed += Buffer.byteLength(message);
  };
  writeBytes = (pieces: readonly Buffer[]): void => {
    for (const piece of pieces) this.owed += piece.length;
  };
  buffered = (): number => this.owed;
  onDrain = (): void => {};
  onTaken = (): void => {};
}

function blockOf(bytes: number): LineBytes {
  const line = Buffer.from(`${msToTime(0)} ${'x'.repeat(97)}\n`);
  const count = Math.floor(bytes / line.length);
  return new LineBytes(Buffer.concat(Array.from({ length: count }, () => line)), count);
}

for (const form of ['bytes', 'JSON'] as const) {
  test(`[LG26] for a reader that takes nothing, so much is held and no more (${form})`, () => {
    const writer = new Stuck();
    const outlet = new SocketOutlet(writer, {
      bare: false,
      tell: (runs) =>
        form === 'bytes' ? writer.writeBytes(encodeBlocks(runs)) : writer.writeTexts(encodeTogether(runs)),
    });
    const clock = new ManualClock();
    const merge = new LineMerge<SourceName>({
      clock,
      windowMs: 250,
      pastMs: 2_000,
      longestPastMs: 10_000,
      maxBytes: 8 * 1024 * 1024,
      hasRoom: () => outlet.hasRoom(),
      emit: (source, block) => outlet.lines(source, block),
      ended: () => {},
      flush: () => outlet.flush(),
    });
    const lane = merge.add({ pod: 'p', container: 'c' });
    let pushes = 0;
    while (lane.push(blockOf(BLOCK_BYTES)) === undefined) pushes += 1;
    assert.ok(pushes > 2);
    const held = lane.bytes + writer.owed;
    assert.ok(held <= BOUND_BYTES, `${held} bytes are held`);
    merge.close();
    outlet.flushNow();
  });
}
