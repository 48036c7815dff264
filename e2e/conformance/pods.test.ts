import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import type { Query } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { ERROR, openExec, RESIZE, STDERR, STDIN, STDOUT, type ExecSocket } from '../harness/exec-socket.ts';
import { container, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { RefusedUpgrade } from '../harness/when-open.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('pods');
const pods = `/api/v1/namespaces/${ns}/pods`;
const patience = { deadlineMs: 40_000 };

const podNow = async (name: string): Promise<Wire> => (await admin.get(`${pods}/${name}`)).body;
const running = (name: string): Promise<Wire> =>
  pollUntil(
    `${name} to run`,
    async () => {
      const now = await podNow(name);
      return now.status.containerStatuses?.every((c: Wire) => c.ready) && now;
    },
    patience,
  );
const ended = (name: string): Promise<Wire> =>
  pollUntil(
    `${name} to end`,
    async () => {
      const now = await podNow(name);
      return ['Succeeded', 'Failed'].includes(now.status.phase) && now;
    },
    patience,
  );
const logOf = async (name: string, query: Query = {}): Promise<string> =>
  (await admin.get(`${pods}/${name}/log`, query)).text;

const script = 'echo one; echo two >&2; echo three; trap "exit 0" TERM; while true; do sleep 1; done';
await admin.post(pods, pod('steady', script));
await admin.post(
  pods,
  pod('pair', undefined, {
    containers: [container(script, { name: 'left' }), container(script, { name: 'right' })],
  }),
);

cases(
  'pods: life',
  target,
  (it) => {
    it('a pod is scheduled, gets an address and becomes ready', async () => {
      const now = await running('steady');
      assert.equal(now.status.phase, 'Running');
      assert.match(now.status.podIP, /^\d+\.\d+\.\d+\.\d+$/);
      assert.deepEqual(now.status.podIPs, [{ ip: now.status.podIP }]);
      assert.ok(now.spec.nodeName);
      assert.ok(now.status.hostIP);
      assert.ok(now.status.startTime);
      const conditions = new Map(now.status.conditions.map((c: Wire) => [c.type, c.status]));
      for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'])
        assert.equal(conditions.get(type), 'True', type);
      const [status] = now.status.containerStatuses;
      assert.equal(status.restartCount, 0);
      assert.equal(status.started, true);
      assert.ok(status.state.running.startedAt);
      assert.match(status.containerID, /^\w+:\/\/[0-9a-f]{64}$/);
    });

    it('a pod that ends with 0 and restartPolicy Never has Succeeded', async () => {
      await admin.post(pods, pod('done', 'exit 0', { restartPolicy: 'Never' }));
      const now = await ended('done');
      assert.equal(now.status.phase, 'Succeeded');
      const { terminated } = now.status.containerStatuses[0].state;
      assert.equal(terminated.exitCode, 0);
      assert.equal(terminated.reason, 'Completed');
    });

    it('a pod that ends with another code has Failed', async () => {
      await admin.post(pods, pod('broken', 'exit 3', { restartPolicy: 'Never' }));
      const now = await ended('broken');
      assert.equal(now.status.phase, 'Failed');
      assert.equal(now.status.containerStatuses[0].state.terminated.exitCode, 3);
      assert.equal(now.status.containerStatuses[0].state.terminated.reason, 'Error');
    });

    it('restartPolicy Always restarts, counts and backs off', async () => {
      await admin.post(pods, pod('crashing', 'echo boom; exit 1'));
      const now = await pollUntil(
        'CrashLoopBackOff',
        async () => {
          const seen = await podNow('crashing');
          const status = seen.status.containerStatuses?.[0];
          return status?.state.waiting?.reason === 'CrashLoopBackOff' && status.restartCount >= 1 && seen;
        },
        { deadlineMs: 55_000 },
      );
      const [status] = now.status.containerStatuses;
      assert.equal(now.status.phase, 'Running');
      assert.equal(status.lastState.terminated.exitCode, 1);
      assert.match(status.state.waiting.message, /back-off .*restarting failed container=main pod=crashing/);
      assert.equal(await logOf('crashing', { previous: true }), 'boom\n');
      await admin.delete(`${pods}/crashing`, { gracePeriodSeconds: 0 });
    });

    it('init containers run first', async () => {
      await admin.post(
        pods,
        pod('staged', 'echo main; exit 0', {
          restartPolicy: 'Never',
          initContainers: [container('echo init', { name: 'init' })],
        }),
      );
      const now = await ended('staged');
      assert.equal(now.status.initContainerStatuses[0].state.terminated.exitCode, 0);
      assert.equal(await logOf('staged', { container: 'init' }), 'init\n');
      assert.equal(await logOf('staged', { container: 'main' }), 'main\n');
    });

    it('an image that is not there is waited for', async () => {
      await admin.post(
        pods,
        pod('imageless', undefined, { containers: [container('true', { image: 'local/does-not-exist:1' })] }),
      );
      const reason = await pollUntil(
        'the reason',
        async () => {
          return (await podNow('imageless')).status?.containerStatuses?.[0]?.state.waiting?.reason?.match(
            /^ErrImageNeverPull$/,
          )?.[0];
        },
        patience,
      );
      assert.equal(reason, 'ErrImageNeverPull');
      assert.equal((await podNow('imageless')).status.phase, 'Pending');
    });

    it('a pod that fits on no node stays Pending, and an event says why', async () => {
      await admin.post(
        pods,
        pod('huge', undefined, {
          containers: [container('true', { resources: { requests: { cpu: '4000' } } })],
        }),
      );
      const condition = await pollUntil(
        'the condition',
        async () => (await podNow('huge')).status.conditions?.find((c: Wire) => c.type === 'PodScheduled'),
        patience,
      );
      assert.equal(condition.status, 'False');
      assert.equal(condition.reason, 'Unschedulable');
      assert.match(condition.message, /\d+\/\d+ nodes are available: .*Insufficient cpu/);
      const event = await pollUntil(
        'the event',
        async () => {
          const { body } = await admin.get(`/api/v1/namespaces/${ns}/events`, {
            fieldSelector: 'involvedObject.name=huge,reason=FailedScheduling',
          });
          return body.items[0];
        },
        patience,
      );
      assert.equal(event.type, 'Warning');
      assert.equal((await podNow('huge')).status.phase, 'Pending');
    });

    it('a nodeSelector that no node has keeps it Pending', async () => {
      await admin.post(pods, pod('picky', undefined, { nodeSelector: { 'no-such': 'label' } }));
      const condition = await pollUntil(
        'the condition',
        async () => (await podNow('picky')).status.conditions?.find((c: Wire) => c.type === 'PodScheduled'),
        patience,
      );
      assert.match(condition.message, /didn't match Pod's node affinity\/selector/);
    });

    it('events tell of scheduling and starting', async () => {
      await running('steady');
      const reasons = await pollUntil(
        'the events',
        async () => {
          const { body } = await admin.get(`/api/v1/namespaces/${ns}/events`, {
            fieldSelector: 'involvedObject.name=steady',
          });
          const seen = new Set(body.items.map((e: Wire) => e.reason));
          return ['Scheduled', 'Created', 'Started'].every((reason) => seen.has(reason)) && body.items;
        },
        patience,
      );
      const started = reasons.find((e: Wire) => e.reason === 'Started');
      assert.equal(started.involvedObject.kind, 'Pod');
      assert.equal(started.involvedObject.fieldPath, 'spec.containers{main}');
      assert.equal(started.type, 'Normal');
      assert.equal(started.source.component, 'kubelet');
    });

    it('a readiness probe that fails keeps a pod from being ready', async () => {
      await admin.post(
        pods,
        pod('unready', undefined, {
          containers: [
            container(script, { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }),
          ],
        }),
      );
      const now = await pollUntil(
        'it to run',
        async () => {
          const seen = await podNow('unready');
          return seen.status.phase === 'Running' && seen;
        },
        patience,
      );
      assert.equal(now.status.conditions.find((c: Wire) => c.type === 'Ready').status, 'False');
      assert.equal(now.status.containerStatuses[0].ready, false);
    });
  },
  { concurrency: 12 },
);

cases(
  'pods: logs',
  target,
  (it) => {
    it('are plain text of both streams', async () => {
      await running('steady');
      const reply = await admin.get(`${pods}/steady/log`);
      assertCode(reply, 200);
      assert.match(String(reply.headers['content-type']), /^text\/plain/);
      assert.equal(reply.text.split('\n').toSorted().join(' ').trim(), 'one three two');
    });

    it('tailLines gives the last ones', async () => {
      await running('steady');
      assert.equal((await logOf('steady', { tailLines: 1 })).split('\n').length, 2);
      assert.equal(await logOf('steady', { tailLines: 0 }), '');
    });

    it('limitBytes cuts', async () => {
      await running('steady');
      assert.equal((await logOf('steady', { limitBytes: 5 })).length, 5);
    });

    it('timestamps precede each line', async () => {
      await running('steady');
      for (const line of (await logOf('steady', { timestamps: true })).trim().split('\n')) {
        assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) (one|two|three)$/);
      }
    });

    it('sinceTime leaves out what was before', async () => {
      await running('steady');
      const later = new Date(Date.now() + 60_000).toISOString();
      assert.equal(await logOf('steady', { sinceTime: later }), '');
      assert.notEqual(await logOf('steady', { sinceTime: '2020-01-01T00:00:00Z' }), '');
      assert.notEqual(await logOf('steady', { sinceSeconds: 3600 }), '');
    });

    it('sinceTime is cut to the second', async () => {
      await running('steady');
      const [first = ''] = (await logOf('steady', { timestamps: true })).split(' ');
      const endOfSecond = `${first.slice(0, 19)}.999999999${first.replace(/^.*\d(?=Z|[+-]\d\d:)/, '')}`;
      assert.equal(await logOf('steady', { sinceTime: endOfSecond }), await logOf('steady'));
    });

    it('follow goes on until the container ends', async () => {
      await admin.post(
        pods,
        pod('talking', 'for i in 1 2 3 4; do echo line $i; sleep 0.3; done', { restartPolicy: 'Never' }),
      );
      await pollUntil(
        'it to start',
        async () => (await podNow('talking')).status.phase !== 'Pending',
        patience,
      );
      const reply = await admin.get(`${pods}/talking/log`, { follow: true });
      assert.equal(reply.text, 'line 1\nline 2\nline 3\nline 4\n');
    });

    it('of one container of several must name it', async () => {
      await running('pair');
      const reply = await admin.get(`${pods}/pair/log`);
      assertStatus(
        reply,
        400,
        'BadRequest',
        'a container name must be specified for pod pair, choose one of: [left right]',
      );
      assert.match(await logOf('pair', { container: 'left' }), /one/);
    });

    it('of a container that is not there is 400', async () => {
      await running('steady');
      assertStatus(
        await admin.get(`${pods}/steady/log`, { container: 'nobody' }),
        400,
        'BadRequest',
        'container nobody is not valid for pod steady',
      );
    });

    it('of a pod that is not there is 404', async () => {
      assertStatus(await admin.get(`${pods}/nobody/log`), 404, 'NotFound', 'pods "nobody" not found');
    });

    it('previous without a previous container is 400', async () => {
      await running('steady');
      assertStatus(
        await admin.get(`${pods}/steady/log`, { previous: true }),
        400,
        'BadRequest',
        'previous terminated container "main" in pod "steady" not found',
      );
    });

    it('of a container that waits is 400', async () => {
      await admin.post(
        pods,
        pod('waiting', undefined, { containers: [container('true', { image: 'local/does-not-exist:1' })] }),
      );
      await pollUntil(
        'it to wait',
        async () =>
          (await podNow('waiting')).status.containerStatuses?.[0]?.state.waiting?.reason ===
          'ErrImageNeverPull',
        patience,
      );
      assertStatus(
        await admin.get(`${pods}/waiting/log`),
        400,
        'BadRequest',
        /container "main" in pod "waiting" is waiting to start: ErrImageNeverPull|trying and failing to pull image|image can't be pulled/,
      );
    });

    it('bad options are 422 or 400', async () => {
      assertStatus(
        await admin.get(`${pods}/steady/log`, { tailLines: -1 }),
        422,
        'Invalid',
        /tailLines: Invalid value: -1: must be greater than or equal to 0/,
      );
      assertStatus(
        await admin.get(`${pods}/steady/log`, { sinceSeconds: 0 }),
        422,
        'Invalid',
        /sinceSeconds: Invalid value: 0: must be greater than 0/,
      );
      assertStatus(await admin.get(`${pods}/steady/log`, { tailLines: 'x' }), 400, 'BadRequest');
    });
  },
  { concurrency: 12 },
);

