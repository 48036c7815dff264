import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, constantFrom, nat, property, record } from 'fast-check';
import { Scrollback, type OutputStream } from './scrollback.ts';

const LIMIT = 300_000;
const writes = array(
  record({ length: nat({ max: 90_000 }), stream: constantFrom<OutputStream>('stdout', 'stdout', 'stderr') }),
  { maxLength: 30 },
);

/** Byte n of all output: no two of the same within what is kept. */
const byteAt = (offset: number): number => (offset * 31 + (offset >> 8)) & 255;

function filled(steps: readonly { length: number; stream: OutputStream }[]): {
  back: Scrollback;
  streams: { at: number; stream: OutputStream }[];
} {
  const back = new Scrollback(LIMIT);
  const streams: { at: number; stream: OutputStream }[] = [];
  for (const { length, stream } of steps) {
    if (length > 0) streams.push({ at: back.end, stream });
    back.append(
      Uint8Array.from({ length }, (_, index) => byteAt(back.end + index)),
      stream,
    );
  }
  return { back, streams };
}

test('[KT1] what is kept is read back from any offset, in pieces of any size, by stream, byte for byte', () => {
  check(
    property(writes, nat(), nat({ max: 70_000 }), (steps, at, piece) => {
      const { back, streams } = filled(steps);
      const total = steps.reduce((sum, { length }) => sum + length, 0);
      assert.equal(back.end, total);
      assert.ok(back.start === 0 || back.end - back.start >= LIMIT);
      let from = back.start + (back.end === back.start ? 0 : at % (back.end - back.start));
      for (let next = back.read(from, piece + 1); next; next = back.read(from, piece + 1)) {
        assert.equal(next.offset, from);
        assert.ok(next.bytes.length > 0 && next.bytes.length <= piece + 1);
        const said = streams.findLast(({ at }) => at <= from)?.stream;
        assert.equal(next.stream, said);
        const wrong = next.bytes.findIndex((byte, index) => byte !== byteAt(from + index));
        assert.equal(wrong, -1);
        from += next.bytes.length;
      }
      assert.equal(from, back.end);
    }),
    { numRuns: 60 },
  );
});

test('[KT1] what a reader has yet to look at is not overwritten, and memory that nobody looks at is used again', () => {
  const back = new Scrollback(LIMIT);
  const reader = { unread: 0 };
  using _reading = back.readBy(reader);
  const memory = new Set<ArrayBufferLike>();
  const held: { at: number; bytes: Buffer }[] = [];
  const say = (): void => {
    const at = back.end;
    back.append(
      Uint8Array.from({ length: 64 * 1024 }, (_, index) => byteAt(at + index)),
      'stdout',
    );
    for (let next = back.read(at, 65_536); next; next = back.read(next.offset + next.bytes.length, 65_536)) {
      held.push({ at: next.offset, bytes: next.bytes });
      memory.add(next.bytes.buffer);
    }
  };
  const intact = (): boolean =>
    held.every(({ at, bytes }) => bytes.every((byte, index) => byte === byteAt(at + index)));
  for (let count = 0; count < 30; count += 1) say();
  assert.ok(intact());
  const before = memory.size;
  assert.ok(before >= 30);
  reader.unread = back.end;
  held.length = 0;
  for (let count = 0; count < 30; count += 1) {
    say();
    // A socket lags by less than what is kept.
    reader.unread = back.end - LIMIT;
    while (held[0]!.at < reader.unread) held.shift();
    assert.ok(intact());
  }
  assert.ok(memory.size - before < 5, `${memory.size - before} blocks more`);
});

test('[KT2] it is full when more would push out what is still needed, and holds a bounded amount', () => {
  const back = new Scrollback(LIMIT);
  const chunk = new Uint8Array(64 * 1024);
  while (!back.isFull(0)) back.append(chunk, 'stdout');
  // One read of the upstream socket more.
  back.append(chunk, 'stdout');
  assert.equal(back.start, 0);
  for (let count = 0; count < 100; count += 1) back.append(chunk, 'stdout');
  assert.ok(back.start > 0);
  assert.ok(back.heldBytes <= LIMIT + 5 * chunk.length, `${back.heldBytes} bytes`);
});

test('[KT2] streams that alternate byte by byte fill it, and cost no more than their bound', () => {
  const back = new Scrollback(LIMIT);
  let count = 0;
  for (; !back.isFull(0); count += 1) back.append(Uint8Array.of(1), count % 2 === 0 ? 'stdout' : 'stderr');
  assert.ok(count < 20_000);
  assert.equal(back.start, 0);
});

test('[KT2] an idle terminal keeps next to nothing', () => {
  const back = new Scrollback(1 << 20);
  assert.equal(back.heldBytes, 0);
  back.append(Buffer.from('/ # '), 'stdout');
  assert.ok(back.heldBytes <= 4096);
});
