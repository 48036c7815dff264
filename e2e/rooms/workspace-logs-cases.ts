import assert from 'node:assert/strict';
import { cases, type Case } from '../harness/cases.ts';
import { container, deployment, job, pod, STAY } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { assertConsecutive } from './assert-consecutive.ts';
import { LogClient, type ClientLine, type LogQueryText, type Refusal } from './log-client.ts';
import { configMap, type Person, type RoomFixture } from './room-fixture.ts';

/** Numbered lines, one every `seconds`, without an end. */
const counting = (seconds = 0.05): string =>
  `i=0; while true; do echo "n $i"; i=$((i+1)); sleep ${seconds}; done`;
/** Waits so that whoever looks is there, then says `lines` numbers at once and stays. */
const saying = (lines: number): string =>
  `i=0; while [ $i -lt ${lines} ]; do echo "n $i"; i=$((i+1)); done; ${STAY}`;

/** Logs of one pod, of many, over restarts. */
export function workspaceLogsCases({ target, gateway, person }: RoomFixture): void {
  const open = async (who: Person, query: LogQueryText, typed = true): Promise<LogClient> => {
    const client = await LogClient.open({ origin: gateway.origin, token: who.token }, query, typed);
    target.undo(() => client.close());
    return client;
  };
  const refusal = async (who: Person, query: LogQueryText): Promise<Refusal> => {
    const client = await open(who, query).catch((error: unknown) => error as Refusal);
    if (client instanceof LogClient) throw new Error('it was not refused');
    return client;
  };
  const reader = async (prefix: string): Promise<{ ns: string; who: Person; pods: string }> => {
    const ns = await target.namespace(prefix);
    const who = await person('reader');
    await who.grant('view', ns);
    return { ns, who, pods: `/api/v1/namespaces/${ns}/pods` };
  };
  const phase = (pods: string, name: string, is: string): Promise<Wire> =>
    pollUntil(`${name} to be ${is}`, async () => {
      const { body } = await target.admin.get(`${pods}/${name}`);
      return body?.status?.phase === is && body;
    });

  const define = (it: Case): void => {
    it('[LG1] one pod is followed, one message a line', async () => {
      const { ns, who, pods } = await reader('logs');
      await target.make(
        pods,
        pod('a', `i=0; while [ $i -lt 20 ]; do echo "n $i"; i=$((i+1)); sleep 0.1; done; ${STAY}`),
      );
      const client = await open(who, { ns, pod: 'a' });
      await client.line('n 19');
      assert.equal(client.lines.length, 20);
      assertConsecutive(client.lines, 'followed');
      const [hello, ...others] = client.frames;
      assert.equal(hello?.type, 'hello');
      assert.deepEqual(
        client.of('joined').map((frame) => [frame.pod, frame.container, frame.restarts]),
        [['a', 'main', 0]],
      );
      assert.ok(others.some(({ type }) => type === 'synced'));
      assert.ok(client.lines.every(({ at }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(at)));
    });

    it('[LG2] [LG25] the past, then synced, then what is new; in batches and as bytes the same', async () => {
      const { ns, who, pods } = await reader('past');
      await target.make(pods, pod('a', saying(500)));
      await phase(pods, 'a', 'Running');
      const one = await open(who, { ns, pod: 'a' });
      const many = await open(who, { ns, pod: 'a', batch: true });
      const bytes = await open(who, { ns, pod: 'a', blocks: true });
      await one.line('n 499');
      await many.line('n 499');
      await bytes.line('n 499');
      await one.frame('synced');
      assert.deepEqual(many.lines, one.lines);
      assert.deepEqual(bytes.lines, one.lines);
      assertConsecutive(one.lines, 'past');
    });

    it('[LG3] tail, since, until, previous and containers choose; without follow it ends with done', async () => {
      const { ns, who, pods } = await reader('choose');
      const two = { containers: [container(saying(30)), container(saying(5), { name: 'side' })] };
      await target.make(pods, pod('a', '', two));
      await phase(pods, 'a', 'Running');
      const read = async (query: LogQueryText): Promise<ClientLine[]> => {
        const client = await open(who, { ns, pod: 'a', follow: false, ...query });
        assert.equal(await client.closed, 1000);
        assert.equal(client.frames.at(-1)?.type, 'done');
        return client.lines;
      };
      await pollUntil('both to have spoken', async () => (await read({})).length === 35);
      const all = await read({ containers: 'main' });
      assertConsecutive(all, 'main');
      assert.deepEqual(await read({ containers: 'main', tail: 3 }), all.slice(-3));
      assert.deepEqual(await read({ containers: 'main', tail: 0 }), []);
      const cut = all[10]!.at;
      assert.deepEqual(
        await read({ containers: 'main', since: cut }),
        all.filter(({ at }) => at >= cut),
      );
      assert.deepEqual(
        await read({ containers: 'main', until: cut }),
        all.filter(({ at }) => at <= cut),
      );
      assert.deepEqual(await read({ since: '1s', until: '2020-01-01T00:00:00Z' }), []);
      const none = await refusal(who, { ns, pod: 'a', containers: 'main', previous: true });
      assert.equal(none.code, 400);
    });

    it('[LG4] who may not read logs is refused before the upgrade, in the words of the API server', async () => {
      const { ns, pods } = await reader('refused');
      await target.make(pods, pod('a', counting()));
      const stranger = await person('stranger');
      const refused = await refusal(stranger, { ns, pod: 'a' });
      assert.equal(refused.code, 403);
      assert.match(refused.message, /cannot get resource "pods\/log" in API group "" in the namespace/);
      const logsOnly = await person('logs-only');
      const role = await logsOnly.role([{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }]);
      await logsOnly.grant(role, ns);
      const client = await pollUntil('the right to arrive', () =>
        open(logsOnly, { ns, pod: 'a' }).catch(() => undefined),
      );
      await client.line('n 3');
      assert.match(
        (await refusal(logsOnly, { ns, selector: 'app=x' })).message,
        /cannot list resource "pods"/,
      );
    });

    it('[LG5] what cannot be is a status: no pod, no container, bad selector, expression, since, both and neither', async () => {
      const { ns, who, pods } = await reader('wrong');
      await target.make(pods, pod('a', counting()));
      await phase(pods, 'a', 'Running');
      const code = async (query: LogQueryText): Promise<number> =>
        (await refusal(who, { ns, ...query })).code;
      assert.equal(await code({ pod: 'nowhere' }), 404);
      assert.equal(await code({ pod: 'a', containers: 'x' }), 400);
      assert.equal(await code({ selector: 'a=(' }), 400);
      assert.equal(await code({ pod: 'a', filter: '/(/' }), 400);
      assert.equal(await code({ pod: 'a', filter: String.raw`/(a)\1/` }), 400);
      assert.equal(await code({ pod: 'a', since: 'yesterday' }), 400);
      assert.equal(await code({ pod: 'a', resume: 'nonsense' }), 400);
      assert.equal(await code({ pod: 'a', selector: 'app=x' }), 400);
      assert.equal(await code({ pod: 'a', tail: -1 }), 400);
      assert.equal(await code({}), 400);
      assert.equal(await code({ kind: 'deployments', name: 'nowhere' }), 404);
      assert.equal(await code({ kind: 'configmaps', name: 'kube-root-ca.crt' }), 400);
      assert.equal(await code({ kind: 'gadgets', name: 'x' }), 404);
    });

    it('[LG6] a workload is its pods: new ones join, ended ones say so', async () => {
      const { ns, who } = await reader('workload');
      const workloads = `/apis/apps/v1/namespaces/${ns}/deployments`;
      await target.make(workloads, deployment('web', 2, {}, `echo hello; ${STAY}`));
      const client = await open(who, { ns, kind: 'deployments', name: 'web' });
      const joined = await pollUntil(
        'two to join',
        () => client.of('joined').length === 2 && client.of('joined'),
      );
      await pollUntil('two hellos', () => client.lines.length === 2);
      await target.admin.patch(`${workloads}/web`, 'application/merge-patch+json', { spec: { replicas: 3 } });
      await pollUntil('the third', () => client.of('joined').length === 3 && client.lines.length === 3);
      await target.admin.delete(`/api/v1/namespaces/${ns}/pods/${joined[0]!.pod}`);
      const ended = await client.frame('ended', (frame) => frame.pod === joined[0]!.pod);
      assert.ok(['Completed', 'Error', 'PodDeleted'].includes(ended.reason), ended.reason);
      await pollUntil(
        'the one in its place',
        () => client.of('joined').length === 4 && client.lines.length === 4,
      );
      assert.equal(new Set(client.lines.map((line) => line.pod)).size, 4);
    });

    it('[LG6] jobs, cron jobs and services are their pods, too', async () => {
      const { ns, who } = await reader('kinds');
      const jobs = `/apis/batch/v1/namespaces/${ns}/jobs`;
      await target.make(jobs, job('once', 'echo from the job'));
      const client = await open(who, { ns, kind: 'batch/v1/jobs', name: 'once' });
      await client.line('from the job');
      const ended = await client.frame('ended');
      assert.deepEqual([ended.reason, ended.exitCode], ['Completed', 0]);
      await target.make(`/apis/batch/v1/namespaces/${ns}/cronjobs`, {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'often' },
        spec: { schedule: '* * * * *', suspend: true, jobTemplate: { spec: job('x', '').spec } },
      });
      const cron = await target.admin.get(`/apis/batch/v1/namespaces/${ns}/cronjobs/often`);
      const owner = {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        name: 'often',
        uid: cron.body.metadata.uid as string,
        controller: true,
      };
      const often = await open(who, { ns, kind: 'batch/v1/cronjobs', name: 'often' });
      const child = job('often-1', 'echo from the cron job');
      await target.make(jobs, { ...child, metadata: { name: 'often-1', ownerReferences: [owner] } });
      await often.line('from the cron job');
      assert.equal(often.lines.length, 1);
      await target.make(`/api/v1/namespaces/${ns}/services`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'front' },
        spec: { selector: { part: 'front' }, ports: [{ port: 80 }] },
      });
      await target.make(
        `/api/v1/namespaces/${ns}/pods`,
        pod('f', `echo from the front; ${STAY}`, {}, { labels: { part: 'front' } }),
      );
      const front = await open(who, { ns, kind: 'services', name: 'front' });
      await front.line('from the front');
    });

    it(
      '[LG8] a container that restarts is followed from one run to the next without loss',
      async () => {
        const { ns, who, pods } = await reader('restart');
        // The second run lasts until the first has been read once more: when it ends, the node forgets the first.
        const script =
          'i=0; while [ $i -lt 200 ]; do echo "$HOSTNAME n $i"; i=$((i+1)); done; sleep 8; exit 3';
        await target.make(pods, pod('a', script));
        const client = await open(who, { ns, pod: 'a' });
        const ended = await client.frame('ended', () => true, { deadlineMs: 90_000 });
        assert.deepEqual([ended.reason, ended.exitCode], ['Error', 3]);
        await client.frame('joined', ({ restarts }) => restarts === 1, { deadlineMs: 60_000 });
        await pollUntil('the second run', () => client.lines.length >= 400, { deadlineMs: 60_000 });
        assertConsecutive(client.lines.slice(0, 200), 'first run');
        assertConsecutive(client.lines.slice(200, 400), 'second run');
        assert.deepEqual(client.of('gap'), []);
        const before = await open(who, { ns, pod: 'a', previous: true });
        assert.equal(await before.closed, 1000);
        assert.equal(before.lines.length, 200);
      },
      { deadlineMs: 240_000 },
    );

    it('[LG9] a pod that is deleted ends its log', async () => {
      const { ns, who, pods } = await reader('deleted');
      await target.make(
        pods,
        pod('a', `trap "echo bye; exit 0" TERM; while true; do echo here; sleep 0.2; done`),
      );
      const client = await open(who, { ns, pod: 'a' });
      // Once what is new comes, it is being followed.
      await pollUntil('it to be followed', () => client.lines.length >= 6);
      await target.admin.delete(`${pods}/a`);
      await client.line('bye');
      await client.frame('ended');
      await client.frame('done');
      assert.equal(await client.closed, 1000);
      assert.deepEqual(client.of('gap'), []);
    });

    it('[LG10] with the right the logs end, within a second', async () => {
      const ns = await target.namespace('lost');
      const who = await person('reader');
      const takeBack = await who.grant('view', ns);
      await target.make(`/api/v1/namespaces/${ns}/pods`, pod('a', counting()));
      const client = await open(who, { ns, pod: 'a' });
      await client.line('n 10');
      await takeBack();
      assert.equal(await client.closed, 4503);
      const ended = client.of('ended')[0];
      assert.equal(ended?.status?.code, 403);
      const last = client.lines.at(-1)?.at ?? '';
      const now = await target.admin.get(`/api/v1/namespaces/${ns}/pods/a/log`, {
        timestamps: true,
        tailLines: 1,
      });
      assert.ok(now.text.slice(0, 30) >= last);
    });

    it('[LG11] who comes back with a position goes on from there, wherever they were cut', async () => {
      const { ns, who, pods } = await reader('resume');
      await target.make(pods, pod('a', counting(0.01)));
      const all: ClientLine[] = [];
      let resume: string | undefined;
      for (let cut = 0; cut < 8; cut += 1) {
        const client = await open(who, {
          ns,
          pod: 'a',
          batch: cut % 2 === 0,
          blocks: cut % 3 === 1,
          ...(resume !== undefined && { resume }),
        });
        const goal = 10 + Math.floor(Math.random() * 60);
        await pollUntil('lines and a position', () => client.lines.length >= goal && client.position);
        all.push(...client.lines.slice(0, client.linesAtPosition));
        resume = client.position;
        await client.close();
      }
      assertConsecutive(all, 'over cuts');
      assert.equal(all[0]?.text, 'n 0');
    });

    it('[LG12] what joined while a client was away is told from its beginning', async () => {
      const { ns, who, pods } = await reader('away');
      const labels = { labels: { app: 'away' } };
      await target.make(pods, pod('a', counting(0.2), {}, labels));
      const client = await open(who, { ns, selector: 'app=away' });
      await client.line('n 2');
      const { resume } = await client.frame('position');
      await client.close();
      await target.make(pods, pod('b', saying(10), {}, labels));
      await phase(pods, 'b', 'Running');
      const again = await open(who, { ns, selector: 'app=away', resume });
      await again.line(({ pod: from, text }) => from === 'b' && text === 'n 9');
      assertConsecutive(
        again.lines.filter((line) => line.pod === 'b'),
        'b',
      );
      assert.equal(again.lines.find((line) => line.pod === 'b')?.text, 'n 0');
    });

    it('[LG13] very long lines come in parts; what is no UTF-8 is shown', async () => {
      const { ns, who, pods } = await reader('odd');
      const script = `printf '%040000d\\n' 7; printf 'a\\377b\\n'; printf 'cr\\r\\n'; echo end; ${STAY}`;
      await target.make(pods, pod('a', script));
      const client = await open(who, { ns, pod: 'a' });
      await client.line('end');
      const parts = client.lines.slice(0, -3);
      assert.ok(parts.map(({ text }) => text).join('') === `${'0'.repeat(39_999)}7`);
      assert.deepEqual(
        parts.map(({ more, text }) => [more, text.length]),
        [
          [true, 16_384],
          [true, 16_384],
          [false, 7232],
        ],
      );
      // The sandbox's shell knows no bytes that are no text.
      const odd = target.kind === 'sandbox' ? 'a\u00FFb' : 'a\uFFFDb';
      assert.deepEqual(client.textsOfLines.slice(-3), [odd, 'cr', 'end']);
    });

    it('[LG14] lines are filtered here: words in any case, or an RE2 expression, or by severity', async () => {
      const { ns, who, pods } = await reader('filter');
      const said = [
        'INFO Start of day',
        'level=error msg="Disk full"',
        '{"level":"warn","msg":"slow disk"}',
        'plain words',
        'E1121 10:00:00.000000 1 x.go:1] klog',
      ];
      const script = `${said.map((text) => `echo '${text}'`).join('; ')}; echo ${'a'.repeat(5000)}b; ${STAY}`;
      await target.make(pods, pod('a', script));
      const read = async (query: LogQueryText): Promise<string[]> => {
        const client = await open(who, { ns, pod: 'a', follow: false, ...query });
        await client.closed;
        return client.textsOfLines.filter((text) => !text.startsWith('aaa'));
      };
      await pollUntil('all to be said', async () => (await read({})).length === 5);
      assert.deepEqual(await read({ filter: 'DISK full' }), [said[1]]);
      assert.deepEqual(await read({ filter: '/^(INFO|plain)/' }), [said[0], said[3]]);
      assert.deepEqual(await read({ filter: '/disk/i', severity: 'error' }), [said[1]]);
      assert.deepEqual(await read({ severity: 'warn' }), [said[1], said[2], said[3], said[4]]);
      // Catastrophic for an engine that backtracks.
      assert.deepEqual(await read({ filter: '/^(a+)+$/' }), []);
    });

    it('[LG15] GET /api/logs answers the same as text or NDJSON, as a file when asked', async () => {
      const { ns, who, pods } = await reader('get');
      await target.make(pods, pod('a', saying(100)));
      await phase(pods, 'a', 'Running');
      const text = await pollUntil('the lines', async () => {
        const reply = await who.api.get('/api/logs', { ns, pod: 'a' });
        return reply.text.split('\n').length === 101 && reply;
      });
      assert.match(String(text.headers['content-type']), /^text\/plain/);
      assertConsecutive(
        text.text
          .trimEnd()
          .split('\n')
          .map((line) => ({ text: line })),
        'text',
      );
      const rows = await who.api.get('/api/logs', {
        ns,
        pod: 'a',
        format: 'ndjson',
        tail: 5,
        download: true,
      });
      assert.match(String(rows.headers['content-disposition']), /filename=".*-a\.ndjson"/);
      const frames = rows.text
        .trimEnd()
        .split('\n')
        .map((row) => JSON.parse(row) as Wire);
      assert.deepEqual(
        frames.filter(({ type }) => type === 'line').map((line) => line.text as string),
        ['n 95', 'n 96', 'n 97', 'n 98', 'n 99'],
      );
      assert.equal(frames.at(-1)?.type, 'done');
      const stamped = await who.api.get('/api/logs', { ns, pod: 'a', tail: 1, timestamps: true });
      assert.match(stamped.text, /^\d{4}-.*Z n 99\n$/);
      assert.equal((await who.api.get('/api/logs', { ns, pod: 'nowhere' })).status, 404);
      const stranger = await person('stranger');
      assert.equal((await stranger.api.get('/api/logs', { ns, pod: 'a' })).status, 403);
    });

    it("[LG16] the seed's dialect: the text of each line is a frame and nothing else comes", async () => {
      const { ns, who, pods } = await reader('seed');
      await target.make(pods, pod('a', saying(5)));
      await phase(pods, 'a', 'Running');
      const client = await open(who, { ns, pod: 'a' }, false);
      await pollUntil('five lines', () => client.texts.length === 5);
      assert.deepEqual(client.texts, ['n 0', 'n 1', 'n 2', 'n 3', 'n 4']);
      const stamped = await open(who, { ns, pod: 'a', timestamps: true }, false);
      await pollUntil('five lines', () => stamped.texts.length === 5);
      assert.match(stamped.texts[0] ?? '', /^\d{4}-.*Z n 0$/);
    });

    it(
      '[LG17] a pod that waits is waited for',
      async () => {
        const { ns, who, pods } = await reader('waits');
        await target.make(
          pods,
          pod('a', saying(3), {
            containers: [container(saying(3), { envFrom: [{ configMapRef: { name: 'later' } }] })],
          }),
        );
        const client = await open(who, { ns, pod: 'a' });
        await client.frame('synced');
        await target.make(`/api/v1/namespaces/${ns}/configmaps`, configMap('later'));
        await client.line('n 2', { deadlineMs: 120_000 });
        assertConsecutive(client.lines, 'waited');
      },
      { deadlineMs: 180_000 },
    );
  };
  const defineMany = (it: Case): void => {
    it(
      '[LG7] fifty pods of a selector are read together, their past in the order of time',
      async () => {
        const { ns, who, pods } = await reader('fifty');
        const names = Array.from({ length: 50 }, (_, index) => `p${index}`);
        await Promise.all(
          names.map((name) => target.make(pods, pod(name, saying(4), {}, { labels: { app: 'fifty' } }))),
        );
        await pollUntil(
          'fifty to run',
          async () => {
            const { body } = await target.admin.get(pods);
            return (body.items as Wire[]).every((one) => one.status?.phase === 'Running');
          },
          { deadlineMs: 240_000, everyMs: 500 },
        );
        const client = await open(who, { ns, selector: 'app=fifty', blocks: true });
        await pollUntil('all lines', () => client.lines.length >= 200, { deadlineMs: 60_000 });
        assert.equal(client.lines.length, 200);
        for (const name of names)
          assertConsecutive(
            client.lines.filter((line) => line.pod === name),
            name,
          );
        await client.frame('synced');
        const times = client.lines.map(({ at }) => at);
        assert.deepEqual(times, times.toSorted());
      },
      { deadlineMs: 360_000 },
    );
  };
  cases('logs', target, define, { concurrency: 4 });
  // By itself: who answers late is not waited for.
  cases('logs of many pods', target, defineMany);
}
