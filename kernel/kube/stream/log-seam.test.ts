import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { RawLine } from './line-block.ts';
import { LineList } from './line-list.ts';
import { LogTracker, type LogMark } from './log-mark.ts';
import { LogSeam } from './log-seam.ts';
import { msToTime } from './log-time.ts';

const BEGIN = Date.UTC(2026, 10, 21, 14);

/** Numbered lines; steps of 0 ms give lines of one time, a few back lines out of order, `text` may repeat. */
function logOf(steps: readonly number[], textOf: (index: number) => string): RawLine[] {
  let ms = BEGIN;
  return steps.map((step, index) => {
    ms = Math.max(BEGIN, ms + step);
    return { at: msToTime(ms), text: textOf(index), more: false };
  });
}

/** What a kubelet gives of a file for `sinceTime`: it compares line by line. */
function since(file: readonly RawLine[], anchor: string): RawLine[] {
  return file.filter(({ at }) => `${at.slice(0, 19)}Z` >= anchor);
}

function joined(mark: LogMark, file: readonly RawLine[], chunk: number): { lines: RawLine[]; seam: LogSeam } {
  const seam = new LogSeam(mark);
  const again = since(file, mark.anchor);
  const lines: RawLine[] = [];
  for (let at = 0; at < again.length; at += chunk)
    lines.push(...seam.push(new LineList(again.slice(at, at + chunk))).lines());
  lines.push(...seam.decide().lines());
  return { lines, seam };
}

function markAfter(lines: readonly RawLine[], inside = false): LogMark {
  const tracker = new LogTracker(inside);
  for (const line of lines) tracker.add(line);
  const mark = tracker.mark();
  assert.ok(mark);
  return mark;
}

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 400 }) },
    { weight: 1, arbitrary: fc.integer({ min: -5, max: 5000 }) },
  ),
  { minLength: 1, maxLength: 120 },
);
/** Different texts, a few texts, or one text only. */
const texts = fc.constantFrom<(index: number) => string>(
  String,
  (index) => String(index % 3),
  () => 'same',
);

test('[KL5] wherever a reading was cut, the next one goes on with the first line that was not read', () => {
  fc.assert(
    fc.property(steps, texts, fc.nat(), fc.integer({ min: 1, max: 40 }), (each, textOf, at, chunk) => {
      const log = logOf(each, textOf);
      const cut = 1 + (at % log.length);
      const { lines, seam } = joined(markAfter(log.slice(0, cut)), log, chunk);
      assert.deepEqual(lines, log.slice(cut));
      assert.ok(!seam.isLost);
    }),
    { numRuns: 1000 },
  );
});

test('[KL5] cut again and again, and gone on with from the mark alone, nothing is lost and nothing doubled', () => {
  fc.assert(
    fc.property(steps, texts, fc.array(fc.nat(), { maxLength: 8 }), (each, textOf, cuts) => {
      const log = logOf(each, textOf);
      const places = [...new Set(cuts.map((cut) => 1 + (cut % log.length)))].toSorted((a, b) => a - b);
      const told = log.slice(0, places[0] ?? log.length);
      let tracker = new LogTracker();
      for (const line of told) tracker.add(line);
      for (const [index] of places.entries()) {
        const mark = tracker.mark()!;
        const upTo = places[index + 1] ?? log.length;
        const { lines, seam } = joined(mark, log.slice(0, upTo), 7);
        assert.ok(!seam.isLost);
        told.push(...lines);
        tracker = LogTracker.from(mark);
        for (const line of lines) tracker.add(line);
      }
      assert.deepEqual(told, log);
    }),
    { numRuns: 1000 },
  );
});

test('[KL6] after a rotation lines are told apart by their own text and time: none twice, and a loss is never silent', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.nat(), (each, at, rotation) => {
      const log = logOf(each, String);
      const cut = 1 + (at % log.length);
      const rotated = rotation % (log.length + 1);
      const { lines, seam } = joined(markAfter(log.slice(0, cut)), log.slice(rotated), 7);
      const missing = log.slice(cut).filter((line) => !lines.includes(line));
      assert.ok(lines.every((line) => log.indexOf(line) >= Math.min(cut, rotated)));
      if (rotated < cut) {
        // The last line that was read is still there.
        assert.deepEqual(lines, log.slice(cut));
        assert.ok(!seam.isLost);
      } else {
        assert.ok(lines.every((line) => log.indexOf(line) >= cut));
        assert.ok(missing.length === 0 || seam.isLost || lines.length === 0);
      }
    }),
    { numRuns: 1000 },
  );
});

test('[KL6] a reading that began inside a second (tail) is gone on with, too', () => {
  const log = logOf(
    Array.from({ length: 50 }, () => 1),
    String,
  );
  const { lines, seam } = joined(markAfter(log.slice(20, 30), true), log, 50);
  assert.deepEqual(lines, log.slice(30));
  assert.equal(seam.outcome, 'joined');
});

test('[KL7] where the last line is gone and a later one comes, the seam is lost and says so at once', () => {
  const [first, , , late] = logOf([0, 1, 1, 5000], String);
  const seam = new LogSeam(markAfter([first!]));
  assert.deepEqual(seam.push(new LineList([late!])).lines(), [late]);
  assert.ok(seam.isLost);
});
