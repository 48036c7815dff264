import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchItems } from './pick-list.ts';

const items = [
  { value: 'dep', label: 'Deployment', also: ['deploy', 'deployments'] },
  { value: 'pod', label: 'Pod', also: ['po', 'pods'] },
  { value: 'pdb', label: 'PodDisruptionBudget', also: ['pdb'] },
  { value: 'ep', label: 'Endpoints', also: ['ep'] },
  { value: 'mid', label: 'Ripod' },
];
const found = (typed: string): string[] => matchItems(items, typed).map((item) => item.value);

test('[UI28] exact and short names first, then beginnings, then parts', () => {
  assert.deepEqual(found('pod'), ['pod', 'pdb', 'mid']);
  assert.deepEqual(
    found('po'),
    ['pod', 'pdb', 'ep', 'mid'].filter((value) => found('po').includes(value)),
  );
  assert.equal(found('PO')[0], 'pod');
  assert.equal(found('pdb')[0], 'pdb');
  assert.deepEqual(found('pod budget'), ['pdb']);
  assert.deepEqual(found(''), ['dep', 'pod', 'pdb', 'ep', 'mid']);
  assert.deepEqual(found('zzz'), []);
});
