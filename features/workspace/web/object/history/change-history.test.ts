import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { attributed, MAX_LENGTH, MAX_VERSIONS, NO_HISTORY, seen } from './change-history.ts';

const version = (resourceVersion: string, data = ''): LiveObject => ({
  metadata: { name: 'x', resourceVersion },
  data,
});

test('[OP8] every state that is seen is a version, once, with when and who where that is told', () => {
  let history = seen(NO_HISTORY, version('1'), 10);
  history = seen(history, version('1'), 11);
  history = attributed(seen(history, version('2'), 12), '2', 'kubectl-edit');
  history = seen(history, version('2'), 13, true);
  assert.deepEqual(
    history.versions.map(({ number, at, who, deleted }) => [number, at, who, deleted]),
    [
      [1, 10, undefined, undefined],
      [2, 12, 'kubectl-edit', undefined],
      [3, 13, undefined, true],
    ],
  );
});

test('[OP8] the history is bounded by number and by size, and tells what went', () => {
  let history = NO_HISTORY;
  for (let at = 1; at <= MAX_VERSIONS + 5; at += 1) history = seen(history, version(String(at)), at);
  assert.equal(history.versions.length, MAX_VERSIONS);
  assert.equal(history.dropped, 5);
  assert.equal(history.versions.at(-1)?.number, MAX_VERSIONS + 5);
  let large = NO_HISTORY;
  for (let at = 1; at <= 4; at += 1) large = seen(large, version(String(at), 'x'.repeat(MAX_LENGTH)), at);
  assert.deepEqual(
    large.versions.map(({ number }) => number),
    [3, 4],
  );
});
