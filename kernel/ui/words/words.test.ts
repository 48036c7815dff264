import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAge } from './age.ts';
import { formatAmount, formatAmountWithUnit } from './amount.ts';
import { formatQuantity } from './quantity.ts';
import { formatResource } from './resource-amount.ts';
import { STATUS_LOOKS } from './status-vocabulary.ts';

test("[UI26] ages read as kubectl's", () => {
  const seconds = (count: number): string => formatAge(count * 1000);
  const minute = 60;
  const hour = 60 * minute;
  const day = 24 * hour;
  assert.equal(seconds(-30), '0s');
  assert.equal(seconds(119), '119s');
  assert.equal(seconds(2 * minute), '2m');
  assert.equal(seconds(2 * minute + 5), '2m5s');
  assert.equal(seconds(10 * minute + 59), '10m');
  assert.equal(seconds(3 * hour + 20 * minute), '3h20m');
  assert.equal(seconds(8 * hour + 20 * minute), '8h');
  assert.equal(seconds(2 * day + 3 * hour), '2d3h');
  assert.equal(seconds(400 * day), '400d');
  assert.equal(seconds(800 * day), '2y70d');
  assert.equal(seconds(3000 * day), '8y');
});

test('[UI26] quantities in powers of 1024 take the unit that the eye reads', () => {
  const shown = ['24684084Ki', '512Mi', '1024Mi', '1048575Ki', '250m', '4', '8Gi', 'x', '2500Pi'].map(
    formatQuantity,
  );
  assert.deepEqual(shown, ['23.5Gi', '512Mi', '1Gi', '1024Mi', '250m', '4', '8Gi', 'x', '2.44Ei']);
});

test('[UI26] what is measured and what is asked for of a resource are written alike', () => {
  const shown = (resource: string, ...texts: string[]): string[] =>
    texts.map((text) => formatResource(resource, text));
  assert.deepEqual(shown('cpu', '6080m', '1', '250m', '0', '7.9'), [
    '6.08 cores',
    '1 core',
    '250m cores',
    '0 cores',
    '7.9 cores',
  ]);
  assert.equal(formatAmountWithUnit(6.08, 'cores'), formatResource('limits.cpu', '6080m'));
  assert.deepEqual(shown('memory', '24684084Ki', '25276502016', '1G', '512', '0'), [
    '23.5Gi',
    '23.5Gi',
    '954Mi',
    '512B',
    '0B',
  ]);
  for (const bytes of [2 ** 20 * 5, 2 ** 30 * 23.5]) {
    assert.equal(formatAmountWithUnit(bytes, 'bytes'), formatResource('requests.memory', String(bytes)));
    assert.equal(formatAmount(bytes, 'bytes'), formatAmountWithUnit(bytes, 'bytes'));
  }
  assert.deepEqual(shown('gold.storageclass.storage.k8s.io/requests.storage', '2048Mi'), ['2Gi']);
  assert.deepEqual(shown('hugepages-2Mi', '1024Mi'), ['1Gi']);
  assert.deepEqual(shown('pods', '110', 'x'), ['110', 'x']);
  assert.deepEqual(shown('cpu', 'x', '–', ''), ['x', '–', '']);
});

test('[UI27] every status word has a look, and no two the same', () => {
  const looks = Object.values(STATUS_LOOKS).map(({ tone, shape }) => `${tone} ${shape}`);
  assert.equal(new Set(looks).size, 5);
  assert.equal(new Set(Object.values(STATUS_LOOKS).map(({ shape }) => shape)).size, 5);
});
