import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { assert as check, array, asyncProperty, constantFrom, record, string } from 'fast-check';
import { isForbidden } from '@krateyard/status/status-error';
import type { Dialect } from './dialect.ts';
import { GUEST_WAIT_MS } from './member.ts';
import {
  eventually,
  HOLD_MS,
  IDLE_MS,
  STALL_MS,
  person,
  terminalBench,
  type BenchClient,
  type BenchOptions,
} from './testing/terminal-bench.ts';
import { typedDialect } from './typed-dialect.ts';

const SMALL: BenchOptions = { owner: 'alice', windowBytes: 1000, scrollbackBytes: 4000 };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function bench(options: BenchOptions = {}) {
  const made = await terminalBench(options);
  closers.push(made.close);
  return made;
}

/** All that the client has said so far has been understood. */
async function heard(client: BenchClient): Promise<void> {
  const before = client.of('pong').length;
  client.say({ type: 'ping' });
  await client.until((it) => it.of('pong').length > before);
}

test('[KT1] output reaches everybody from where they come in, and the rest of what is kept', async () => {
  const { terminal, upstream, connect } = await bench({ owner: 'alice' });
  const alice = await connect(terminal.owner!);
  upstream.say('hello ');
  await alice.until(({ text }) => text === 'hello ');
  const bob = await connect(terminal.admit(person('bob')));
  upstream.say('world');
  for (const one of [alice, bob]) await one.until(({ text }) => text === 'hello world');
  assert.deepEqual(alice.of('hello')[0]?.offset, 0);
});

test('[KT2] [KT8] an owner who draws nothing gets a window, then holds the upstream back, then is cut off and comes back', async () => {
  const { terminal, upstream, connect, clock } = await bench(SMALL);
  const { owner } = terminal;
  const alice = await connect(owner!);
  alice.acknowledges = false;
  const watching = await connect(terminal.admit(person('bob')));
  upstream.say('x'.repeat(3000));
  await watching.until(({ text }) => text.length === 3000);
  await alice.until(({ text }) => text.length === 1000);
  assert.equal(upstream.paused, false);
  upstream.say('y'.repeat(1500));
  await watching.until(({ text }) => text.length === 4500);
  assert.equal(upstream.paused, true);
  await clock.advance(STALL_MS + 5_000);
  await alice.until(({ closed }) => closed === 4002);
  assert.equal(upstream.paused, true);
  const back = await connect(terminal.returning(owner!.principal, owner!.key)!, 1000);
  await back.until(({ text }) => text === `${'x'.repeat(2000)}${'y'.repeat(1500)}`);
  await eventually(() => !upstream.paused);
});

test('[KT13] a guest who draws nothing is waited for a second, is told what it has missed, and goes on', async () => {
  const { terminal, upstream, connect, clock } = await bench(SMALL);
  const alice = await connect(terminal.owner!);
  const slow = await connect(terminal.admit(person('bob')));
  let said = 0;
  const flood = async (bytes: number): Promise<void> => {
    upstream.say('x'.repeat(bytes));
    said += bytes;
    await alice.until(({ offset }) => offset === said);
    await heard(alice);
  };
  slow.acknowledges = false;
  await flood(4500);
  await clock.advance(GUEST_WAIT_MS - 1);
  assert.equal(upstream.paused, true);
  await clock.advance(1);
  assert.equal(upstream.paused, false);
  for (let count = 0; count < 10; count += 1) await flood(50_000);
  assert.deepEqual([upstream.paused, slow.offset, slow.closed], [false, 1000, undefined]);
  slow.acknowledges = true;
  slow.say({ type: 'ack', offset: 1000 });
  await slow.until(({ offset }) => offset === said);
  assert.deepEqual(slow.of('gap'), [{ type: 'gap', from: 1000, to: terminal.scrollback.start }]);
  assert.equal(slow.text.length, 1000 + said - terminal.scrollback.start);
  // Who has caught up is waited for again.
  slow.acknowledges = false;
  await flood(4500);
  await clock.advance(GUEST_WAIT_MS);
  assert.equal(upstream.paused, false);
  await clock.advance(STALL_MS + 5_000);
  await slow.until(({ closed }) => closed === 4002);
});

