import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedTruth } from './asked-truth.ts';
import type { LiveStatus } from './live-frames.ts';
import type { SocketState } from './socket-state.ts';
import type { Asked } from './use-asked.ts';

const open: SocketState = { phase: 'open', since: 1 };
const waiting: SocketState = { phase: 'waiting', attempt: 1, downSince: 50, retryAt: 90, reason: 'gone' };
const known: Asked<string> = { state: 'known', answer: 'a', answeredAt: 100 };
const failed = (reason: string, code: number, answeredAt?: number): Asked<string> => ({
  state: 'failed',
  answer: answeredAt === undefined ? undefined : 'a',
  answeredAt,
  status: statusOf(reason, code),
});
const statusOf = (reason: string, code: number): LiveStatus => ({ reason, code, message: 'why' });

test('[UI34] an answer that is asked for again is live, then as old as it is', () => {
  assert.deepEqual(askedTruth(open, { state: 'asking', answer: undefined }, false), { state: 'loading' });
  assert.deepEqual(askedTruth(open, known, false), { state: 'live' });
  assert.deepEqual(askedTruth(open, { ...known, state: 'asking' }, false), { state: 'live' }, 'asked anew');
  assert.deepEqual(askedTruth(open, known, true), { state: 'lagging', since: 100 });
});

test('[UI34] what fails is told with since when, from which link, and why', () => {
  const away = { state: 'disconnected', since: 100, reason: 'why' };
  assert.deepEqual(askedTruth(open, failed('ServiceUnavailable', 0, 100), true), {
    ...away,
    link: 'gateway',
  });
  assert.deepEqual(askedTruth(open, failed('ServiceUnavailable', 503, 100), true), {
    ...away,
    link: 'cluster',
  });
  for (const asked of [known, failed('ServiceUnavailable', 0, 100), failed('Forbidden', 403, 100)])
    assert.deepEqual(askedTruth(waiting, asked, true), {
      state: 'disconnected',
      link: 'gateway',
      since: 50,
      reason: 'gone',
      retryAt: 90,
    });
  assert.deepEqual(askedTruth(open, failed('InternalError', 500), false), {
    state: 'failed',
    status: statusOf('InternalError', 500),
  });
  assert.deepEqual(askedTruth(open, failed('Forbidden', 403, 100), false), {
    state: 'lost',
    status: statusOf('Forbidden', 403),
  });
});
