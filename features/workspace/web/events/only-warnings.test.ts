import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyWarnings, withoutNormal } from './only-warnings.ts';

test('[EX8] only warnings is a term of the filter, and every other word of it stays', () => {
  assert.equal(withoutNormal('', true), 'status:warning');
  assert.equal(withoutNormal('web label=app=shop', true), 'web label=app=shop status:warning');
  assert.equal(withoutNormal('status:normal web', true), 'web status:warning');
  assert.equal(withoutNormal('web status:warning node:n1', false), 'web node:n1');
  assert.equal(withoutNormal('status:warning', false), '');
  for (const on of ['status:warning', 'web Status:Warning', 'status:warn']) assert.ok(onlyWarnings(on), on);
  for (const off of ['', 'warning', 'status:normal', 'status:warning,normal'])
    assert.ok(!onlyWarnings(off), off);
});
