import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveFreshness, LiveStatus } from './live-frames.ts';
import type { SocketState } from './socket-state.ts';
import { truthOf } from './truth.ts';

const open: SocketState = { phase: 'open', since: 1 };
const down: SocketState = { phase: 'waiting', attempt: 1, downSince: 5, retryAt: 9, reason: 'gone' };
const at = '2026-01-01T00:00:00.000Z';
const ready = (state: LiveFreshness['state']) => ({
  phase: 'ready' as const,
  freshness: { state, observedAt: at, lagMs: 0, reason: 'api down' },
  status: undefined,
  ended: false,
});
const refused: LiveStatus = { message: 'no', reason: 'Forbidden', code: 403 };
const failed = (ended: boolean) => ({
  phase: 'failed' as const,
  freshness: undefined,
  status: refused,
  ended,
});

test('[UI25] a view is as true as the worse of its socket and its collection', () => {
  const since = Date.parse(at);
  assert.deepEqual(truthOf(open, ready('live')), { state: 'live' });
  assert.deepEqual(truthOf(open, ready('syncing')), { state: 'loading' });
  assert.deepEqual(truthOf(open, ready('lagging')), { state: 'lagging', since });
  assert.deepEqual(truthOf(open, ready('disconnected')), {
    state: 'disconnected',
    link: 'cluster',
    since,
    reason: 'api down',
  });
  assert.deepEqual(truthOf(down, ready('live')), {
    state: 'disconnected',
    link: 'gateway',
    since: 5,
    reason: 'gone',
    retryAt: 9,
  });
  assert.equal(
    truthOf({ phase: 'connecting', attempt: 0 }, { ...ready('live'), phase: 'loading' }).state,
    'loading',
  );
  assert.equal(
    truthOf({ phase: 'connecting', attempt: 2, downSince: 5 }, ready('live')).state,
    'disconnected',
  );
  assert.deepEqual(truthOf(open, failed(true)), { state: 'lost', status: refused });
  assert.deepEqual(truthOf(open, failed(false)), { state: 'failed', status: refused });
  assert.equal(truthOf(down, failed(true)).state, 'disconnected');
});
