import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { RawLine } from './line-block.ts';
import { LogLines, MAX_LINE_BYTES } from './log-lines.ts';
import { msToTime, normalTime, secondOf, timeToMs } from './log-time.ts';

const AT = '2026-11-21T14:00:00.123456789Z';

function cut(chunks: readonly Buffer[]): RawLine[] {
  const lines = new LogLines();
  const blocks = [...chunks.flatMap((chunk) => lines.push(chunk)), ...lines.end()];
  return blocks.flatMap((block) => block.lines());
}

/** The bytes in chunks that end at these places. */
function chunksOf(bytes: Buffer, ends: readonly number[]): Buffer[] {
  const places = [...new Set(ends.map((end) => end % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

test('[KL1] a line is what stands before a newline, behind its time', () => {
  assert.deepEqual(cut([Buffer.from(`${AT} one\n${AT} two words\n${AT} \n`)]), [
    { at: AT, text: 'one', more: false },
    { at: AT, text: 'two words', more: false },
    { at: AT, text: '', more: false },
  ]);
});

test('[KL1] however the bytes come, the lines are the same', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text.replaceAll('\n', ''))),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10))),
    fc.integer({ min: 0, max: 3 * MAX_LINE_BYTES }).map((length) => Buffer.from('ä'.repeat(length / 2))),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.boolean(),
      (texts, ends, ended) => {
        const rows = texts.map((text) => Buffer.concat([Buffer.from(`${AT} `), text]));
        const whole = Buffer.concat(
          rows.flatMap((row, index) => (index < rows.length - 1 || ended ? [row, Buffer.from('\n')] : [row])),
        );
        const lines = cut([whole]);
        assert.deepEqual(cut(chunksOf(whole, ends)), lines);
        assert.equal(lines.filter(({ more }) => !more).length, texts.length);
        assert.ok(lines.every(({ at }) => at === AT));
      },
    ),
    { numRuns: 300 },
  );
});

test('[KL1] a line that goes over chunks is as plain as the others', () => {
  const text = `${AT} one\n${AT} two\n`;
  const bytes = Buffer.from(text);
  for (let cut = 0; cut < bytes.length; cut += 1) {
    const lines = new LogLines();
    const blocks = chunksOf(bytes, [cut, cut + 7]).flatMap((chunk) => lines.push(chunk));
    assert.equal(blocks.flatMap(({ plain }) => plain ?? []).join(''), text);
  }
});

test('[KL2] a line of more than 16 KiB comes in parts that do not cut a character', () => {
  const text = 'ab€'.repeat(10_000);
  const lines = cut(chunksOf(Buffer.from(`${AT} ${text}\n${AT} next\n`), [100, 20_000, 20_001]));
  assert.equal(lines.at(-1)?.text, 'next');
  const parts = lines.slice(0, -1);
  assert.equal(parts.map((part) => part.text).join(''), text);
  assert.deepEqual(
    parts.map(({ more }) => more),
    [true, true, true, false],
  );
  for (const part of parts) assert.ok(Buffer.byteLength(part.text) <= MAX_LINE_BYTES);
  const exact = cut([Buffer.from(`${AT} ${'x'.repeat(MAX_LINE_BYTES)}\n`)]);
  assert.equal(exact.length, 1);
});

test('[KL3] what is no UTF-8 becomes U+FFFD, a carriage return goes at the end of a line and stays elsewhere', () => {
  const bytes = Buffer.concat([
    Buffer.from(`${AT} a`),
    Buffer.from([0xff, 0xc3]),
    Buffer.from(`b\r\n${AT} 1%\r2%\n`),
  ]);
  assert.deepEqual(
    cut([bytes]).map(({ text }) => text),
    ['a\uFFFD\uFFFDb', '1%\r2%'],
  );
});

test('[KL4] times of any zone and precision become comparable; words of the kubelet have none', () => {
  const lines = cut([
    Buffer.from(
      '2026-11-21T16:00:00.5+02:00 east\n2026-11-21T14:00:00Z whole\nunable to retrieve container logs\n',
    ),
  ]);
  assert.deepEqual(lines, [
    { at: '2026-11-21T14:00:00.500000000Z', text: 'east', more: false },
    { at: '2026-11-21T14:00:00.000000000Z', text: 'whole', more: false },
    { at: '', text: 'unable to retrieve container logs', more: false },
  ]);
  assert.equal(normalTime('2026-13-41T14:00:00Z'), undefined);
  assert.equal(normalTime('yesterday'), undefined);
  assert.equal(secondOf('2026-01-01T00:00:00.000000001Z', -1), '2025-12-31T23:59:59Z');
  assert.equal(msToTime(1_500.25), '1970-01-01T00:00:01.500250000Z');
  assert.equal(timeToMs('1970-01-01T00:00:01.500250000Z'), 1_500.25);
});
