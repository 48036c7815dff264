import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseFilter } from './filter.ts';

const NO_FILTER = { text: '', labels: '', status: [], nodes: [] };

test('[UI20] white space parts terms; quotes and parentheses keep them together', () => {
  assert.deepEqual(parseFilter('  web  shop '), { ...NO_FILTER, text: 'web shop' });
  assert.equal(parseFilter('"two words" more').text, 'two words more');
  assert.equal(parseFilter('label="env in (a, b)" x').labels, 'env in (a, b)');
  assert.equal(parseFilter('label=env=(a b) x').labels, 'env=(a b)');
  assert.equal(parseFilter('http://a').text, 'http://a');
});

test('[UI21] label= takes selectors and joins them', () => {
  assert.equal(parseFilter('label=app=web,tier!=db l=zone').labels, 'app=web,tier!=db,zone');
  assert.equal(parseFilter('LABELS=a=b').labels, 'a=b');
  assert.deepEqual(parseFilter('label='), { ...NO_FILTER, text: 'label=' });
});

test('[UI22] status: and node: take lists', () => {
  const filter = parseFilter('status:Running,CrashLoopBackOff node:n1,n2 web');
  assert.deepEqual(filter, {
    text: 'web',
    labels: '',
    status: ['running', 'crashloopbackoff'],
    nodes: ['n1', 'n2'],
  });
});

test('[UI23] any input gives a filter that holds every word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (input) => {
      const filter = parseFilter(input);
      const words = input.replaceAll('"', '').match(/[\p{L}\p{N}]+/gu) ?? [];
      const kept = JSON.stringify(filter).toLowerCase() + filter.text.toLowerCase();
      const mayGo = new Set(['label', 'labels', 'l', 'status', 'node']);
      for (const word of words) {
        assert.ok(mayGo.has(word.toLowerCase()) || kept.includes(word.toLowerCase()), word);
      }
    }),
  );
  assert.deepEqual(parseFilter('   '), NO_FILTER);
});
