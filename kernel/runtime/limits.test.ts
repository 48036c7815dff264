import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createLimits } from './limits.ts';

test('[RT70] places are counted in all, per person, and per person and namespace', () => {
  const limits = createLimits({
    table: { shell: { total: 5, perUser: 3, perUserAndNamespace: 2 } },
    fallback: {},
  });
  const take = (user: string, namespace?: string): Disposable =>
    limits.acquire('shell', namespace === undefined ? { user } : { user, namespace });
  const refused = { reason: 'TooManyRequests', details: { retryAfterSeconds: 5 } };
  take('alice', 'a');
  take('alice', 'a');
  assert.throws(() => take('alice', 'a'), refused);
  take('alice', 'b');
  assert.throws(() => take('alice', 'c'), refused);
  take('bob');
  const last = take('bob');
  assert.throws(() => take('carol'), refused);
  last[Symbol.dispose]();
  last[Symbol.dispose]();
  assert.equal(limits.held('shell'), 4);
  take('carol');
  assert.equal(limits.held('shell'), 5);
});

test('[RT70] a refusal takes no place', () => {
  const limits = createLimits({ table: {}, fallback: { perUser: 1 } });
  const place = limits.acquire('any', { user: 'alice' });
  for (let tries = 0; tries < 3; tries += 1) assert.throws(() => limits.acquire('any', { user: 'alice' }));
  place[Symbol.dispose]();
  assert.equal(limits.held('any'), 0);
  limits.acquire('any', { user: 'alice' });
});

test('[RT70] whatever is taken and given back, no bound is exceeded and nothing stays', () => {
  const step = fc.record({ user: fc.constantFrom('a', 'b', 'c'), release: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const limits = createLimits({ table: { x: { total: 4, perUser: 2 } }, fallback: {} });
      const held: { user: string; place: Disposable }[] = [];
      for (const { user, release } of steps) {
        if (release) held.shift()?.place[Symbol.dispose]();
        else {
          try {
            held.push({ user, place: limits.acquire('x', { user }) });
          } catch {
            const own = held.filter((one) => one.user === user).length;
            assert.ok(own === 2 || held.length === 4);
          }
        }
        assert.equal(limits.held('x'), held.length);
      }
      for (const { place } of held) place[Symbol.dispose]();
      assert.equal(limits.held('x'), 0);
    }),
  );
});
