import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeTooOld } from './node-version.ts';

test('a Node that is too old is named, with the way to the right one', () => {
  assert.match(nodeTooOld('20.20.2') ?? '', /Node 20\.20\.2.*Node 24.*npm start/);
  assert.match(nodeTooOld('8.0.0') ?? '', /Node 8\.0\.0/);
  assert.equal(nodeTooOld('24.0.0'), undefined);
  assert.equal(nodeTooOld('100.1.0'), undefined);
  assert.equal(nodeTooOld(process.versions.node), undefined);
});
