import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  formatAddress,
  formatLine,
  lineOf,
  pageOf,
  questionOf,
  readAddress,
  stretchOf,
} from './log-address.ts';
import { fullTime, lineTime } from './log-time.ts';
import { sourceLooks } from './source-labels.ts';

test('[LV6] an address restores everything that it was made from', () => {
  const name = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
  const address = fc
    .record({
      ns: name,
      pod: name,
      containers: fc.uniqueArray(name, { maxLength: 3 }),
      hidden: fc.uniqueArray(name, { maxLength: 3 }),
      range: fc.constantFrom('tail:1000', 'tail:100000', 'since:15m', 'since:2026-01-01T00:00:00.5Z'),
      previous: fc.boolean(),
      filter: fc.string(),
      severity: fc.constantFrom('error' as const, 'debug' as const),
      find: fc.string(),
      line: fc.constant('p/c/2026-01-01T00:00:00.123456789Z'),
    })
    .map((fields) => readAddress(formatAddress(fields)));
  fc.assert(
    fc.property(address, (one) => {
      assert.deepEqual(readAddress(formatAddress(one)), one);
      const search = new URL(pageOf(one), 'http://x').searchParams;
      assert.deepEqual(readAddress(Object.fromEntries(search)), one);
    }),
  );
});

test('[LV6] anything gives an address', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.string()), (params) => void readAddress(params)));
  assert.deepEqual(readAddress({ range: 'tail:x', severity: 'loud', previous: '1' }), readAddress({}));
});

test('[LV6] what is drawn otherwise asks the gateway for the same', () => {
  const base = readAddress({ ns: 'a', pod: 'p', q: 'x', severity: 'warn', containers: 'c,d' });
  assert.equal(
    questionOf(base).toString(),
    'ns=a&pod=p&containers=c%2Cd&filter=x&severity=warn&tail=1000&follow=true&batch=true&blocks=true',
  );
  assert.equal(questionOf({ ...base, hidden: ['p'], find: 'y' }).toString(), questionOf(base).toString());
  const previous = questionOf({ ...base, previous: true });
  assert.deepEqual([previous.get('previous'), previous.get('follow')], ['true', 'false']);
  const since = questionOf({ ...base, range: 'since:15m' });
  assert.deepEqual([since.get('since'), since.get('tail')], ['15m', '100000']);
});

test('[LV6] a linked line is asked for with the minute before it', () => {
  const line = formatLine({ pod: 'p', container: 'c', at: '2026-01-01T10:00:30.123456789Z' });
  assert.deepEqual(lineOf(line), { pod: 'p', container: 'c', at: '2026-01-01T10:00:30.123456789Z' });
  const question = questionOf({ ...readAddress({ ns: 'a', pod: 'p' }), line });
  assert.equal(question.get('since'), '2026-01-01T09:59:30.123Z');
  assert.equal(question.get('tail'), '100000');
});

test('[LV11] a stretch of time is asked for once, of one container where it is known', () => {
  const address = readAddress({ ns: 'a', kind: 'deployments', name: 'web', q: 'x' });
  const stretch = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:05Z' };
  assert.equal(
    stretchOf(address, stretch).toString(),
    'ns=a&kind=deployments&name=web&filter=x&since=2026-01-01T00%3A00%3A00Z&until=2026-01-01T00%3A00%3A05Z&follow=false',
  );
  const one = stretchOf(address, { ...stretch, pod: 'web-1', container: 'app' });
  assert.deepEqual([one.get('pod'), one.get('containers'), one.get('kind')], ['web-1', 'app', null]);
});

test('[LV16] times before lines: local, UTC or none, to the millisecond; all digits in the title', () => {
  const at = '2026-01-01T23:59:58.123456789Z';
  assert.equal(lineTime(at, 'utc'), '23:59:58.123');
  assert.equal(lineTime('2026-01-01T23:59:58Z', 'utc'), '23:59:58.000');
  assert.equal(lineTime(at, 'off'), '');
  assert.equal(lineTime('no time', 'local'), 'no time');
  assert.match(lineTime(at, 'local'), /^\d\d:59:58\.123$/);
  assert.equal(fullTime(at, 'utc'), '2026-01-01 23:59:58.123456789Z');
  assert.match(fullTime(at, 'local'), /^2026-01-0[12] \d\d:59:58\.123456789$/);
});

test('[LV16] sources are named by what tells them apart', () => {
  const labels = (...sources: readonly string[]): string[] =>
    sourceLooks(sources.map((one) => ({ pod: one.split('/')[0]!, container: one.split('/')[1]! })))
      .values()
      .map(({ label }) => label)
      .toArray();
  assert.deepEqual(labels('web-1/app'), ['']);
  assert.deepEqual(labels('web-1/app', 'web-1/proxy'), ['app', 'proxy']);
  assert.deepEqual(labels('web-7f9c-abcde/app', 'web-7f9c-fghij/app'), ['abcde', 'fghij']);
  assert.deepEqual(labels('web-7f-a/app', 'web-7f-b/proxy'), ['a/app', 'b/proxy']);
  assert.deepEqual(labels('web-0/app', 'db-0/app'), ['web-0', 'db-0']);
});
