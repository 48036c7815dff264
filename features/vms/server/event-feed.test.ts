import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, asyncProperty, constantFrom, nat, record } from 'fast-check';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { EventFeed, type FeedOptions, type FeedSocket } from './event-feed.ts';
import type { EventSource } from './event-source.ts';
import { HeldFeeds } from './held-feeds.ts';
import { keepAlive } from './keep-alive.ts';

interface Frame {
  readonly type: string;
  readonly action?: string;
  readonly token?: string;
  readonly resumed?: boolean;
  readonly reason?: string;
  readonly data?: { readonly id?: string; readonly name?: string };
}

/** A socket whose client keeps what it was told, as far as it got. */
class Line implements FeedSocket {
  readonly OPEN = 1;
  readyState: FeedSocket['readyState'] = 1;
  bufferedAmount = 0;
  closed: number | undefined;
  readonly frames: Frame[] = [];
  send(text: unknown): void {
    this.frames.push(JSON.parse(String(text)) as Frame);
  }
  close(code?: number): void {
    this.closed = code;
  }
  get actions(): string[] {
    return this.frames
      .filter(({ type }) => type === 'update')
      .map(({ action, data }) => `${action} ${data?.name}`);
  }
  get token(): string {
    return this.frames.findLast(({ token }) => token !== undefined)?.token ?? '';
  }
}