test('[KT13] the time that a guest holds the upstream back is added up until the guest has caught up', async () => {
  const { terminal, upstream, connect, clock } = await bench(SMALL);
  const alice = await connect(terminal.owner!);
  const slow = await connect(terminal.admit(person('bob')));
  slow.acknowledges = false;
  upstream.say('x'.repeat(4500));
  for (const drawn of [600, 1000]) {
    await heard(alice);
    assert.equal(upstream.paused, true);
    await clock.advance(400);
    slow.say({ type: 'ack', offset: drawn });
    await eventually(() => !upstream.paused);
    upstream.say('y'.repeat(400));
  }
  await alice.until(({ offset }) => offset === 5300);
  await heard(alice);
  await clock.advance(199);
  assert.equal(upstream.paused, true);
  await clock.advance(1);
  assert.equal(upstream.paused, false);
});

test('[KT13] without an owner who types leads, and the others hold nobody for longer', async () => {
  const { terminal, upstream, connect, clock } = await bench({ windowBytes: 1000, scrollbackBytes: 4000 });
  const [ada, bob] = [terminal.admit(person('ada')), terminal.admit(person('bob'))];
  const [first, second] = [await connect(ada), await connect(bob)];
  second.acknowledges = false;
  upstream.say('x'.repeat(4500));
  await first.until(({ offset }) => offset === 4500);
  await heard(first);
  await clock.advance(GUEST_WAIT_MS);
  assert.equal(upstream.paused, false);
  first.say({ type: 'grant', to: bob.id });
  await first.until((it) => it.of('people').at(-1)!.keyboard === bob.id);
  upstream.say('y');
  assert.equal(upstream.paused, true, 'the one who types now');
  await clock.advance(GUEST_WAIT_MS);
  assert.equal(upstream.paused, true);
});

test('[KT13] who cannot be told what they have missed is cut off instead', async () => {
  const { terminal, upstream, connect, clock } = await bench(SMALL);
  const alice = await connect(terminal.owner!);
  const wordless: Dialect = {
    ...typedDialect(),
    acknowledges: false,
    frame: (frame) => (frame.type === 'gap' ? undefined : JSON.stringify(frame)),
  };
  const deaf = await connect(terminal.admit(person('bob')), undefined, wordless);
  deaf.acknowledges = false;
  deaf.ws.pause();
  let said = 0;
  const flood = async (): Promise<void> => {
    upstream.say('z'.repeat(64 * 1024));
    said += 64 * 1024;
    await alice.until(({ offset }) => offset === said);
    await heard(alice);
  };
  // What the system takes for a client that does not read is not known.
  while (!upstream.paused) await flood();
  await clock.advance(GUEST_WAIT_MS);
  assert.equal(upstream.paused, false);
  for (let count = 0; count < 5; count += 1) await flood();
  deaf.ws.resume();
  await deaf.until(({ closed }) => closed === 4002);
  assert.equal(upstream.paused, false);
});

test('[KT2] more than is kept, said at once, reaches who reads slowly', async () => {
  const { terminal, upstream, connect } = await bench({ windowBytes: 1000, scrollbackBytes: 4000 });
  const ada = await connect(terminal.admit(person('ada')));
  const all = Array.from({ length: 60_000 }, (_, index) => `line ${index}\r\n`).join('');
  upstream.say(all);
  assert.equal(upstream.paused, true);
  await ada.until(({ text }) => text.length === all.length);
  assert.equal(ada.text, all);
  assert.equal(upstream.paused, false);
  upstream.say('.');
  assert.ok(terminal.scrollback.heldBytes < 300_000, `${terminal.scrollback.heldBytes} bytes`);
});

test('[KT4] the keyboard is lent, and the size is that of who has it', async () => {
  const { terminal, upstream, connect } = await bench({ owner: 'alice' });
  const alice = await connect(terminal.owner!);
  const bob = terminal.admit(person('bob'));
  const guest = await connect(bob);
  alice.say({ type: 'resize', rows: 10, cols: 20 });
  guest.say({ type: 'resize', rows: 30, cols: 40 });
  guest.say({ type: 'ask' });
  await alice.until((it) =>
    it
      .of('people')
      .at(-1)!
      .participants.some(({ asks }) => asks),
  );
  alice.say({ type: 'grant', to: bob.id });
  await guest.until((it) => it.of('resized').at(-1)?.rows === 30);
  guest.type('ls');
  await eventually(() => upstream.written.length > 0);
  assert.deepEqual(upstream.sizes, ['10x20', '30x40']);
});

