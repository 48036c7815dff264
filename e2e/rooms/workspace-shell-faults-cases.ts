import assert from 'node:assert/strict';
import { cases, type Case } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { ShellBench } from './workspace-shell-cases.ts';

const PROMPT = /[#$] /;

/** Flags of the gateway in front: few shells, and holds that are short but longer than a few shells take to open on a busy machine. */
export const SHELL_FAULTS_ARGS = [
  '--shell-hold-seconds=10',
  '--max-shells-per-user-and-namespace=4',
  '--max-shells-per-user=5',
  '--max-shells=6',
  '--shell-scrollback-bytes=65536',
  '--log-level=debug',
] as const;

/** Shells at their bounds, and while things around them die. */
export async function workspaceShellFaultsCases(fixture: RoomFixture): Promise<void> {
  const { target, gateway } = fixture;
  const bench = await ShellBench.set(fixture);
  const name = await bench.runningPod('box');

  cases('shells: faults', target, define, { concurrency: 1 });

  function shellsOpenAgain(who: Person): Promise<unknown> {
    return pollUntil(
      'shells again',
      async () => {
        const next = await bench.open(who, { pod: name });
        await next.seen(PROMPT);
        next.send({ type: 'end' });
        await next.closed();
        return true;
      },
      { deadlineMs: 60_000 },
    );
  }

  function define(it: Case): void {
    it('[SH14] an owner who stays away loses the session, a guest their part in it', async () => {
      const owner = await bench.person('owner');
      const guest = await bench.person('guest');
      const shell = await bench.open(owner.who, { pod: name });
      const { session, key } = shell.hello;
      const watcher = await bench.join(guest.who, { session });
      watcher.cut();
      await shell.frame('people', ({ participants }) => participants.some(({ connected }) => !connected));
      await shell.peopleAre(({ participants }) => participants.length === 1);
      const stays = await bench.join(guest.who, { session });
      shell.cut();
      await stays.closed();
      assert.equal(stays.exit?.reason, 'hold-expired');
      assert.equal((await bench.refusal(owner.who, { ns: undefined, session, key })).status, 404);
    });

    it('[SH12] [SH13] output that nobody holds the process back for is a gap for who comes late', async () => {
      const owner = await bench.person('owner');
      const guest = await bench.person('guest');
      const command = ['sh', '-c', 'read x; yes | head -c 1000000; read y'];
      const shell = await bench.open(owner.who, { pod: name, tty: false, command });
      const watcher = await bench.join(guest.who, { session: shell.hello.session });
      const { key } = watcher.hello;
      watcher.cut();
      await shell.frame('people', ({ participants }) => participants.some(({ connected }) => !connected));
      shell.type('go\n');
      await pollUntil('all output', () => shell.bytes === 1_000_000);
      shell.acknowledge();
      const late = await bench.join(guest.who, { session: shell.hello.session, key, from: 0 });
      const gap = await late.frame('gap');
      assert.deepEqual([gap.from, late.hello.offset], [0, gap.to]);
      await pollUntil('the rest', () => late.offset === 1_000_000);
      shell.type('go\n');
      await shell.closed();
    });

    it('[SH13] a guest who does not read holds the owner for a second at most, and is told what it has missed', async () => {
      const bytes = 1_000_000;
      const [owner, guest] = [await bench.person('owner'), await bench.person('guest')];
      const command = ['sh', '-c', `read x; yes | head -c ${bytes}; read y`];
      const shell = await bench.open(owner.who, { pod: name, tty: false, command });
      const { session } = shell.hello;
      const watcher = await bench.join(guest.who, { session }, { acknowledging: false });
      shell.type('go\n');
      // Before the 15 s after which who takes nothing is cut off.
      await pollUntil('all output', () => shell.bytes === bytes, { deadlineMs: 12_000 });
      assert.equal(watcher.closeCode, undefined);
      assert.equal(watcher.bytes, watcher.hello.windowBytes);
      watcher.acknowledging = true;
      watcher.acknowledge();
      const gap = await watcher.frame('gap');
      await pollUntil('the rest', () => watcher.offset === bytes);
      assert.deepEqual([gap.from, watcher.bytes], [watcher.hello.windowBytes, bytes - (gap.to - gap.from)]);
      shell.type('go\n');
      await shell.closed();
    });

    it('[SH26] beyond the limits a shell is refused with 429 and Retry-After; held ones count, ended ones do not', async () => {
      const { who } = await bench.person('many');
      const open = [];
      for (let count = 0; count < 4; count += 1) open.push(await bench.open(who, { pod: name }));
      const refused = await bench.refusal(who, { pod: name });
      assert.equal(refused.status, 429);
      assert.equal(refused.headers['retry-after'], '5');
      assert.equal(refused.body.reason, 'TooManyRequests');
      assert.match(refused.body.message, /in one namespace/);
      assert.equal((await who.api.post('/api/shells', { ns: bench.namespace, pod: name })).status, 429);
      open[0]!.cut();
      assert.equal((await bench.refusal(who, { pod: name })).status, 429);
      open[1]!.send({ type: 'end' });
      await open[1]!.closed();
      const again = await bench.open(who, { pod: name });
      const others = await bench.person('others');
      const one = await bench.open(others.who, { pod: name });
      const last = await bench.open(others.who, { pod: name });
      assert.match((await bench.refusal(others.who, { pod: name })).body.message, /in this gateway/);
      for (const shell of [...open.slice(2), again, one, last]) {
        shell.send({ type: 'end' });
        await shell.closed();
      }
    });

    it('[SH27] a recording is begun and ended by the owner and told to all', async () => {
      const owner = await bench.person('owner');
      const guest = await bench.person('guest');
      const shell = await bench.open(owner.who, { pod: name });
      await shell.seen(PROMPT);
      const watcher = await bench.join(guest.who, { session: shell.hello.session });
      watcher.send({ type: 'record', on: true });
      assert.equal((await watcher.frame('error')).status.reason, 'Forbidden');
      shell.send({ type: 'record', on: true });
      const on = await watcher.frame('recording');
      assert.deepEqual([on.on, on.by], [true, owner.who.username]);
      const late = await bench.join(guest.who, { session: shell.hello.session });
      assert.equal(late.hello.recording, true);
      shell.type('echo recorded; exit\r');
      await shell.closed();
      const cast = await pollUntil('the cast', async () => {
        const reply = await owner.who.api.get(`/api/recordings/${on.id}`);
        return reply.status === 200 && reply.text.includes('recorded') ? reply.text : undefined;
      });
      assert.match(cast, /"version": ?3/);
    });

    it('[SH28] opening and joining are accounted for; keys and output stand in no log', async () => {
      const owner = await bench.person('owner');
      const guest = await bench.person('guest');
      const shell = await bench.open(owner.who, { pod: name });
      await shell.seen(PROMPT);
      await bench.join(guest.who, { session: shell.hello.session });
      shell.type('echo sesame-$((40+2))\r');
      await shell.seen(/\nsesame-42/);
      shell.raw('{"type":"open sesame');
      await shell.frame('error');
      shell.send({ type: 'end' });
      await shell.closed();
      const audited = (action: string, who: string): boolean =>
        gateway.log
          .split('\n')
          .some(
            (line) =>
              line.includes(`"action":"${action}"`) &&
              line.includes(who) &&
              line.includes(`"name":"${name}"`),
          );
      await pollUntil(
        'the audit lines',
        () => audited('shell.open', owner.who.username) && audited('shell.join', guest.who.username),
      );
      assert.doesNotMatch(gateway.log, /sesame/);
      assert.ok(!gateway.log.includes(shell.hello.key));
    });

    it(
      '[SH32] when the API server dies the session ends, and says what is known',
      async () => {
        const { who } = await bench.person('unlucky');
        const shell = await bench.open(who, { pod: name });
        await shell.seen(PROMPT);
        const restarted = target.restartApiServer(1);
        await shell.closed(60_000);
        assert.equal(shell.exit?.reason, 'upstream-lost', JSON.stringify(shell.exit));
        assert.match(shell.exit?.message ?? '', /connection to the process was lost/);
        await restarted;
        await shellsOpenAgain(who);
      },
      { deadlineMs: 150_000 },
    );

    it(
      '[SH32] when the kubelet dies the session ends, no exit code is made up, and shells open again',
      async () => {
        const { who } = await bench.person('noded');
        const shell = await bench.open(who, { pod: name });
        await shell.seen(PROMPT);
        const restarted = target.restartKubelet();
        await shell.closed(60_000);
        assert.deepEqual([shell.exit?.reason, shell.exit?.code], ['upstream-lost', null]);
        await restarted;
        await shellsOpenAgain(who);
      },
      { deadlineMs: 300_000, skip: target.noKubelet },
    );

    it('[SH33] a stopping gateway says so, and closes with a code that asks to come back', async () => {
      const { who } = await bench.person('drained');
      const shell = await bench.open(who, { pod: name });
      await shell.seen(PROMPT);
      const stopped = gateway.kill('SIGTERM');
      assert.equal(await shell.closed(), 4001);
      assert.equal(shell.exit?.reason, 'draining');
      await stopped;
      await gateway.start();
    });
  }
}
