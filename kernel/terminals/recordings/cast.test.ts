import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { castDuration, readCast, readCastSize, typistOf } from './cast.ts';

const V3 = `{"version":3,"term":{"cols":100,"rows":30,"type":"xterm-256color"},"timestamp":1700000000,"title":"t"}
# a remark
[0.5, "o", "hello"]
[0.25, "m", "alice types"]
[1.25, "r", "80x24"]

[0, "z", "of a version to come"]
[1, "x", "3"]
`;

test('[RC1] version 3 is read: intervals add up, remarks and unknown codes are left out', () => {
  const cast = readCast(V3);
  assert.deepEqual(
    [cast.version, cast.cols, cast.rows, cast.timestamp, cast.title],
    [3, 100, 30, 1_700_000_000, 't'],
  );
  assert.deepEqual(cast.events, [
    { atMs: 500, code: 'o', data: 'hello' },
    { atMs: 750, code: 'm', data: 'alice types' },
    { atMs: 2000, code: 'r', data: '80x24' },
    { atMs: 3000, code: 'x', data: '3' },
  ]);
  assert.equal(castDuration(cast), 3000);
  assert.equal(cast.skipped, 0);
});

test('[RC1] version 2 is read: times count from the beginning', () => {
  const cast = readCast('{"version":2,"width":90,"height":20}\n[1.5, "o", "a"]\n[2.25, "i", "b"]\n');
  assert.deepEqual([cast.cols, cast.rows], [90, 20]);
  assert.deepEqual(
    cast.events.map(({ atMs }) => atMs),
    [1500, 2250],
  );
});

test('[RC2] a file that was cut anywhere behind its header is played as far as it goes', () => {
  const whole = readCast(V3).events;
  fc.assert(
    fc.property(fc.integer({ min: V3.indexOf('\n'), max: V3.length }), (end) => {
      const { events } = readCast(V3.slice(0, end));
      assert.deepEqual(events, whole.slice(0, events.length));
    }),
  );
});

test('[RC1] what is no recording is refused, and nonsense in one does no harm', () => {
  for (const text of ['', 'null', '[]', '{"version":1}', '{"version":4,"term":{}}']) {
    assert.throws(() => readCast(text), SyntaxError);
  }
  const odd = readCast(
    '{"version":3,"term":{"cols":-1,"rows":"x"}}\n[-1,"o","a"]\n[1]\n{}\nnull\n["1","o","a"]\n[1e3,"o",{}]\n',
  );
  assert.deepEqual([odd.cols, odd.rows, odd.events], [80, 24, []]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      readCast(`{"version":3}\n${text}`);
    }),
  );
});

test('[RC3] markers tell who types, sizes are read', () => {
  assert.equal(typistOf('alice types'), 'alice');
  assert.equal(typistOf('system:serviceaccount:a:b types'), 'system:serviceaccount:a:b');
  assert.equal(typistOf('alice joined'), undefined);
  assert.deepEqual(readCastSize('80x24'), { cols: 80, rows: 24 });
  assert.equal(readCastSize('0x24'), undefined);
  assert.equal(readCastSize('wide'), undefined);
});