const exec = (command: string[], query: Query = {}, protocols?: string[]): Promise<ExecSocket> =>
  openExec(
    admin,
    `${pods}/steady/exec`,
    { command, stdout: true, stderr: true, container: 'main', ...query },
    protocols,
  );

cases(
  'pods: exec',
  target,
  (it) => {
    it('runs a command, tells its output and Success', async () => {
      await running('steady');
      using session = await exec(['echo', 'hello there']);
      assert.equal(session.protocol, 'v5.channel.k8s.io');
      const status = await session.finished();
      assert.equal(session.output[STDOUT], 'hello there\n');
      assert.deepEqual(status, { metadata: {}, status: 'Success' });
      assert.equal(session.closeCode, 1000);
    });

    it('tells a non-zero exit code', async () => {
      await running('steady');
      using session = await exec(['sh', '-c', 'echo oops >&2; exit 7']);
      const status = await session.finished();
      assert.equal(session.output[STDERR], 'oops\n');
      assert.equal(status.status, 'Failure');
      assert.equal(status.reason, 'NonZeroExitCode');
      assert.equal(
        status.message,
        'command terminated with non-zero exit code: command terminated with exit code 7',
      );
      assert.deepEqual(status.details, { causes: [{ reason: 'ExitCode', message: '7' }] });
    });

    it('standard input can be half-closed in v5', async () => {
      await running('steady');
      using session = await exec(['cat'], { stdin: true });
      session.send(STDIN, 'first\n');
      await session.seen(STDOUT, /first\n/);
      session.send(STDIN, 'second\n');
      session.closeStdin();
      const status = await session.finished();
      assert.equal(session.output[STDOUT], 'first\nsecond\n');
      assert.equal(status.status, 'Success');
    });

    it('speaks v4 too', async () => {
      await running('steady');
      using session = await exec(['sh', '-c', 'echo out; echo err >&2'], {}, ['v4.channel.k8s.io']);
      assert.equal(session.protocol, 'v4.channel.k8s.io');
      const status = await session.finished();
      assert.equal(session.output[STDOUT], 'out\n');
      assert.equal(session.output[STDERR], 'err\n');
      assert.equal(status.status, 'Success');
    });

    it('prefers v5 when both are offered', async () => {
      await running('steady');
      using session = await exec(['true'], {}, ['v5.channel.k8s.io', 'v4.channel.k8s.io']);
      assert.equal(session.protocol, 'v5.channel.k8s.io');
      await session.finished();
    });

    it('a TTY echoes, joins both streams and ends with exit', async () => {
      await running('steady');
      using session = await exec(['sh'], { stdin: true, tty: true, stderr: false });
      await session.seen(STDOUT, /[#$] /);
      session.send(STDIN, 'echo $((40+2)); echo to-err >&2\r');
      await session.seen(STDOUT, /\r\n42\r\n/);
      await session.seen(STDOUT, /\r\nto-err\r\n/);
      session.send(STDIN, 'exit 4\r');
      const status = await session.finished();
      assert.deepEqual(status.details.causes, [{ reason: 'ExitCode', message: '4' }]);
    });

    it('a TTY takes the size it is told', async () => {
      await running('steady');
      using session = await exec(['sh'], { stdin: true, tty: true, stderr: false });
      session.send(RESIZE, JSON.stringify({ Width: 91, Height: 33 }));
      await session.seen(STDOUT, /[#$] /);
      session.send(STDIN, 'stty size\r');
      await session.seen(STDOUT, /\r\n33 91\r\n/);
      session.send(STDIN, 'exit\r');
      await session.finished();
    });

    it('Ctrl-C ends the command, not the shell', async () => {
      await running('steady');
      using session = await exec(['sh'], { stdin: true, tty: true, stderr: false });
      await session.seen(STDOUT, /[#$] /);
      session.send(STDIN, "echo be''gun; sleep 100\r");
      await session.seen(STDOUT, /\r\nbegun\r\n/);
      session.send(STDIN, '\u0003');
      await session.seen(STDOUT, /\^C\r?\n/);
      session.send(STDIN, 'echo still here\r');
      await session.seen(STDOUT, /\r\nstill here\r\n/);
    });

    it('much output arrives whole', async () => {
      await running('steady');
      using session = await exec(['sh', '-c', 'seq 1 20000']);
      await session.finished();
      const lines = (session.output[STDOUT] ?? '').trim().split('\n');
      assert.equal(lines.length, 20_000);
      assert.equal(lines.at(-1), '20000');
    });

    it('a command that is not there ends with an error', async () => {
      await running('steady');
      using session = await exec(['no-such-program']);
      const status = await session.finished();
      assert.equal(status.status, 'Failure');
      assert.match(status.message, /no-such-program|exit status 127/);
    });

    it('a pod that is not there is 404 before the upgrade', async () => {
      await assert.rejects(
        openExec(admin, `${pods}/nobody/exec`, { command: ['true'], stdout: true }),
        (error: RefusedUpgrade) => {
          assert.equal(error.status, 404);
          assert.equal(error.body.reason, 'NotFound');
          return true;
        },
      );
    });

    it('a container that is not there is 400', async () => {
      await running('steady');
      await assert.rejects(exec(['true'], { container: 'nobody' }), (error: RefusedUpgrade) => {
        assert.equal(error.status, 400);
        assert.match(error.body.message, /container nobody is not valid for pod steady/);
        return true;
      });
    });

    it('without a command ends with an error after the upgrade', async () => {
      await running('steady');
      using session = await openExec(admin, `${pods}/steady/exec`, { stdout: true });
      const status = await session.finished();
      assert.equal(status.status, 'Failure');
      assert.equal(status.reason, 'InternalError');
    });

    it('without the right is 403', async () => {
      await running('steady');
      const nobody = admin.as({ user: 'exec-nobody' });
      await assert.rejects(
        openExec(nobody, `${pods}/steady/exec`, { command: ['true'], stdout: true }),
        (error: RefusedUpgrade) => {
          assert.equal(error.status, 403);
          assert.match(error.body.message, /cannot (get|create) resource "pods\/exec"/);
          return true;
        },
      );
    });

    it('the error channel is the last but the close', async () => {
      await running('steady');
      using session = await exec(['echo', 'x']);
      await session.finished();
      assert.equal(session.frames.at(-1), ERROR);
    });
  },
  { concurrency: 8 },
);
