import assert from 'node:assert/strict';
import { cases } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { floodTerminals } from './flood-terminals.ts';
import { roomFixture } from './room-fixture.ts';
import { ShellBench } from './workspace-shell-cases.ts';

const FRAMES = 100_000;

const fixture = await roomFixture(['--shell-hold-seconds=1', '--record-namespaces=recorded']);
const { target, gateway } = fixture;
const bench = await ShellBench.set(fixture);
const name = await bench.runningPod('box');

const chance = chanceFrom(23);

cases(
  'shells: abuse',
  target,
  (it) => {
    it(
      `[SH34] ${FRAMES} random frames, and another's shell goes on`,
      async () => {
        const honest = await bench.person('honest');
        const shell = await bench.open(honest.who, { pod: name });
        await shell.seen(/[#$] /);
        const { who } = await bench.person('monkey');
        const codes = await floodTerminals(chance, FRAMES, () => {
          const joins = chance.random() < 0.5;
          const query = joins ? { ns: undefined, session: shell.hello.session } : { pod: name };
          return bench.open(who, query, chance.random() < 0.2 ? { protocol: null } : {});
        });
        assert.ok((codes.get(4500) ?? 0) > 0, 'too many senseless frames close the socket');
        shell.type('echo still-$((1+1))\r');
        await shell.seen(/\nstill-2/);
        shell.send({ type: 'end' });
        await shell.closed();
        await pollUntil(
          'no session to be left',
          async () => (await honest.who.api.get('/api/shells')).body.items.length === 0,
        );
        assert.equal((await fetch(`${gateway.origin}/livez`)).status, 200);
      },
      { deadlineMs: 200_000 },
    );

    it('[SH34] frames above the bound close with 1009, input above it is refused', async () => {
      const { who } = await bench.person('big');
      const shell = await bench.open(who, { pod: name });
      shell.raw(Buffer.alloc(64 * 1024 + 2));
      assert.equal((await shell.frame('error')).status.reason, 'RequestEntityTooLarge');
      shell.raw(Buffer.alloc(128 * 1024 + 1));
      assert.equal(await shell.closed(), 1009);
    });

    it('[SH34] a client that asks and does not read costs bounded memory', async () => {
      const { who } = await bench.person('deaf');
      const shell = await bench.open(who, { pod: name });
      shell.pause();
      for (let count = 0; count < 200_000; count += 1) shell.send({ type: 'ping', nonce: 'x'.repeat(64) });
      await new Promise(setImmediate);
      const metrics = await (await fetch(`${gateway.origin}/metrics`)).text();
      const resident = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? '0');
      assert.ok(resident < 400e6, `${resident} bytes`);
      shell.cut();
    });

    it('[SH27] where the policy says so a shell is recorded from its first byte', async () => {
      const { who } = await bench.person('watched');
      await target.make('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'recorded' },
      });
      await who.grant('edit', 'recorded');
      const pods = '/api/v1/namespaces/recorded/pods';
      await pollUntil('a pod', async () => {
        const made = await target.admin.post(pods, pod('box'));
        return made.status === 201 || made.status === 409;
      });
      await pollUntil(
        'it to run',
        async () => (await target.admin.get(`${pods}/box`)).body.status?.phase === 'Running',
      );
      const shell = await bench.open(who, { ns: 'recorded', pod: 'box' });
      assert.equal(shell.hello.recording, true);
      shell.send({ type: 'record', on: false });
      assert.equal((await shell.frame('error')).status.reason, 'Forbidden');
      shell.send({ type: 'end' });
      await shell.closed();
    });

    it(
      '[SH35] pings are answered on both sides, and a heartbeat comes',
      async () => {
        const { who } = await bench.person('idle');
        const shell = await bench.open(who, { pod: name });
        shell.send({ type: 'ping', nonce: 'n1' });
        assert.equal((await shell.frame('pong')).nonce, 'n1');
        await shell.frame('heartbeat');
        assert.equal(shell.closeCode, undefined);
      },
      { deadlineMs: 90_000 },
    );
  },
  { concurrency: 1 },
);
