import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { joinBlocks } from './joined-lines.ts';
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

/** The lines cut at these places: each part as bytes. */
function partsOf(lines: readonly RawLine[], cuts: readonly number[]): LineBytes[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % lines.length)])].toSorted((a, b) => a - b);
  return places.map((from, index) => bytesOf(lines.slice(from, places[index + 1] ?? lines.length)));
}

function joinedOf(lines: readonly RawLine[], cuts: readonly number[]): LineBlock {
  const [joined, ...others] = joinBlocks(partsOf(lines, cuts));
  assert.equal(others.length, 0);
  assert.deepEqual(Buffer.concat(joined!.plain!), Buffer.concat(bytesOf(lines).plain));
  return joined!;
}

function assertAnswersAs(block: LineBlock, list: LineBlock, lines: readonly RawLine[]): void {
  assert.deepEqual(block.lines(), lines);
  assert.equal(block.count, lines.length);
  assert.deepEqual([block.firstAt, block.lastAt], [list.firstAt, list.lastAt]);
  if (block.plain) assert.equal(block.bytes, Buffer.concat(block.plain).length);
  assert.deepEqual(block.secondRuns(), list.secondRuns());
  assert.equal(block.sameAtEnd(), list.sameAtEnd());
  for (const index of lines.keys()) assert.deepEqual(block.line(index), lines[index]);
}

const cutsOf = fc.array(fc.nat(), { maxLength: 5 });

test('[KL8] bytes answer as a list of their lines does, also parts of them, and many as one', () => {
  fc.assert(
    fc.property(steps, cutsOf, fc.nat(), fc.nat(), fc.nat(), (each, cuts, a, b, c) => {
      const lines = linesOf(each);
      const list = new LineList(lines);
      const from = a % lines.length;
      const to = from + 1 + (b % (lines.length - from));
      const time = lines[c % lines.length]!.at;
      for (const block of [bytesOf(lines), joinedOf(lines, cuts)]) {
        assertAnswersAs(block, list, lines);
        assertAnswersAs(block.slice(from, to), list.slice(from, to), lines.slice(from, to));
        assert.equal(block.later(time, from), list.later(time, from));
        for (const [since, until] of [
          [time, undefined],
          [undefined, time],
          [time, time],
        ]) {
          assert.deepEqual(block.between(since, until).lines(), list.between(since, until).lines());
        }
        assert.equal(block.between(undefined, undefined), block);
      }
    }),
    { numRuns: 500 },
  );
});

test('[KL8] blocks that are plain become one, and keep their place among others', () => {
  const [a, b, c] = [[0, 'a'] as const, [1, 'b'] as const, [2, 'c'] as const].map((one) => linesOf([one]));
  const other = new LineList(b!);
  const blocks = [bytesOf(a!), bytesOf(a!), other, bytesOf(c!)];
  const joined = joinBlocks(blocks);
  assert.deepEqual(
    joined.map((block) => block.lines()),
    [[...a!, ...a!], b, c],
  );
  assert.deepEqual([joined[1], joined[2]], [other, blocks[3]]);
  assert.deepEqual(joinBlocks([]), []);
});

test('[KL8] a mark after blocks is the one after their lines', () => {
  fc.assert(
    fc.property(steps, cutsOf, cutsOf, fc.boolean(), (each, cuts, within, inside) => {
      const lines = linesOf(each);
      const byLine = new LogTracker(inside);
      const [ofBytes, ofList, ofJoined] = [1, 2, 3].map(() => new LogTracker(inside));
      for (const part of partsOf(lines, cuts).map((block) => block.lines())) {
        for (const line of part) byLine.add(line);
        ofBytes!.addAll(bytesOf(part));
        ofList!.addAll(new LineList(part));
        ofJoined!.addAll(joinedOf(part, within));
        const mark = byLine.mark()!;
        for (const tracker of [ofBytes, ofList, ofJoined]) assert.deepEqual(tracker!.mark(), mark);
        assert.equal(ofBytes!.at, byLine.at);
      }
    }),
    { numRuns: 1000 },
  );
});
