import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LogTracker } from '@krateyard/kube/stream/log-mark';
import { msToTime } from '@krateyard/kube/stream/log-time';
import { encodeSingly, encodeTogether } from './line-encoding.ts';
import { parseLineFilter } from './line-filter.ts';
import { positionKey, readPositions, writePositions, type Position } from './position-token.ts';
import { severityOf } from './severity.ts';

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
      const runs = [{ source, lines }];
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
