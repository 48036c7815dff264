import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { VmInfo } from '../contract/vm-api.ts';
import { untilMachine } from './until-machine.ts';

const KEY = 'team/web-vm';
const DEADLINE_MS = 300_000;

function follow(first: Partial<VmInfo> | undefined) {
  const clock = new ManualClock();
  const told: string[] = [];
  let vm = first as VmInfo | undefined;
  let look = (_keys: readonly string[]): void => {};
  const book = {
    get: () => vm,
    observe: (listener: typeof look) => {
      look = listener;
      return () => {};
    },
  };
  const ended = untilMachine(book, KEY, (one) => (one?.status === 'Running' ? 'seen' : 'waiting'), {
    report: { accepted: () => {}, message: (text) => told.push(text), step: () => {}, addSteps: () => {} },
    signal: new AbortController().signal,
    clock,
    deadlineMs: DEADLINE_MS,
    unheard: 'nobody?',
  });
  const becomes = (next: Partial<VmInfo>): void => {
    vm = next as VmInfo;
    look([KEY]);
  };
  return { clock, told, becomes, ended };
}

test('[VK8] what nobody picks up is said after half a minute, and is observed all the same when somebody comes', async () => {
  for (const first of [undefined, { status: 'Stopped' }]) {
    const { clock, told, becomes, ended } = follow(first);
    await clock.advance(29_999);
    assert.ok(!told.includes('nobody?'));
    await clock.advance(1);
    assert.equal(told.at(-1), 'nobody?');
    // What is measured or said of it by the way is nobody's work on it.
    if (first) becomes({ ...first, autoStart: true });
    assert.equal(told.at(-1), 'nobody?');
    becomes({ status: 'Starting' });
    assert.equal(told.at(-1), 'Starting');
    becomes({ status: 'Running' });
    await ended;
    assert.equal(clock.pending, 0);
  }
});

test('[VK8] of what somebody works on it is not said; what nobody ever picked up says so at its end', async () => {
  const worked = follow({ status: 'Stopped' });
  worked.becomes({ status: 'Starting' });
  await worked.clock.advance(60_000);
  assert.ok(!worked.told.includes('nobody?'));
  worked.becomes({ status: 'Running' });
  await worked.ended;
  const alone = follow(undefined);
  const refused = assert.rejects(
    alone.ended,
    (error) => isStatusError(error) && error.reason === 'Timeout' && error.message.endsWith('nobody?'),
  );
  await alone.clock.advance(DEADLINE_MS);
  await refused;
  assert.equal(alone.clock.pending, 0);
});
