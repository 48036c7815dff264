import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveMessage, LiveSource } from './live-source.ts';
import { LiveParts } from './live-parts.ts';

/** A source that says what the test says, and a schedule that runs when the test says. */
function bench() {
  let tell: (message: LiveMessage) => void = () => {};
  let asked = 0;
  const due: (() => void)[] = [];
  const source = {
    subscribe: (_spec: unknown, listener: { onMessage: typeof tell }) => {
      asked += 1;
      tell = listener.onMessage;
      return { move: () => {}, close: () => {} };
    },
  } as unknown as LiveSource;
  const live = new LiveParts(source, { parts: 'overview', ask: {} }, (run) => due.push(run));
  return {
    live,
    say: (message: LiveMessage) => tell(message),
    frame: () => due.splice(0).forEach((run) => run()),
    due,
    asked: () => asked,
  };
}

const freshness = { state: 'live', observedAt: '2026-01-01T00:00:00Z', lagMs: 0 } as const;

test('[PL1] parts show when all have come, and change once a frame', () => {
  const { live, say, frame, due } = bench();
  say({ type: 'parts', whole: true, parts: { a: 1, b: { x: 1 } } });
  frame();
  assert.deepEqual([live.view.get().phase, live.view.get().parts.size], ['loading', 0]);
  say({ type: 'parts', synced: true, freshness });
  frame();
  const first = live.view.get();
  assert.deepEqual([first.phase, [...first.parts.keys()]], ['ready', ['a', 'b']]);
  say({ type: 'parts', parts: { a: null, c: 3 } });
  say({ type: 'parts', parts: { c: 4 } });
  assert.equal(due.length, 1);
  frame();
  const second = live.view.get();
  assert.deepEqual(
    [...second.parts],
    [
      ['b', { x: 1 }],
      ['c', 4],
    ],
  );
  assert.equal(second.parts.get('b'), first.parts.get('b'));
});

test('[PL1] a new whole is gathered aside: what was shown stays until it is complete', () => {
  const { live, say, frame } = bench();
  say({ type: 'parts', whole: true, parts: { a: 1 } });
  say({ type: 'parts', synced: true, freshness });
  say({ type: 'parts', whole: true, parts: { b: 1 } });
  frame();
  assert.deepEqual([...live.view.get().parts.keys()], ['a']);
  say({ type: 'parts', synced: true });
  frame();
  assert.deepEqual([...live.view.get().parts.keys()], ['b']);
});

test('[PL1] a right that is lost takes the parts with it, and asking again starts anew', () => {
  const { live, say, frame, asked } = bench();
  const status = { message: 'no', reason: 'Forbidden', code: 403 };
  say({ type: 'parts', whole: true, parts: { a: 1 }, synced: true, freshness });
  say({ type: 'ended', status });
  frame();
  assert.deepEqual(
    [live.view.get().phase, live.view.get().ended, live.view.get().parts.size],
    ['failed', true, 0],
  );
  live.retry();
  assert.equal(asked(), 2);
  say({ type: 'parts', whole: true, parts: { a: 2 }, synced: true, freshness });
  frame();
  assert.deepEqual([live.view.get().phase, live.view.get().status], ['ready', undefined]);
});