/** Machines of one namespace, all of them seen. */
class Shelf implements EventSource {
  readonly resource = 'vm';
  readonly objects = new Map<string, number>();
  disposed = false;
  keys(): Iterable<string> {
    return this.objects.keys();
  }
  json(key: string): string | undefined {
    const value = this.objects.get(key);
    return value === undefined ? undefined : JSON.stringify({ name: key.slice(2), value });
  }
  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

function open(options: Partial<FeedOptions> = {}) {
  const clock = new ManualClock(0, () => 0.5);
  const line = new Line();
  const shelf = new Shelf();
  const feed = new EventFeed(line, {
    clock,
    tickMs: 50,
    highWaterBytes: 1000,
    slowMs: 20_000,
    journalLength: 8,
    tellsTokens: false,
    ...options,
  });
  feed.add(shelf);
  const set = (name: string, value: number | undefined): void => {
    const key = `n/${name}`;
    if (value === undefined) shelf.objects.delete(key);
    else shelf.objects.set(key, value);
    feed.changed('vm', [key]);
  };
  return { clock, line, shelf, feed, set };
}

test('[VW7] who comes back is told what it may have missed, and nothing else', async () => {
  const { clock, line, feed, set } = open();
  for (const name of ['kept', 'changed', 'gone']) set(name, 1);
  feed.darken('snapshot', 'not served');
  feed.complete();
  await clock.advance(50);
  const { token } = line;
  set('late', 1);
  await clock.advance(50);
  feed.detach();
  set('changed', 2);
  set('gone', undefined);
  await clock.advance(5_000);
  const back = new Line();
  assert.equal(feed.resume(back, token), true);
  await clock.advance(50);
  assert.deepEqual(back.actions, ['MODIFIED changed', 'DELETED gone', 'ADDED late']);
  assert.deepEqual(
    back.frames.map(({ type }) => type),
    ['dark', 'update', 'update', 'update', 'synced'],
  );
  assert.equal(back.frames.at(-1)?.resumed, true);
  set('kept', 2);
  await clock.advance(50);
  assert.equal(back.actions.at(-1), 'MODIFIED kept');
  feed.close();
});

test('[VW7] a token is good for as many updates as the journal holds, and no other is good', async () => {
  const { clock, line, feed, set } = open();
  feed.complete();
  await clock.advance(50);
  const { token } = line;
  for (let value = 1; value <= 8; value += 1) {
    set('busy', value);
    await clock.advance(50);
  }
  feed.detach();
  const [id] = token.split('.');
  for (const wrong of ['', 'nonsense', `${id}`, `${id}.-1`, `${id}.9`, `${id}.1e1`, `x${token}`])
    assert.equal(feed.resume(new Line(), wrong), false, wrong);
  const back = new Line();
  assert.equal(feed.resume(back, token), true);
  await clock.advance(50);
  assert.deepEqual(back.actions, ['ADDED busy']);
  assert.equal(feed.resume(new Line(), token), false);
  feed.close();
});

test('[VW7] who asks for tokens gets one with every quarter of the journal', async () => {
  const { clock, line, feed, set } = open({ tellsTokens: true });
  feed.complete();
  await clock.advance(50);
  for (let value = 1; value <= 5; value += 1) {
    set('busy', value);
    await clock.advance(50);
  }
  assert.equal(line.frames.filter(({ type }) => type === 'token').length, 2);
  assert.match(line.token, /\.4$/);
  feed.close();
});

test('[VW7] whatever was lost on the way, a client that comes back knows what there is', async () => {
  const step = record({
    do: constantFrom('set', 'remove', 'tick', 'drop'),
    name: constantFrom('a', 'b', 'c'),
    value: nat(2),
    /** Of the frames of a broken socket so many have arrived. */
    arrived: nat(6),
  });
  await holds(
    asyncProperty(array(step, { maxLength: 30 }), async (steps) => {
      const { clock, line, shelf, feed, set } = open({ journalLength: 64, tellsTokens: true });
      const known = new Map<string, unknown>();
      let [token, current] = ['', line];
      const take = (frames: readonly Frame[]): void => {
        for (const { type, action, data, token: told } of frames) {
          token = told ?? token;
          if (type === 'update' && action === 'DELETED') known.delete(data!.name!);
          else if (type === 'update') known.set(data!.name!, data);
        }
      };
      feed.complete();
      await clock.advance(50);
      take(current.frames.splice(0));
      for (const one of steps) {
        if (one.do === 'set') set(one.name, one.value);
        else if (one.do === 'remove') set(one.name, undefined);
        else if (one.do === 'tick') await clock.advance(50);
        else {
          take(current.frames.slice(0, one.arrived));
          feed.detach();
          current = new Line();
          assert.equal(feed.resume(current, token), true);
        }
      }
      await clock.advance(100);
      take(current.frames);
      const there = Array.from(
        shelf.objects,
        ([key, value]) => [key.slice(2), { name: key.slice(2), value }] as const,
      );
      assert.deepEqual(Object.fromEntries(known), Object.fromEntries(there));
      feed.close();
    }),
    { numRuns: 300 },
  );
});

test('[VW5] a client that does not read costs keys, and its socket after a while', async () => {
  const { clock, line, feed, set } = open();
  line.bufferedAmount = 5_000;
  for (let value = 0; value < 100; value += 1) set('busy', value);
  await clock.advance(10_000);
  assert.deepEqual([line.frames.length, line.closed], [0, undefined]);
  line.bufferedAmount = 0;
  await clock.advance(50);
  assert.deepEqual(line.actions, ['ADDED busy']);
  line.bufferedAmount = 5_000;
  set('busy', -1);
  await clock.advance(20_200);
  assert.equal(line.closed, 4002);
  feed.close();
});

test('[VW7] held are feeds of the same person and question, for a while, and no more than so many', async () => {
  const clock = new ManualClock(0, () => 0.5);
  const held = new HeldFeeds(clock, { holdMs: 1000, total: 3, perTerms: 2 });
  const ended: string[] = [];
  const one = (name: string, terms: string) => {
    const { feed } = open();
    const { token } = feed;
    held.hold({ feed, terms, end: () => void ended.push(name) });
    return token;
  };
  const first = one('first', 'alice');
  assert.equal(held.resume(new Line(), 'bob', first), undefined);
  assert.equal(held.resume(new Line(), 'alice', 'nonsense'), undefined);
  assert.ok(held.resume(new Line(), 'alice', first));
  assert.equal(held.size, 0);
  for (const name of ['a1', 'a2', 'a3']) one(name, 'alice');
  assert.deepEqual(ended, ['a1']);
  for (const name of ['b', 'c']) one(name, name);
  assert.deepEqual(ended, ['a1', 'a2']);
  await clock.advance(1000);
  assert.deepEqual(ended, ['a1', 'a2', 'a3', 'b', 'c']);
  one('late', 'alice');
  held.close();
  one('after', 'alice');
  assert.deepEqual([ended.slice(5), held.size], [['late', 'after'], 0]);
});

test('[VW8] a socket is pinged every 54 s, and ended when it stays silent', async () => {
  const clock = new ManualClock(0, () => 0.5);
  let [pings, ended] = [0, false];
  let onPong = (): void => {};
  const socket = {
    OPEN: 1,
    readyState: 1,
    on: (_event: string, listener: () => void) => {
      onPong = listener;
    },
    ping: () => {
      pings += 1;
    },
    terminate: () => {
      ended = true;
    },
  };
  const stop = keepAlive(clock, socket as unknown as Parameters<typeof keepAlive>[1], 54_000);
  await clock.advance(54_000);
  onPong();
  await clock.advance(54_000);
  assert.deepEqual([pings, ended], [2, false]);
  await clock.advance(54_000);
  assert.equal(ended, true);
  stop();
});
