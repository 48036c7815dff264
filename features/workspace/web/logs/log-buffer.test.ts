import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LogBuffer } from './log-buffer.ts';
import type { LineEntry, LogSource } from './log-entry.ts';
import { findPattern } from './find-pattern.ts';
import { prettyJson } from './json-line.ts';
import { exportLines } from './log-export.ts';
import { LogSearch } from './log-search.ts';

const sources: readonly LogSource[] = ['a', 'b', 'c'].map((pod) => ({ pod, container: 'app' }));
const line = (text: string, source = sources[0]!): LineEntry => ({
  type: 'line',
  source,
  at: '2026-01-01T00:00:00Z',
  text,
  severity: undefined,
  more: false,
});
const some = (count: number, from = 0): LineEntry[] =>
  Array.from({ length: count }, (_, index) => line(`line ${from + index}`));
const textsOf = (buffer: LogBuffer): string[] =>
  [...buffer.entries()].map(({ entry }) => (entry.type === 'line' ? entry.text : entry.type));
const limits = (lines: number, characters = 1e9) => ({ lines, characters });

test('[LV8] at most so many lines and characters are kept, the oldest go, and it is told how many', () => {
  const buffer = new LogBuffer(limits(2_000));
  buffer.push(some(10_000));
  assert.ok(buffer.size <= 2_000 && buffer.size > 1_400);
  assert.equal(buffer.size + buffer.dropped, 10_000);
  assert.equal(textsOf(buffer).at(-1), 'line 9999');
  assert.equal(textsOf(buffer)[0], `line ${buffer.dropped}`);
  const long = new LogBuffer(limits(1e6, 100_000));
  long.push(Array.from({ length: 1_000 }, () => line('x'.repeat(1_000))));
  assert.ok(long.size <= 512, `${long.size} lines of 1000 characters`);
});

