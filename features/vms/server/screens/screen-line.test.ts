import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { ScreenLine, type AttachedScreen } from './screen-line.ts';

const person = (name: string): Principal => ({ id: name, username: name, groups: [], via: 'impersonate' });

/** KubeVirt, as a line sees it: attempts that are decided by the test. */
class Upstream {
  readonly attempts: { readonly who: string; readonly grip: string }[] = [];
  readonly open: { readonly who: string; end(): void; closed: boolean }[] = [];
  refuses = false;

  attach(who: Principal, grip: string): Promise<AttachedScreen> {
    this.attempts.push({ who: who.username, grip });
    if (this.refuses) return Promise.reject(new StatusError('ServiceUnavailable', 'not now'));
    const ended = Promise.withResolvers<unknown>();
    const one = { who: who.username, end: () => ended.resolve(undefined), closed: false };
    this.open.push(one);
    return Promise.resolve({
      resize: () => Promise.resolve(0),
      send: () => {},
      releaseAll: () => {},
      close: () => {
        one.closed = true;
        ended.resolve(undefined);
      },
      ended: ended.promise,
    });
  }
}

function lineTo(upstream: Upstream, next: () => Principal | undefined) {
  const clock = new ManualClock();
  const states: string[] = [];
  const line: ScreenLine = new ScreenLine({
    clock,
    attach: (who, grip) => upstream.attach(who, grip),
    next,
    onChange: () => states.push(line.state.is),
  });
  return { clock, line, states };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

test('[SC6] a connection that ends comes back by itself, without taking the screen from anybody', async () => {
  const upstream = new Upstream();
  const { clock, line } = lineTo(upstream, () => person('alice'));
  await line.connect(person('alice'));
  line.want(true);
  assert.deepEqual([line.state.is, upstream.attempts[0]], ['up', { who: 'alice', grip: 'take' }]);
  upstream.open[0]!.end();
  await turns();
  assert.equal(line.state.is, 'waiting');
  await clock.advance(250);
  await turns();
  assert.equal(line.state.is, 'up');
  assert.deepEqual(upstream.attempts[1], { who: 'alice', grip: 'if-free' });
  line.close();
  assert.ok(upstream.open[1]!.closed);
  await turns();
  assert.equal(clock.pending, 0);
});

test('[SC6] it is tried again and again with growing waits, at once where something has changed, never when not wanted', async () => {
  const upstream = new Upstream();
  const { clock, line } = lineTo(upstream, () => person('alice'));
  upstream.refuses = true;
  await assert.rejects(line.connect(person('alice')), { reason: 'ServiceUnavailable' });
  assert.equal(clock.pending, 0, 'nobody wants it yet');
  line.want(true);
  await turns();
  for (let step = 0; step < 100; step += 1) {
    await clock.advance(1_000);
    await turns();
  }
  const tries = upstream.attempts.length;
  assert.ok(tries > 10 && tries < 30, `${tries} tries in 100 s`);
  line.retryNow();
  await turns();
  assert.equal(upstream.attempts.length, tries + 1);
  line.want(false);
  await clock.advance(60_000);
  await turns();
  assert.deepEqual([upstream.attempts.length, clock.pending], [tries + 1, 0]);
  upstream.refuses = false;
  line.want(true);
  await turns();
  assert.equal(line.state.is, 'up');
  line.close();
});

test('[SC3] it goes over to somebody else: smoothly, or at once where the one before may not be there any more', async () => {
  const upstream = new Upstream();
  const { clock, line } = lineTo(upstream, () => person('carol'));
  await line.connect(person('alice'));
  line.want(true);
  line.handOver(person('bob'), 'smoothly');
  assert.equal(upstream.open[0]!.closed, false, 'until the other is there');
  await turns();
  assert.deepEqual(
    upstream.open.map(({ who, closed }) => `${who} ${closed}`),
    ['alice true', 'bob false'],
  );
  assert.equal(line.holder?.username, 'bob');
  await line.quiet();
  line.handOver(person('carol'), 'at-once');
  const quiet = line.quiet().then(() => line.state.is);
  assert.ok(upstream.open[1]!.closed);
  await turns();
  assert.deepEqual([await quiet, line.holder?.username], ['up', 'carol']);
  assert.deepEqual(upstream.attempts.at(-1), { who: 'carol', grip: 'take' });
  line.close();
  await turns();
  assert.equal(clock.pending, 0);
});

test('[SC3] who comes while it is being connected shares that connection; its failure is theirs alone', async () => {
  const upstream = new Upstream();
  const { line } = lineTo(upstream, () => undefined);
  await Promise.all([line.connect(person('alice')), line.connect(person('bob'))]);
  assert.equal(upstream.attempts.length, 1);
  line.cut();
  await turns();
  upstream.refuses = true;
  const both = await Promise.allSettled([line.connect(person('alice')), line.connect(person('bob'))]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.deepEqual(
    upstream.attempts.slice(1).map(({ who }) => who),
    ['alice', 'bob'],
  );
  line.close();
});
