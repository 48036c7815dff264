import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, double, integer, oneof, property, constant, tuple } from 'fast-check';
import { formatAmount, formatAmountWithUnit } from '../words/amount.ts';
import { SessionHistory, type TimedSample } from './session-history.ts';
import { mergeSamples, runsOf, summarize, type Sample } from './series.ts';
import { sparklinePaths } from './sparkline-path.ts';

const PERIOD = 15_000;

test('[PL2] a long silence and what is no number break the line; a late sample does not', () => {
  const samples: Sample[] = [
    [0, 1],
    [PERIOD, 2],
    [PERIOD * 3.4, 3],
    [PERIOD * 8, 4],
    [PERIOD * 9, Number.NaN],
    [PERIOD * 10, 5],
  ];
  assert.deepEqual(
    runsOf(samples, PERIOD).map((run) => run.map(([, value]) => value)),
    [[1, 2, 3], [4], [5]],
  );
  const frame = { width: 100, height: 20, fromMs: 0, toMs: PERIOD * 10, top: 5, periodMs: PERIOD };
  const { line } = sparklinePaths(samples, frame);
  assert.equal(line.split('M').length - 1, 3, line);
  assert.equal(line.split('M')[2]!.split('L').length, 2, 'a sample alone is a dash');
});

test('[PL2] any samples give paths of finite numbers inside the frame', () => {
  const value = oneof(double(), constant(Number.NaN), constant(Infinity), integer());
  holds(
    property(array(tuple(integer({ min: 0, max: 1e7 }), value)), double({ noNaN: true }), (pairs, top) => {
      const samples = pairs.toSorted((a, b) => a[0] - b[0]);
      const frame = { width: 72, height: 18, fromMs: 0, toMs: 1e7, top, periodMs: PERIOD };
      const { line, area } = sparklinePaths(samples, frame);
      assert.doesNotMatch(line + area, /NaN|Infinity/);
    }),
  );
});

test('[PL3] merged samples are in order, one of each time, the latest of it, and no more than the most', () => {
  const samples = array(tuple(integer({ min: 0, max: 50 }), integer()), { maxLength: 40 }).map((pairs) => {
    const byTime = new Map(pairs);
    return [...byTime].toSorted((a, b) => a[0] - b[0]);
  });
  holds(
    property(samples, samples, (known, news) => {
      const merged = mergeSamples<readonly [number, number]>(known, news, 30);
      const expected = [...new Map([...known, ...news])].toSorted((a, b) => a[0] - b[0]).slice(-30);
      assert.deepEqual(merged, news.length === 0 ? known : expected);
    }),
  );
});

class Memory {
  text: string | null = null;
  getItem(): string | null {
    return this.text;
  }
  setItem(_key: string, text: string): void {
    this.text = text;
  }
}

test('[PL4] a history outlives a reload, for an hour and for the same person', () => {
  const storage = new Memory();
  const now = 10 * 60 * 60_000;
  const samples: TimedSample[] = [
    [now - 2 * 60 * 60_000, 1, 1],
    [now - 60_000, 2, 2],
  ];
  const first = new SessionHistory({ storage, now: () => now });
  first.open('ann');
  first.add('a', samples);
  first.save();
  const second = new SessionHistory({ storage, now: () => now });
  second.open('ann');
  assert.deepEqual(second.series('a').get(), samples.slice(1));
  second.open('bea');
  assert.deepEqual(second.series('a').get(), []);
});

test('[PL4] what is stored and cannot be read is no history', () => {
  for (const text of [
    '',
    'no json',
    '[]',
    '{"person":"ann","entries":[1,["a"],["b",[[1],["x",2],[5,null]]]]}',
  ]) {
    const storage = new Memory();
    storage.text = text;
    const history = new SessionHistory({ storage, now: () => 0 });
    history.open('ann');
    assert.deepEqual(history.series('b').get(), []);
  }
});

test('[PL3] there are only so many series, and those used least go', () => {
  const history = new SessionHistory({ storage: undefined, now: () => 0 });
  history.add('kept', [[1, 1]]);
  for (let index = 0; index < 1500; index += 1) {
    history.add(`s${index}`, [[1, 1]]);
    history.series('kept');
  }
  assert.equal(history.series('kept').get().length, 1);
  assert.equal(history.series('s0').get().length, 0);
});

test('[PL5] a plot says what it shows', () => {
  const samples: Sample[] = [
    [0, 0.25],
    [PERIOD, 1.5],
    [PERIOD * 10, 0.5],
  ];
  assert.equal(
    summarize('CPU', samples, PERIOD, 'cores'),
    'CPU: 500m cores now, between 250m cores and 1.5 cores in the last 3 min, with 1 gap.',
  );
  assert.equal(summarize('CPU', [], PERIOD, 'cores'), 'CPU: nothing has been measured.');
});

test('[PL6] amounts read as Kubernetes writes them', () => {
  assert.deepEqual(
    [0, 0.25, 0.0014, 1.25, 31.5, 2500].map((value) => formatAmount(value, 'cores')),
    ['0', '250m', '1m', '1.25', '31.5', '2500'],
  );
  assert.deepEqual(
    [0, 1023, 1536, 23.5 * 1024 ** 3, Number.NaN].map((value) => formatAmountWithUnit(value, 'bytes')),
    ['0B', '1023B', '1.5Ki', '23.5Gi', '–'],
  );
  assert.deepEqual(
    [0.017, 1, 2].map((value) => formatAmountWithUnit(value, 'cores')),
    ['17m cores', '1 core', '2 cores'],
  );
});
