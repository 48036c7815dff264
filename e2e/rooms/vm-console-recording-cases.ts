import assert from 'node:assert/strict';
import { readCast } from '@krateyard/terminals/recordings/cast';
import type { RecordingList, RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';
import { assertStatus } from '../harness/assert-status.ts';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import type { ShellClient } from './shell-client.ts';
import { ConsoleBench, echoes } from './vm-console-cases.ts';

const CASE_MS = 240_000;

export async function startRecording(client: ShellClient): Promise<string> {
  client.send({ type: 'record', on: true });
  const { id } = await client.frame('recording', ({ on }) => on);
  assert.ok(id !== undefined);
  return id;
}

export async function recordingsOf(who: Person, query: Record<string, string>): Promise<RecordingSummary[]> {
  const reply = await who.api.get('/api/recordings', query);
  assert.equal(reply.status, 200, reply.text);
  return (reply.body as RecordingList).items;
}

export function finished(who: Person, id: string): Promise<RecordingSummary> {
  return pollUntil('the recording to be finished', async () => {
    const { status, body } = await who.api.get(`/api/recordings/${id}/summary`);
    return status === 200 && body.endedAt !== undefined && (body as RecordingSummary);
  });
}

/** Serial consoles that are recorded, on any cluster that runs KubeVirt. */
export async function vmConsoleRecordingCases(fixture: RoomFixture): Promise<void> {
  const { target, gateway } = fixture;
  const bench = await ConsoleBench.set(fixture);
  const vm = await bench.make('taped', 'Always');
  const { who } = await bench.person('recorder');
  const at = { ns: bench.namespace, vm };

  const info = async (): Promise<{ recording: boolean; participants: unknown[] }> =>
    (await who.api.get(`/api/vms/${vm}/console/info`, { namespace: bench.namespace })).body as never;

  cases(
    'recorded serial consoles',
    target,
    (it) => {
      it(
        '[CO15] [RC7] [RC8] recorded on request, for who may open the console, listed and played beside shells',
        async () => {
          const console = await bench.open(who, vm);
          const id = await startRecording(console);
          assert.equal((await info()).recording, true);
          await echoes(console, 'on-the-record');
          assertStatus(await who.api.delete(`/api/recordings/${id}`), 409, 'Conflict');
          console.send({ type: 'record', on: false });
          await console.frame('recording', ({ on }) => !on);
          const summary = await finished(who, id);
          assert.deepEqual(
            [summary.namespace, summary.vm, summary.pod, summary.owner, summary.by, summary.policy],
            [bench.namespace, vm, undefined, undefined, who.username, undefined],
          );
          const cast = readCast((await who.api.get(`/api/recordings/${id}`)).text);
          const said = cast.events.filter(({ code }) => code === 'o').map(({ data }) => data);
          assert.match(said.join(''), /on-the-record/);
          assert.ok(cast.events.some(({ code, data }) => code === 'm' && data === `${who.username} types`));
          assert.deepEqual(
            (await recordingsOf(who, at)).map((one) => one.id),
            [id],
          );
          assert.deepEqual(await recordingsOf(who, { vm: 'another' }), []);

          const stranger = await fixture.person('stranger');
          assert.deepEqual(await recordingsOf(stranger, at), []);
          for (const path of [`/api/recordings/${id}`, `/api/recordings/${id}/summary`])
            assertStatus(await stranger.api.get(path), 403, 'Forbidden');
          assertStatus(await stranger.api.delete(`/api/recordings/${id}`), 403, 'Forbidden');
          const { who: colleague, revoke } = await bench.person('colleague');
          await pollUntil(
            'the colleague to see it',
            async () => (await recordingsOf(colleague, at)).length > 0,
          );
          await revoke();
          await pollUntil('the colleague to see it no more', async () => {
            return (await recordingsOf(colleague, at)).length === 0;
          });
          await pollUntil('the accounts', () => gateway.log.includes('"recording.view"'));
          assert.equal((await who.api.delete(`/api/recordings/${id}`)).status, 204);
          assertStatus(await who.api.get(`/api/recordings/${id}`), 404, 'NotFound');
          assert.ok(!gateway.log.includes('on-the-record'));
          await console.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[CO16] what is recorded goes on without anybody, over a restart too, and who comes gets what was said',
        async () => {
          const console = await bench.open(who, vm);
          const { session } = console.hello;
          await echoes(console, 'before-we-left');
          const id = await startRecording(console);
          await console.close();
          await bench.nobodyAt(who, vm);
          assert.equal((await info()).recording, true);
          const read = async (): Promise<string> => (await who.api.get(`/api/recordings/${id}`)).text;
          const before = (await read()).length;
          const instance = await bench.runs(vm);
          await bench.act(who, vm, 'restart');
          // A real guest has greeted before anybody can be connected to it.
          if (target.kind === 'sandbox')
            await pollUntil('the machine to greet nobody', async () => (await read()).length > before);
          await bench.runs(vm, instance);
          const again = await bench.open(who, vm);
          assert.equal(again.hello.session, session);
          await again.seen(/before-we-left/);
          await again.peopleAre(({ keyboard }) => keyboard === again.hello.you);
          await echoes(again, 'after-we-came');
          again.send({ type: 'record', on: false });
          await again.frame('recording', ({ on }) => !on);
          await again.close();
          await finished(who, id);
          assert.match(await read(), /after-we-came/);
          await bench.nobodyAt(who, vm);
          const anew = await bench.open(who, vm);
          assert.notEqual(anew.hello.session, session);
          await anew.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[CO16] nobody’s console ends with the right of who was there last',
        async () => {
          await bench.nobodyAt(who, vm);
          const { who: guest, revoke } = await bench.person('passer-by');
          const console = await bench.open(guest, vm);
          const id = await startRecording(console);
          await console.close();
          await bench.nobodyAt(who, vm);
          assert.equal((await info()).recording, true);
          await revoke();
          await finished(who, id);
          await pollUntil('the console to be nobody’s', async () => !(await info()).recording);
        },
        { deadlineMs: CASE_MS },
      );
    },
    { concurrency: 1 },
  );
}
