import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { CircuitBreaker } from './circuit-breaker.ts';

test('[KC12] opens after failures in a row, lets one trial through, closes on its success', async () => {
  const clock = new ManualClock();
  const states: string[] = [];
  const breaker = new CircuitBreaker({
    clock,
    threshold: 3,
    openMs: 1000,
    maxOpenMs: 8000,
    onChange: (state) => states.push(state),
  });
  const fail = (): void => {
    assert.equal(breaker.tryPass(), true);
    breaker.failed();
  };
  fail();
  fail();
  breaker.succeeded();
  fail();
  fail();
  assert.equal(breaker.state, 'closed');
  fail();
  assert.equal(breaker.state, 'open');
  assert.equal(breaker.tryPass(), false);
  assert.equal(breaker.waitMs, 750);
  await clock.advance(750);
  assert.equal(breaker.tryPass(), true);
  assert.equal(breaker.tryPass(), false, 'one trial at a time');
  breaker.failed();
  assert.equal(breaker.waitMs, 1500, 'twice as long');
  await clock.advance(1500);
  assert.equal(breaker.tryPass(), true);
  breaker.abandoned();
  assert.equal(breaker.tryPass(), true, 'a trial that was given up tells nothing');
  breaker.succeeded();
  assert.equal(breaker.state, 'closed');
  assert.deepEqual(states, ['open', 'half-open', 'open', 'half-open', 'half-open', 'closed']);
});
