import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recording, TapPort } from './terminal-tap.ts';
import { eventually, HOLD_MS, person, terminalBench } from './testing/terminal-bench.ts';

const UNATTENDED_MS = 600_000;

/** Keeps what it hears. */
function tape() {
  const heard: string[] = [];
  let full: () => void = () => {};
  const recording: Recording = {
    id: 'tape',
    tap: {
      onOutput: (bytes) => void heard.push(Buffer.from(bytes).toString()),
      onInput: () => {},
      onResize: () => {},
      onPeople: () => {},
      onEnd: ({ reason }) => void heard.push(`end ${reason}`),
    },
    stop: async () => {},
    onEnded: (listener) => {
      full = () => listener('full');
    },
  };
  const port: TapPort = { mode: () => 'on-request', start: async () => recording };
  return { heard, port, fill: () => full() };
}

/** A recorded terminal whom the last has left for good. */
async function leftAlone() {
  const { heard, port, fill } = tape();
  const bench = await terminalBench({ recordings: port, unattendedMs: UNATTENDED_MS });
  const member = bench.terminal.admit(person('ann'));
  let watched = true;
  bench.terminal.guard(member, { [Symbol.dispose]: () => void (watched = false) });
  const client = await bench.connect(member);
  client.say({ type: 'record', on: true });
  await client.until(() => client.of('recording').length > 0);
  client.ws.close();
  await client.until(() => client.closed !== undefined);
  await eventually(() => !member.connected);
  await bench.clock.advance(HOLD_MS);
  return { ...bench, heard, fill, member, watched: () => watched };
}

test('[KT14] a recorded terminal goes on without anybody, as the last who was there; who comes gets what was said', async () => {
  const { terminal, upstream, heard, member, watched, connect, clock, close } = await leftAlone();
  assert.deepEqual([terminal.over, terminal.summary().participants], [false, []]);
  assert.deepEqual([terminal.foremost, watched()], [member, true]);
  upstream.say('said to nobody');
  terminal.endUnused();
  await clock.advance(UNATTENDED_MS - 1);
  assert.equal(terminal.over, false);
  const next = terminal.admit(person('bob'));
  assert.deepEqual([terminal.foremost, watched()], [next, false]);
  const client = await connect(next);
  await client.until(() => client.text === 'said to nobody');
  await clock.advance(UNATTENDED_MS);
  assert.equal(terminal.over, false);
  assert.deepEqual(heard, ['said to nobody']);
  terminal.stop('draining');
  await client.until(({ closed }) => closed !== undefined);
  await eventually(() => clock.pending === 0);
  await close();
});

test('[KT14] it ends when it has been long enough, when its recording does, and when the right is lost', async () => {
  const late = await leftAlone();
  await late.clock.advance(UNATTENDED_MS);
  assert.deepEqual([late.terminal.exit?.reason, late.heard], ['hold-expired', ['end hold-expired']]);
  const full = await leftAlone();
  full.fill();
  assert.equal(full.terminal.exit?.reason, 'hold-expired');
  const lost = await leftAlone();
  lost.terminal.remove(lost.member, 'right-lost');
  assert.equal(lost.terminal.exit?.reason, 'right-lost');
  for (const { upstream, gone, clock, watched, close } of [late, full, lost]) {
    await gone;
    assert.deepEqual([upstream.aborted, watched(), clock.pending], [true, false, 0]);
    await close();
  }
});

test('[KT14] without a recording, or a time for it, it ends with the last', async () => {
  const bench = await terminalBench({ unattendedMs: UNATTENDED_MS });
  bench.terminal.admit(person('ann'));
  await bench.clock.advance(HOLD_MS);
  assert.equal(bench.terminal.exit?.reason, 'hold-expired');
  await bench.close();
  const { port } = tape();
  const other = await terminalBench({ recordings: port });
  await other.terminal.recorder.set(true, { participant: 'p', username: 'ann' });
  other.terminal.admit(person('ann'));
  await other.clock.advance(HOLD_MS);
  assert.equal(other.terminal.exit?.reason, 'hold-expired');
  await other.close();
});
