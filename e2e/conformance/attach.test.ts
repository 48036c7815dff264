import assert from 'node:assert/strict';
import type { Query } from '../harness/api.ts';
import { assertCode } from '../harness/assert-status.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { openExec, RESIZE, STDERR, STDIN, STDOUT, type ExecSocket } from '../harness/exec-socket.ts';
import { BUSYBOX, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('attach');
const pods = `/api/v1/namespaces/${ns}/pods`;

const podWhen = (what: string, name: string, look: (now: Wire) => unknown): Promise<Wire> =>
  pollUntil(
    `${name} to ${what}`,
    async () => {
      const { body } = await admin.get(`${pods}/${name}`);
      return look(body) ? body : undefined;
    },
    { deadlineMs: 40_000 },
  );

/** A running pod of one container that never starts again. */
async function runningPod(name: string, command: string[], streams: Wire): Promise<void> {
  const main = { name: 'main', image: BUSYBOX, imagePullPolicy: 'Never', command, ...streams };
  assertCode(await admin.post(pods, pod(name, '', { containers: [main], restartPolicy: 'Never' })), 201);
  await podWhen('run', name, (now) => now.status.containerStatuses?.[0].state.running);
}

const attach = (name: string, query: Query): Promise<ExecSocket> =>
  openExec(admin, `${pods}/${name}/attach`, { container: 'main', stdin: true, stdout: true, ...query });

cases(
  'pods: attach',
  target,
  (it) => {
    it('standard input reaches the program, and ends with the first who attaches where stdinOnce says so', async () => {
      await runningPod('once', ['sh', '-c', 'cat; echo over >&2; exit 3'], { stdin: true, stdinOnce: true });
      using session = await attach('once', { stderr: true });
      session.send(STDIN, 'through\n');
      await session.seen(STDOUT, /^through\n$/);
      session.closeStdin();
      assert.equal((await session.finished()).status, 'Success');
      assert.equal(session.output[STDERR], 'over\n');
      const now = await podWhen('end', 'once', (each) => each.status.phase === 'Failed');
      assert.equal(now.status.containerStatuses[0].state.terminated.exitCode, 3);
      const log = await admin.get(`${pods}/once/log`);
      assert.equal(log.text, 'through\nover\n');
    });

    it('a TTY takes the size it is told and outlives who is attached', async () => {
      await runningPod('typed', ['sh'], { stdin: true, tty: true });
      {
        using first = await attach('typed', { tty: true });
        first.send(RESIZE, JSON.stringify({ Width: 91, Height: 33 }));
        first.send(STDIN, '\r');
        await first.seen(STDOUT, /[#$] /);
        first.send(STDIN, 'stty size; X=kept\r');
        await first.seen(STDOUT, /\r\n33 91\r\n.*[#$] /);
      }
      using second = await attach('typed', { tty: true });
      second.send(STDIN, 'echo $X\r');
      await second.seen(STDOUT, /\r\nkept\r\n/);
      second.send(STDIN, 'exit\r');
      assert.equal((await second.finished()).status, 'Success');
      await podWhen('end', 'typed', (each) => each.status.phase === 'Succeeded');
    });
  },
  { concurrency: 2 },
);
