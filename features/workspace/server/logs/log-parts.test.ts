import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LineList } from '@krateyard/kube/stream/line-list';
import { LogLines, MAX_LINE_BYTES } from '@krateyard/kube/stream/log-lines';
import { LogTracker } from '@krateyard/kube/stream/log-mark';
import { msToTime } from '@krateyard/kube/stream/log-time';
import { readLogBlock, RUN_HEADER_BYTES } from '../../contract/log-block.ts';
import { encodeBlocks } from './block-encoding.ts';
import { encodeSingly, encodeTogether } from './line-encoding.ts';
import { parseLineFilter } from './line-filter.ts';
import { positionKey, readPositions, writePositions, type Position } from './position-token.ts';
import { severityOf } from '../../contract/log-severity.ts';

test('[LG11] a position of 200 containers fits into a query and comes back as it was', () => {
  const position = fc
    .record({
      restarts: fc.nat(),
      times: fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 9 }),
      inside: fc.boolean(),
    })
    .map(({ restarts, times, inside }): Position => {
      const tracker = new LogTracker(inside);
      for (const ms of times.toSorted((a, b) => a - b)) {
        tracker.add({ at: msToTime(Date.UTC(2026, 10, 21) + ms), text: String(ms), more: false });
      }
      return { restarts, mark: tracker.mark()! };
    });
  fc.assert(
    fc.property(fc.array(position, { maxLength: 200 }), (all) => {
      const positions = new Map(all.map((each, index) => [positionKey(`uid-${index}`, 'main'), each]));
      const token = writePositions(positions);
      assert.deepEqual(readPositions(token), positions);
      assert.ok(token.length <= 16_384);
    }),
    { numRuns: 50 },
  );
});

test('[LG5] what is no position is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        readPositions(text);
      } catch (error) {
        assert.equal((error as { code?: number }).code, 400);
      }
    }),
  );
  assert.throws(() => readPositions('AQAA'), /resume: is no position/);
});

test('[LG14] severities are found in the formats that programs write', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['I1121 14:00:00.000000       1 server.go:1] up', 'info'],
    ['W1121 14:00:00.000000       1 x.go:1] slow', 'warn'],
    ['E1121 14:00:00.000000       1 x.go:1] bad', 'error'],
    ['F1121 14:00:00.000000       1 x.go:1] dead', 'error'],
    ['time=2026 level=warning msg="hm"', 'warn'],
    ['{"level":"error","msg":"x"}', 'error'],
    ['{"time":1,"severity":"INFO"}', 'info'],
    ['{"level":30,"msg":"pino"}', 'info'],
    ['{"level":50,"msg":"pino"}', 'error'],
    ['{"msg":"nothing"}', undefined],
    ['2026/11/21 14:00:00 [error] 7#7: open() failed', 'error'],
    ['[main] [WARN] slow', 'warn'],
    ['2026-11-21 14:00:00,000 ERROR org.example - x', 'error'],
    ['DEBUG: x', 'debug'],
    ['<notice> x', 'info'],
    ['LONG WORDS ERROR here', 'error'],
    ['an error in plain words', undefined],
    ['', undefined],
  ];
  for (const [text, severity] of table) assert.equal(severityOf(text), severity, text);
});

test('[LG14] no pattern and no line takes more than time linear to it', () => {
  const line = 'a'.repeat(16_000);
  for (const pattern of ['/(a+)+$b/', '/(a|a)*c/', '/(a*)*d/', '/^(([a-z])+.)+[A-Z]([a-z])+$/']) {
    assert.equal(parseLineFilter(pattern)?.(line), false);
  }
  assert.equal(parseLineFilter('   '), undefined);
  assert.throws(() => parseLineFilter('/(?=a)/'), /not a regular expression of RE2/);
  assert.throws(() => parseLineFilter('/a/g'), /flags/);
});

test('[LG2] whatever a line holds, one by one and together it is told the same, as JSON', () => {
  const source = { pod: 'p', container: 'c' };
  const line = fc.record({
    at: fc.constant(msToTime(0)),
    text: fc.string({ unit: 'binary' }),
    more: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const runs = [{ source, block: new LineList(lines) }];
      const one = encodeSingly(runs).map((text) => JSON.parse(text) as Record<string, unknown>);
      const [together] = encodeTogether(runs).map((text) => JSON.parse(text) as { lines: unknown[][] });
      assert.deepEqual(
        together?.lines,
        one.map(({ at, text, severity, more }) => [0, at, text, severity ?? '', more ?? false]),
      );
      assert.deepEqual(
        one.map(({ text }) => text),
        lines.map(({ text }) => text),
      );
    }),
  );
});

test('[LG25] as bytes the same is told as in JSON, whatever is written and however it comes', () => {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)) },
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('', '\r', 'a\r', 'a\r\r', 'ERROR x').map((text) => Buffer.from(text)),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 0, max: 2 * MAX_LINE_BYTES }).map((size) => Buffer.alloc(size, 'ä\r')),
    },
  );
  const zone = fc.constantFrom('2026-11-21T14:00:00.123456789Z ', '2026-11-21T16:00:00.5+02:00 ');
  const row = fc
    .tuple(zone, piece)
    .map(([stamp, text]) =>
      Buffer.concat([Buffer.from(stamp), text.filter((byte) => byte !== 10), Buffer.from('\n')]),
    );
  const told = fc.tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.array(row, { minLength: 1, maxLength: 6 }),
    fc.nat(),
  );
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 6 }), (all) => {
      const sources = [0, 1, 2].map((index) => ({ pod: `pod-${index}`, container: 'main' }));
      const runs = all.flatMap(([index, rows, place]) => {
        const cutter = new LogLines();
        const whole = Buffer.concat(rows);
        const cut = place % whole.length;
        const blocks = [...cutter.push(whole.subarray(0, cut)), ...cutter.push(whole.subarray(cut))];
        return blocks.map((block) => ({ source: sources[index]!, block }));
      });
      const [together = ''] = encodeTogether(runs);
      assert.deepEqual(readLogBlock(Buffer.concat(encodeBlocks(runs))), JSON.parse(together));
    }),
    { numRuns: 300 },
  );
});

test('[LG25] a message that is cut off is no message; other kinds are left alone', () => {
  const block = new LineList([{ at: msToTime(0), text: 'one', more: false }]);
  const message = Buffer.concat(encodeBlocks([{ source: { pod: 'p', container: 'c' }, block }]));
  assert.equal(readLogBlock(message)?.lines.length, 1);
  const { length } = '1970-01-01T00:00:00.000000000Z one\n';
  for (let cut = 1; cut < message.length; cut += 1) {
    if (cut === length + RUN_HEADER_BYTES) continue;
    assert.throws(() => readLogBlock(message.subarray(0, message.length - cut)), RangeError, String(cut));
  }
  assert.equal(readLogBlock(Uint8Array.of(2, 0, 0)), undefined);
  assert.equal(readLogBlock(new Uint8Array()), undefined);
});
