import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { LineBlock, RawLine } from './line-block.ts';
import { LineBytes } from './line-bytes.ts';
import { LineList } from './line-list.ts';
import { LogTracker } from './log-mark.ts';
import { msToTime } from './log-time.ts';

const BEGIN = Date.UTC(2026, 10, 21, 14);

const steps = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(0) },
      { weight: 3, arbitrary: fc.integer({ min: -5, max: 700 }) },
      { weight: 1, arbitrary: fc.integer({ min: 700, max: 5000 }) },
    ),
    fc.constantFrom('', 'same', 'same', 'other', 'ünï', ' 2026-11-21T14:00:00.000000000Z same'),
  ),
  { minLength: 1, maxLength: 40 },
);

function linesOf(each: readonly (readonly [number, string])[]): RawLine[] {
  let ms = BEGIN;
  return each.map(([step, text]) => {
    ms = Math.max(BEGIN, ms + step);
    return { at: msToTime(ms), text, more: false };
  });
}

function bytesOf(lines: readonly RawLine[]): LineBytes {
  return new LineBytes(Buffer.from(lines.map(({ at, text }) => `${at} ${text}\n`).join('')), lines.length);
}

function assertAnswersAs(block: LineBlock, list: LineBlock, lines: readonly RawLine[]): void {
  assert.deepEqual(block.lines(), lines);
  assert.equal(block.count, lines.length);
  assert.deepEqual([block.firstAt, block.lastAt], [list.firstAt, list.lastAt]);
  assert.deepEqual(block.secondRuns(), list.secondRuns());
  assert.equal(block.sameAtEnd(), list.sameAtEnd());
  for (const index of lines.keys()) assert.deepEqual(block.line(index), lines[index]);
}

test('[KL8] bytes answer as a list of their lines does, also parts of them', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.nat(), fc.nat(), (each, a, b, c) => {
      const lines = linesOf(each);
      const [block, list] = [bytesOf(lines), new LineList(lines)];
      assertAnswersAs(block, list, lines);
      const from = a % lines.length;
      const to = from + 1 + (b % (lines.length - from));
      assertAnswersAs(block.slice(from, to), list.slice(from, to), lines.slice(from, to));
      const time = lines[c % lines.length]!.at;
      assert.equal(block.later(time, from), list.later(time, from));
      for (const [since, until] of [
        [time, undefined],
        [undefined, time],
        [time, time],
      ]) {
        assert.deepEqual(block.between(since, until).lines(), list.between(since, until).lines());
      }
      assert.equal(block.between(undefined, undefined), block);
    }),
    { numRuns: 500 },
  );
});

test('[KL8] a mark after blocks is the one after their lines', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(), { maxLength: 5 }), fc.boolean(), (each, cuts, inside) => {
      const lines = linesOf(each);
      const trackers = [new LogTracker(inside), new LogTracker(inside), new LogTracker(inside)] as const;
      const places = [...new Set([0, ...cuts.map((cut) => cut % lines.length)])].toSorted((a, b) => a - b);
      for (const [index, from] of places.entries()) {
        const part = lines.slice(from, places[index + 1] ?? lines.length);
        for (const line of part) trackers[0].add(line);
        trackers[1].addAll(bytesOf(part));
        trackers[2].addAll(new LineList(part));
        const mark = trackers[0].mark()!;
        for (const tracker of trackers) assert.deepEqual(tracker.mark(), mark);
        assert.equal(trackers[1].at, trackers[0].at);
      }
    }),
    { numRuns: 1000 },
  );
});