test('[LV9] where entries stand is the sum of the rows above, whatever wraps, is hidden or opened', () => {
  const entry = fc.record({ length: fc.nat(300), pod: fc.nat(2) });
  const layout = fc.record({ columns: fc.constantFrom(0, 20, 80), hide: fc.subarray(['a', 'b', 'c']) });
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 1500 }),
      layout,
      fc.nat(4000),
      (lines, { columns, hide }, from) => {
        const buffer = new LogBuffer(limits(1e6));
        const half = Math.floor(lines.length / 2);
        const made = lines.map(({ length, pod }) => line('x'.repeat(length), sources[pod]!));
        buffer.push(made.slice(0, half));
        buffer.setLayout({ columns, hidden: new Set(hide), opened: new Set() });
        buffer.push(made.slice(half));
        const heights = made.map(({ text, source }) => {
          if (hide.includes(source.pod)) return 0;
          return columns === 0 ? 1 : Math.max(1, Math.ceil(text.length / columns));
        });
        let sum = 0;
        const starts = heights.map((rows) => (sum += rows) - rows);
        assert.equal(
          buffer.totalRows(),
          heights.reduce((sum, rows) => sum + rows, 0),
        );
        const to = from + 40;
        assert.deepEqual(
          buffer.between(from, to).map(({ seq, row, rows }) => [seq, row, rows]),
          starts.flatMap((row, index) =>
            heights[index]! > 0 && row < to && row + heights[index]! > from
              ? [[index + 1, row, heights[index]]]
              : [],
          ),
        );
        for (const seq of [1, half, lines.length]) {
          if (seq > 0 && seq <= lines.length) assert.equal(buffer.rowOf(seq), starts[seq - 1]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('[LV9] a line shown as JSON takes its rows', () => {
  const buffer = new LogBuffer();
  buffer.push([line('before'), line('{"a":1,"b":[2,3]}'), line('after')]);
  buffer.setLayout({ columns: 0, hidden: new Set(), opened: new Set([2]) });
  assert.equal(buffer.between(0, 100)[1]!.rows, 7);
  assert.equal(buffer.rowOf(3), 8);
});

test('[LV10] while it is held nothing goes and nothing shows; what does not fit leaves a gap that says what was lost', () => {
  const buffer = new LogBuffer(limits(1_000));
  buffer.push(some(1_000));
  const before = textsOf(buffer);
  buffer.hold(some(500, 1_000));
  assert.deepEqual(textsOf(buffer), before);
  assert.equal(buffer.waiting, 500);
  buffer.hold(some(2_000, 1_500));
  assert.equal(buffer.waiting, 2_500);
  buffer.release();
  assert.equal(buffer.waiting, 0);
  const after = [...buffer.entries()];
  const gap = after.find(({ entry }) => entry.type === 'gap')?.entry;
  assert.equal(textsOf(buffer).at(-1), 'line 3499');
  assert.ok(gap === undefined || (gap.type === 'gap' && gap.why === 'held'));
  const small = new LogBuffer(limits(4_000));
  small.hold(some(5_000));
  small.release();
  const lost = [...small.entries()][0]!.entry;
  assert.ok(lost.type === 'gap' && lost.skipped === 5_000 - (small.size - 1) && lost.from !== '');
});

test('[LV11] lines that were skipped are put where the gap stood, and order and places hold', () => {
  const buffer = new LogBuffer();
  buffer.push(some(600));
  buffer.replace(300, some(1_000, 5_000));
  assert.equal(buffer.size, 1_599);
  const seqs = [...buffer.entries()].map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(seqs).size, seqs.length);
  const texts = textsOf(buffer);
  assert.deepEqual(
    [texts[298], texts[299], texts[1298], texts[1299]],
    ['line 298', 'line 5000', 'line 5999', 'line 300'],
  );
  assert.equal(buffer.rowOf(301), 1_299);
  assert.equal(buffer.between(1_299, 1_300)[0]!.seq, 301);
});

test('[LV12] steps go over what is hidden and stop at both ends', () => {
  const buffer = new LogBuffer();
  buffer.push(Array.from({ length: 3_000 }, (_, index) => line(`${index}`, sources[index < 2_000 ? 0 : 1]!)));
  assert.equal(buffer.step(10, 5)?.seq, 15);
  assert.equal(buffer.step(2, -5)?.seq, 1);
  assert.equal(buffer.step(2_998, 5)?.seq, 3_000);
  buffer.push([line('last', sources[0])]);
  buffer.setLayout({ columns: 0, hidden: new Set(['b']), opened: new Set() });
  assert.equal(buffer.step(2_000, 1)?.seq, 3_001);
  assert.equal(buffer.step(3_001, -1)?.seq, 2_000);
});

test('[LV13] words in any case and RE2 expressions are found; matches come one after the other, round the end', async () => {
  const buffer = new LogBuffer();
  buffer.push(
    ['GET /a', 'time out', '\u001B[31mTimeout\u001B[0m', 'x', 'TIMEDOUT'].map((text) => line(text)),
  );
  const search = new LogSearch(buffer, (await findPattern('/time ?(d )?out/i'))!);
  assert.equal(
    search.scan(() => false),
    false,
  );
  assert.deepEqual(search.found, [2, 3]);
  assert.equal(search.next(2, 1), 3);
  assert.equal(search.next(3, 1), 2);
  assert.equal(search.next(2, -1), 3);
  buffer.push([line('another timeout')]);
  search.scan(() => false);
  assert.deepEqual(search.found, [2, 3, 6]);
  const words = new LogSearch(buffer, (await findPattern('time'))!);
  words.scan(() => false);
  assert.deepEqual(words.found, [2, 3, 5, 6]);
  assert.deepEqual((await findPattern('a.b'))!.ranges('a.b axb A.B'), [
    [0, 3],
    [8, 11],
  ]);
  assert.equal(await findPattern(''), undefined);
  await assert.rejects(findPattern('/(/'), /missing closing|unbalanced|\)/i);
});

test('[LV13] a hostile expression takes time in proportion to the text', async () => {
  const pattern = (await findPattern('/(a+)+$/'))!;
  assert.equal(pattern.matches(`${'a'.repeat(5_000)}b`), false);
});

test('[LV13] a search goes on where it stopped and marks where matches are', async () => {
  const buffer = new LogBuffer(limits(2_000));
  buffer.push(some(1_000));
  const search = new LogSearch(buffer, (await findPattern('line 9'))!);
  let looks = 0;
  while (search.scan(() => true)) looks += 1;
  assert.ok(looks > 10);
  assert.equal(search.found.length, 111);
  const marks = search.marks(100);
  assert.ok(marks.length <= 100 && Math.min(...marks) === 0 && Math.max(...marks) >= 0.99);
  buffer.push(some(3_000, 5_000));
  while (search.scan(() => false));
  assert.ok(search.found.every((seq) => seq >= buffer.firstSeq));
  search.reset();
  buffer.setLayout({ columns: 0, hidden: new Set(['a']), opened: new Set() });
  search.scan(() => false);
  assert.deepEqual(search.found, []);
});

test('[LV14] JSON over several rows keeps every digit, the order of keys and what stands before it', () => {
  assert.equal(
    prettyJson('12:00 {"n":12345678901234567890,"s":"a, {b}: \\"c\\"","e":{},"l":[1,[]],"f":1.0}'),
    '12:00\n{\n  "n": 12345678901234567890,\n  "s": "a, {b}: \\"c\\"",\n  "e": {},\n  "l": [\n    1,\n    []\n  ],\n  "f": 1.0\n}',
  );
  for (const text of ['', '{', '}', 'a {b}', '[1, 2', 'done [ok]', '{"a":}']) {
    assert.equal(prettyJson(text), undefined, text);
  }
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), (value) => {
      const text = JSON.stringify(value);
      const pretty = prettyJson(text);
      if (pretty !== undefined) assert.deepEqual(JSON.parse(pretty), JSON.parse(text));
      else assert.ok(!text.startsWith('{'));
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void prettyJson(text)));
});

test('[LV15] what is copied or saved is the lines that are drawn, without colours, with times and names where asked', () => {
  const buffer = new LogBuffer();
  buffer.push([line('\u001B[1mone\u001B[0m'), line('two', sources[1]), line('three')]);
  const style = { times: true, sources: true };
  assert.deepEqual(exportLines(buffer, style), {
    text: '2026-01-01T00:00:00Z a/app one\n2026-01-01T00:00:00Z b/app two\n2026-01-01T00:00:00Z a/app three\n',
    lines: 3,
  });
  buffer.setLayout({ columns: 0, hidden: new Set(['b']), opened: new Set() });
  assert.equal(exportLines(buffer, { times: false, sources: false }).text, 'one\nthree\n');
  assert.equal(exportLines(buffer, { times: false, sources: false }, 2, 3).text, 'three\n');
});
