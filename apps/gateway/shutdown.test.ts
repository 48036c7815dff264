import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from '@krateyard/sandbox/sandbox';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { GatewayBench, closeCode } from './testing/gateway-bench.ts';

/** The real clock, with a count of what waits on it. */
class CountingClock implements Clock {
  readonly waiting = new Set<object>();

  now = (): number => systemClock.now();
  monotonic = (): number => systemClock.monotonic();
  random = (): number => systemClock.random();

  after(delayMs: number, run: () => void): () => void {
    const timer = {};
    this.waiting.add(timer);
    const cancel = systemClock.after(delayMs, () => {
      this.waiting.delete(timer);
      run();
    });
    return () => {
      this.waiting.delete(timer);
      cancel();
    };
  }

  every(periodMs: number, run: () => void): () => void {
    const timer = {};
    this.waiting.add(timer);
    const cancel = systemClock.every(periodMs, run);
    return () => {
      this.waiting.delete(timer);
      cancel();
    };
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const timer = {};
    this.waiting.add(timer);
    try {
      await systemClock.sleep(delayMs, signal);
    } finally {
      this.waiting.delete(timer);
    }
  }
}

test('[RT27, AU26, AU37] a stopped gateway leaves no timer and no socket', { timeout: 30_000 }, async (t) => {
  const clock = new CountingClock();
  const sandbox = await createSandbox();
  t.after(() => sandbox.stop());
  await using bench = await GatewayBench.start({ sandbox, clock });
  const cookie = await bench.signIn('alice');
  assert.equal((await bench.ask('/api/resources/pods', { headers: { cookie } })).status, 200);
  const ws = await bench.socket('/ws/watch', { cookie });
  assert.ok(typeof ws === 'object');
  ws.send(JSON.stringify({ type: 'subscribe', id: 's', kind: 'pods' }));
  const closed = closeCode(ws);
  assert.equal(await bench.gateway.stop(2_000), true);
  assert.equal(await closed, 4001);
  assert.equal(bench.gateway.http.server.listening, false);
  assert.equal(clock.waiting.size, 0);
});
