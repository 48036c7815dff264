import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksCreate } from './exec-right.ts';

test('[SH20] API servers from 1.35 on ask for create as well', () => {
  const versions = [
    'v1.34.4',
    'v1.34.0+krateyard',
    'v1.35.0-alpha.1',
    'v1.36.2-eks-1',
    'v2.0.0',
    'v1.9.1',
    '',
  ];
  assert.deepEqual(versions.map(asksCreate), [false, false, true, true, true, false, false]);
});
