import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BestHits } from './best-hits.ts';

test('[FR2] the best of many are those that sorting all would put first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 1, max: 10 }), (all, limit) => {
      const hits = new BestHits<number>(limit, (a, b) => a - b);
      for (const one of all) hits.offer(one);
      assert.deepEqual(hits.best(), all.toSorted((a, b) => a - b).slice(0, limit));
      assert.equal(hits.total, all.length);
    }),
  );
});