test('[KT5] without an owner everybody is equal: the first types, an idle holder can be relieved', async () => {
  const { terminal, upstream, connect, clock } = await bench();
  const [ada, bob] = [terminal.admit(person('ada')), terminal.admit(person('bob'))];
  const first = await connect(ada);
  const second = await connect(bob);
  assert.equal(second.of('people').at(-1)!.keyboard, ada.id);
  second.say({ type: 'take' });
  await second.until((it) => it.of('error').length === 1);
  await clock.advance(IDLE_MS);
  second.say({ type: 'take' });
  await first.until((it) => it.of('people').at(-1)!.keyboard === bob.id);
  for (const frame of [{ type: 'end' }, { type: 'remove', participant: ada.id }]) second.say(frame);
  await second.until((it) => it.of('error').length === 3);
  second.ws.terminate();
  await first.until((it) => it.of('people').at(-1)!.keyboard === null);
  first.say({ type: 'take' });
  first.type('mine');
  await eventually(() => upstream.written.includes('mine'));
});

test('[KT6] cut at any points, all output arrives once and in order', async () => {
  await check(
    asyncProperty(
      array(
        record({
          text: string({ minLength: 1, unit: 'grapheme-ascii' }),
          next: constantFrom('cut', 'move', 'go on'),
        }),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
      async (steps) => {
        const made = await terminalBench({ owner: 'alice' });
        try {
          const { terminal, upstream, connect } = made;
          const owner = terminal.owner!;
          let client = await connect(owner);
          let heard = '';
          for (const { text, next } of steps) {
            upstream.say(text);
            if (next === 'go on') continue;
            const before = client;
            if (next === 'cut') before.ws.terminate();
            client = await connect(terminal.returning(owner.principal, owner.key)!, before.offset ?? 0);
            if (next === 'move') await before.until(({ closed }) => closed === 4509);
            heard += before.text;
            // What came to the old socket after the new one asked from its offset comes again.
            heard = heard.slice(0, client.of('hello')[0]!.offset);
          }
          const all = steps.map(({ text }) => text).join('');
          await client.until(({ text }) => heard + text === all);
        } finally {
          await made.close();
        }
      },
    ),
    { numRuns: 20 },
  );
});

test('[KT6] bytes that are not kept any more are named, and the key is one person’s', async () => {
  const { terminal, upstream, connect } = await bench({ scrollbackBytes: 1000 });
  const ada = terminal.admit(person('ada'));
  const first = await connect(ada);
  first.ws.terminate();
  await eventually(() => terminal.summary().heldUntil !== undefined);
  for (let count = 0; count < 20; count += 1) upstream.say('z'.repeat(64 * 1024));
  const back = await connect(ada, 5);
  await back.until((it) => it.of('gap').length === 1);
  assert.deepEqual(back.of('gap')[0], { type: 'gap', from: 5, to: terminal.scrollback.start });
  assert.equal(back.of('hello')[0]!.offset, terminal.scrollback.start);
  assert.throws(() => terminal.returning(person('bob'), ada.key), isForbidden);
  assert.equal(terminal.returning(person('ada'), 'nonsense'), undefined);
});

test('[KT7] a guest leaves after the hold, and with the owner the terminal ends', async () => {
  const { terminal, upstream, connect, clock, gone } = await bench({ owner: 'alice' });
  const alice = await connect(terminal.owner!);
  (await connect(terminal.admit(person('bob')))).ws.terminate();
  await alice.until((it) => it.of('people').at(-1)!.participants[1]?.connected === false);
  await clock.advance(HOLD_MS);
  await alice.until((it) => it.of('people').at(-1)!.participants.length === 1);
  alice.ws.terminate();
  await alice.until(({ closed }) => closed !== undefined);
  await eventually(() => clock.pending >= 2);
  await clock.advance(HOLD_MS);
  await gone;
  assert.deepEqual([upstream.aborted, clock.pending], [true, 0]);
});

test('[KT7] without an owner it ends when nobody is left', async () => {
  const { terminal, upstream, connect, clock, gone } = await bench();
  const [ada, bob] = [terminal.admit(person('ada')), terminal.admit(person('bob'))];
  const first = await connect(ada);
  await clock.advance(HOLD_MS);
  assert.throws(() => terminal.input(bob, Buffer.from('x')), isForbidden);
  assert.equal(terminal.summary().participants.length, 1, 'who never came has left');
  first.ws.terminate();
  await eventually(() => terminal.summary().heldUntil !== undefined);
  await clock.advance(HOLD_MS);
  await gone;
  assert.deepEqual([upstream.aborted, clock.pending], [true, 0]);
});

test('[KT9] who loses the right is out, and the others go on', async () => {
  const { terminal, upstream, connect } = await bench();
  const [ada, bob] = [terminal.admit(person('ada')), terminal.admit(person('bob'))];
  const [first, second] = [await connect(ada), await connect(bob)];
  let released = 0;
  terminal.guard(ada, { [Symbol.dispose]: () => (released += 1) });
  terminal.remove(ada, 'right-lost');
  await first.until(({ closed }) => closed === 4503);
  assert.equal(first.of('exit')[0]?.message, 'You may not be here any more.');
  assert.equal(released, 1);
  await second.until((it) => it.of('people').at(-1)!.keyboard === null);
  upstream.say('still here');
  await second.until(({ text }) => text === 'still here');
});

test('[KT10] what is behind it goes and comes beside the bytes, and newcomers are told', async () => {
  const { terminal, upstream, connect } = await bench();
  const first = await connect(terminal.admit(person('ada')));
  upstream.say('before');
  upstream.listener.onNotice('waiting', 'It restarts.');
  await first.until((it) => it.of('notice').length === 1);
  const second = await connect(terminal.admit(person('bob')));
  await second.until((it) => it.of('notice').length === 1);
  const { state, message, offset } = second.of('notice')[0]!;
  assert.deepEqual({ state, message, offset }, { state: 'waiting', message: 'It restarts.', offset: 6 });
  upstream.listener.onNotice('attached', 'It is back.');
  upstream.say(' after');
  for (const one of [first, second]) await one.until(({ text }) => text === 'before after');
  const third = await connect(terminal.admit(person('cyd')));
  await third.until(({ text }) => text === 'before after');
  assert.equal(third.of('notice').length, 0);
});

test('[KT11] what cannot be taken is refused, and input that waits holds the one who types', async () => {
  const { terminal, upstream, connect } = await bench();
  const [ada, bob] = [terminal.admit(person('ada')), terminal.admit(person('bob'))];
  const [first, second] = [await connect(ada), await connect(bob)];
  second.type('watching');
  await second.until((it) => it.of('error')[0]?.status.reason === 'Forbidden');
  upstream.away = true;
  first.type('lost');
  await first.until((it) => it.of('error')[0]?.status.reason === 'ServiceUnavailable');
  upstream.away = false;
  upstream.unsentBytes = 2 << 20;
  first.type('one');
  await eventually(() => upstream.written.length === 1);
  first.type('two');
  upstream.say('others are served');
  await second.until(({ text }) => text !== '');
  assert.deepEqual(upstream.written, ['one']);
  upstream.unsentBytes = 0;
  upstream.listener.onWritable();
  await eventually(() => upstream.written.length === 2);
});

test('[KT12] the end comes after all output; draining says so', async () => {
  const ended = await bench({ owner: 'alice', windowBytes: 10 });
  const alice = await ended.connect(ended.terminal.owner!);
  ended.upstream.say('all of this comes first');
  ended.upstream.listener.onEnd(async () => ({ code: 3, reason: 'exited' }));
  await alice.until(({ closed }) => closed === 1000);
  assert.deepEqual(
    [alice.text, alice.frames.at(-1)],
    ['all of this comes first', { type: 'exit', code: 3, reason: 'exited' }],
  );
  await ended.gone;
  assert.equal(ended.clock.pending, 0);
  const draining = await bench();
  const ada = await draining.connect(draining.terminal.admit(person('ada')));
  draining.all.drain();
  await ada.until(({ closed }) => closed === 4001);
  assert.equal(ada.of('exit')[0]?.reason, 'draining');
  assert.throws(() => draining.all.requireOpen(), /stopping/);
  await draining.gone;
});

test('[KT1] output that waits in a socket is not overwritten by what comes after it is kept no more', async () => {
  const { terminal, upstream, connect } = await bench({ owner: 'alice', scrollbackBytes: 1 });
  // Who acknowledges nothing needs nothing to be kept: what was sent may be forgotten while it is on its way.
  const client = await connect(terminal.owner!, 0, { ...typedDialect(), acknowledges: false });
  client.acknowledges = false;
  client.ws.pause();
  let said = '';
  for (let count = 0; !upstream.paused; count += 1) {
    const text = `${count};`.repeat(2_000);
    said += text;
    upstream.say(text);
    await new Promise(setImmediate);
  }
  assert.ok(terminal.scrollback.start > 0);
  client.ws.resume();
  await client.until(({ text }) => text.length === said.length);
  // Not `equal`: it would print megabytes.
  assert.ok(client.text === said);
});
