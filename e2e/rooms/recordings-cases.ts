import assert from 'node:assert/strict';
import { castDuration, readCast } from '@krateyard/terminals/recordings/cast';
import type { RecordingList, RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';
import type { Static } from 'typebox';
import { assertStatus } from '../harness/assert-status.ts';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import type { ShellClient } from './shell-client.ts';
import { ShellBench } from './workspace-shell-cases.ts';

const PROMPT = /[#$] /;

/** Recordings of shells through a gateway, on any cluster. */
export async function recordingsCases(fixture: RoomFixture): Promise<void> {
  const { target, gateway } = fixture;
  const bench = await ShellBench.set(fixture);
  const box = await bench.runningPod('recorded');
  const { who: owner } = await bench.person('recorder');

  /** A shell in which `said` was typed and shown, ended; resolves to its recording. */
  async function recorded(who: Person, said: string): Promise<RecordingSummary> {
    const shell = await bench.open(who, { pod: box, rows: 20, cols: 90 });
    await shell.seen(PROMPT);
    const id = await startRecording(shell);
    shell.type(`echo ${said}\r`);
    await shell.seen(new RegExp(`\\n${said}`));
    shell.send({ type: 'resize', rows: 33, cols: 100 });
    await shell.frame('resized', ({ rows }) => rows === 33);
    shell.type('exit 3\r');
    await shell.closed();
    return finished(who, id);
  }

  async function startRecording(shell: ShellClient): Promise<string> {
    shell.send({ type: 'record', on: true });
    const { id } = await shell.frame('recording', ({ on }) => on);
    assert.ok(id !== undefined);
    return id;
  }

  function finished(who: Person, id: string): Promise<RecordingSummary> {
    return pollUntil('the recording to be finished', async () => {
      const { status, body } = await who.api.get(`/api/recordings/${id}/summary`);
      return status === 200 && body.endedAt !== undefined && (body as RecordingSummary);
    });
  }

  const list = async (who: Person, query: Record<string, string> = {}): Promise<string[]> => {
    const reply = await who.api.get('/api/recordings', query);
    assert.equal(reply.status, 200, reply.text);
    return (reply.body as Static<typeof RecordingList>).items.map(({ id }) => id);
  };

  const auditOf = (id: string): readonly Record<string, unknown>[] =>
    gateway.log
      .split('\n')
      .filter((line) => line.includes('"Audit."') && line.includes(id))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  cases('recordings', target, (it) => {
    it('[RC1][RC3][RC6] a recorded shell is read as asciicast: output, keys and whose, sizes, exit', async () => {
      const summary = await recorded(owner, 'said-once');
      assert.deepEqual(
        [summary.namespace, summary.pod, summary.owner, summary.by, summary.truncated],
        [bench.namespace, box, owner.username, owner.username, false],
      );
      const reply = await owner.api.get(`/api/recordings/${summary.id}`);
      assert.equal(reply.status, 200);
      assert.equal(reply.headers['content-type'], 'application/x-asciicast');
      const cast = readCast(reply.text);
      assert.deepEqual([cast.version, cast.rows, cast.cols, cast.skipped], [3, 20, 90, 0]);
      const said = (code: string): string =>
        cast.events
          .filter((event) => event.code === code)
          .map(({ data }) => data)
          .join('');
      assert.match(said('o'), /\nsaid-once/);
      assert.equal(said('i'), 'echo said-once\rexit 3\r');
      assert.match(said('m'), new RegExp(`${owner.username} types`));
      assert.equal(said('r'), '100x33');
      assert.equal(said('x'), '3');
      assert.ok(castDuration(cast) >= summary.seconds * 1000 - 1);
      assert.equal(Buffer.byteLength(reply.text), summary.bytes);
    });

    it('[RC6] lists choose by namespace and pod, one range of bytes is given', async () => {
      const { id, bytes } = await recorded(owner, 'in-parts');
      assert.ok((await list(owner)).includes(id));
      assert.ok((await list(owner, { ns: bench.namespace, pod: box })).includes(id));
      assert.deepEqual(await list(owner, { ns: 'no-such-namespace' }), []);
      assert.deepEqual(await list(owner, { pod: 'no-such-pod' }), []);
      const whole = await owner.api.get(`/api/recordings/${id}`);
      const part = await owner.api.get(`/api/recordings/${id}`, {}, { range: 'bytes=10-19' });
      assert.equal(part.status, 206);
      assert.equal(part.headers['content-range'], `bytes 10-19/${bytes}`);
      assert.equal(part.text, whole.text.slice(10, 20));
      const beyond = await owner.api.get(`/api/recordings/${id}`, {}, { range: `bytes=${bytes}-` });
      assert.equal(beyond.status, 416);
    });

    it('[RC7] they are for the owner and for who may exec there, and for nobody else', async () => {
      const { id } = await recorded(owner, 'not-for-all');
      const stranger = await fixture.person('stranger');
      assert.deepEqual(await list(stranger), []);
      assertStatus(await stranger.api.get(`/api/recordings/${id}`), 403, 'Forbidden');
      assertStatus(await stranger.api.get(`/api/recordings/${id}/summary`), 403, 'Forbidden');
      assertStatus(await stranger.api.delete(`/api/recordings/${id}`), 403, 'Forbidden');
      const { who: colleague, revoke } = await bench.person('colleague');
      await pollUntil('the colleague to see it', async () => (await list(colleague)).includes(id));
      assert.equal((await colleague.api.get(`/api/recordings/${id}`)).status, 200);
      await revoke();
      await pollUntil('the colleague not to see it', async () => (await list(colleague)).length === 0);
      assertStatus(await colleague.api.get(`/api/recordings/${id}`), 403, 'Forbidden');
    });

    it('[RC7] its owner removes it, but not while it is being made', async () => {
      const shell = await bench.open(owner, { pod: box });
      await shell.seen(PROMPT);
      const id = await startRecording(shell);
      assertStatus(await owner.api.delete(`/api/recordings/${id}`), 409, 'Conflict');
      shell.send({ type: 'end' });
      await shell.closed();
      await finished(owner, id);
      assert.equal((await owner.api.delete(`/api/recordings/${id}`)).status, 204);
      assertStatus(await owner.api.get(`/api/recordings/${id}`), 404, 'NotFound');
      assert.ok(!(await list(owner)).includes(id));
      assertStatus(await owner.api.get('/api/recordings/..%2f..%2fetc'), 400, 'BadRequest');
    });

    it('[RC8] who saw and who removed stands in the audit log, what was said does not', async () => {
      const { id } = await recorded(owner, 'never-in-a-log');
      const stranger = await fixture.person('peeper');
      await owner.api.get(`/api/recordings/${id}`);
      await owner.api.get(`/api/recordings/${id}`, {}, { range: 'bytes=5-9' });
      await stranger.api.get(`/api/recordings/${id}`);
      await owner.api.delete(`/api/recordings/${id}`);
      await pollUntil('the lines', () => auditOf(id).length >= 3);
      assert.deepEqual(
        auditOf(id).map(({ action, user, outcome }) => [action, user, outcome]),
        [
          ['recording.view', owner.username, 'allowed'],
          ['recording.view', stranger.username, 'refused'],
          ['recording.delete', owner.username, 'allowed'],
        ],
      );
      assert.ok(!gateway.log.includes('never-in-a-log'));
    });
  });
}
