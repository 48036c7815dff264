import assert from 'node:assert/strict';
import { test } from 'node:test';

import { humanDuration } from './human-duration.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

const CASES: [number, string][] = [
  [-5 * S, '<invalid>'],
  [-1500, '0s'],
  [0, '0s'],
  [119 * S, '119s'],
  [120 * S, '2m'],
  [5 * M + 12 * S, '5m12s'],
  [10 * M + 30 * S, '10m'],
  [179 * M, '179m'],
  [3 * H, '3h'],
  [7 * H + 5 * M, '7h5m'],
  [8 * H + 5 * M, '8h'],
  [47 * H, '47h'],
  [3 * D + 4 * H, '3d4h'],
  [7 * D, '7d'],
  [8 * D + 4 * H, '8d'],
  [729 * D, '729d'],
  [745 * D, '2y15d'],
  [3000 * D, '8y'],
];

for (const [ms, text] of CASES)
  test(`${ms} ms are ${text}`, () => {
    assert.equal(humanDuration(ms), text);
  });
