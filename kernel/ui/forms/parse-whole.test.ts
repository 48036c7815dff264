import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWhole } from './parse-whole.ts';

test('[UF3] a number field takes whole numbers in its bounds and nothing else', () => {
  assert.equal(parseWhole('3', 0, 10), 3);
  assert.equal(parseWhole(' 10 ', 0, 10), 10);
  assert.equal(parseWhole('-1', -1), -1);
  for (const text of ['', '11', '-1', '1.5', '1e3', 'NaN', '９', '0x1', '9'.repeat(40)])
    assert.equal(parseWhole(text, 0, 10), undefined, text);
});
