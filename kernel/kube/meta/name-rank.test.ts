import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { letterMask, matchedRanges, parseNameQuery, rankName } from './name-rank.ts';

const rank = (name: string, typed: string): number => {
  const { words } = parseNameQuery(typed);
  return Math.min(...words.map((word) => rankName(name, letterMask(name), word)));
};

test('[FR1] exact, beginning, part, inside, letters in order, nothing: in this order', () => {
  const names = ['api', 'api-gateway', 'payments-api', 'rapid', 'alpine-image'];
  const ranks = names.map((name) => rank(name, 'api'));
  assert.deepEqual(
    ranks.toSorted((a, b) => b - a),
    ranks,
  );
  assert.equal(new Set(ranks).size, ranks.length);
  assert.ok(ranks.every((one) => one > 0));
  assert.equal(rank('web', 'api'), 0);
  assert.equal(rank('ip', 'api'), 0);
});

test('[FR1] letters in order begin at a part, and stand better the closer they are', () => {
  assert.ok(rank('kube-apiserver', 'kapi') > 0);
  assert.equal(rank('bookrapid', 'kapi'), 0);
  assert.ok(rank('web-0', 'web0') > rank('web-frontend-0', 'web0'));
  assert.equal(rank('web', 'b'), 400);
  assert.equal(rank('abc', 'c'), 400);
});

test('[FR1] a slash parts words; case, doubles and endless input do no harm', () => {
  assert.deepEqual(
    parseNameQuery(' Payments/led  LED ').words.map(({ text }) => text),
    ['payments', 'led'],
  );
  assert.ok(parseNameQuery('a '.repeat(10_000)).words.length <= 8);
  assert.deepEqual(parseNameQuery('  / ').words, []);
});

test('[FR1] what is found is drawn where it stands', () => {
  assert.deepEqual(matchedRanges('Payments-API', parseNameQuery('api')), [[9, 12]]);
  assert.deepEqual(matchedRanges('rapi-api', parseNameQuery('api')), [[5, 8]]);
  assert.deepEqual(matchedRanges('kube-apiserver', parseNameQuery('kapi')), [
    [0, 1],
    [5, 8],
  ]);
  assert.deepEqual(matchedRanges('web-0', parseNameQuery('web we')), [[0, 3]]);
});

test('[FR1] whatever is typed: a name contains what it is found by, and ranges stay inside', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '0', 'é', '😀', ' ') });
  fc.assert(
    fc.property(text, text, (name, typed) => {
      const query = parseNameQuery(typed);
      const lower = name.toLowerCase();
      for (const word of query.words) {
        const found = rankName(lower, letterMask(lower), word);
        if (lower.includes(word.text)) assert.ok(found >= 400);
        else assert.ok(found < 400);
      }
      for (const [from, to] of matchedRanges(name, query))
        assert.ok(from >= 0 && from < to && to <= name.length);
    }),
  );
});
