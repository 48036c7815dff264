import assert from 'node:assert/strict';
import { cases, type Case } from '../harness/cases.ts';
import { pod, STAY } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { assertConsecutive, numberOf } from './assert-consecutive.ts';
import { LogClient, type LogQueryText } from './log-client.ts';
import type { Person, RoomFixture } from './room-fixture.ts';

/** What the sandbox takes for the kubelet's containerLogMaxSize; the lab's is 10 MiB. */
const logBytes = (bytes: number): object => ({
  annotations: { 'sandbox.krateyard.dev/container-log-max-bytes': String(bytes) },
});

/** Logs while connections die, files are rotated and clients do not read. */
export function workspaceLogsFaultsCases({ target, gateway, person }: RoomFixture): void {
  const open = async (who: Person, query: LogQueryText): Promise<LogClient> => {
    const client = await LogClient.open({ origin: gateway.origin, token: who.token }, query);
    target.undo(() => client.close());
    return client;
  };
  const reader = async (prefix: string): Promise<{ ns: string; who: Person; pods: string }> => {
    const ns = await target.namespace(prefix);
    const who = await person('reader');
    await who.grant('view', ns);
    return { ns, who, pods: `/api/v1/namespaces/${ns}/pods` };
  };
  const sandbox = target.kind === 'sandbox';
  const restarts = sandbox ? 8 : 2;

  const define = (it: Case): void => {
    it(
      '[LG18] the API server dies again and again: no line is lost, none comes twice',
      async () => {
        const { ns, who, pods } = await reader('dies');
        const labels = { labels: { app: 'dies' } };
        const script = 'i=0; while true; do echo "n $i"; i=$((i+1)); sleep 0.02; done';
        await target.make(pods, pod('a', script, {}, labels));
        // Many lines of one time, and equal ones between them.
        const bursts =
          'i=0; while true; do for k in 1 2 3 4 5; do echo "n $i"; i=$((i+1)); echo same; echo same; done; sleep 0.1; done';
        await target.make(pods, pod('b', bursts, {}, labels));
        const client = await open(who, { ns, selector: 'app=dies', blocks: true });
        const of = (name: string): LogClient['lines'] => client.lines.filter((line) => line.pod === name);
        for (let restart = 0; restart < restarts; restart += 1) {
          const goal = client.lines.length + 100;
          await pollUntil('lines to flow', () => client.lines.length >= goal, { deadlineMs: 60_000 });
          await target.restartApiServer(restart % 2);
        }
        const goal = client.lines.length + 400;
        await pollUntil('lines to flow again', () => client.lines.length >= goal, { deadlineMs: 90_000 });
        assertConsecutive(of('a'), 'a');
        const numbers = of('b').filter(({ text }) => text !== 'same');
        assertConsecutive(numbers, 'b');
        const [first, last] = [of('b').indexOf(numbers[0]!), of('b').indexOf(numbers.at(-1)!)];
        assert.equal(of('b').slice(first, last).length, (numbers.length - 1) * 3);
        assert.deepEqual(client.of('gap'), []);
      },
      { deadlineMs: 300_000 },
    );

    it(
      '[LG18] the kubelet dies: no line is lost, none comes twice',
      async () => {
        const { ns, who, pods } = await reader('noded');
        const script = 'i=0; while true; do echo "n $i"; i=$((i+1)); sleep 0.02; done';
        await target.make(pods, pod('a', script));
        const client = await open(who, { ns, pod: 'a' });
        await pollUntil('lines to flow', () => client.lines.length >= 100, { deadlineMs: 60_000 });
        await target.restartKubelet();
        const goal = client.lines.length + 400;
        await pollUntil('lines to flow again', () => client.lines.length >= goal, { deadlineMs: 90_000 });
        assertConsecutive(client.lines, 'a');
        assert.deepEqual(client.of('gap'), []);
      },
      { deadlineMs: 300_000, skip: target.noKubelet },
    );

    it(
      '[LG19] a log that is rotated while it is followed loses nothing',
      async () => {
        const { ns, who, pods } = await reader('rotated');
        const [lines, width, rounds, rest] = sandbox ? [400, 200, 6, 0.3] : [20_000, 700, 3, 15];
        // It begins when the reader is there: what was rotated away before cannot be read.
        const script = `sleep 10; P=$(printf '%0${width}d' 0); i=0; for r in $(seq ${rounds}); do n=0; while [ $n -lt ${lines} ]; do echo "$P n $i"; i=$((i+1)); n=$((n+1)); done; sleep ${rest}; done; echo end; ${STAY}`;
        await target.make(pods, pod('a', script, {}, logBytes(64 * 1024)));
        const client = await open(who, { ns, pod: 'a', blocks: true, tail: 100_000 });
        await client.line('end', { deadlineMs: 180_000 });
        const numbered = client.lines.slice(0, -1);
        assert.deepEqual(client.of('gap'), []);
        assert.equal(numbered.length, lines * rounds);
        assertConsecutive(numbered, 'rotated');
        const again = await target.admin.get(`${pods}/a/log`);
        assert.ok(again.text.split('\n').length < numbered.length, 'the log was rotated');
      },
      { deadlineMs: 240_000 },
    );

    it(
      '[LG20] where rotation has taken the last known line while the connection was down, a gap says so',
      async () => {
        const { ns, who, pods } = await reader('gap');
        const script = `i=0; while true; do echo "$(printf '%0100d' 0) n $i"; i=$((i+1)); sleep 0.005; done`;
        await target.make(pods, pod('a', script, {}, logBytes(4096)));
        const client = await open(who, { ns, pod: 'a' });
        await pollUntil('lines to flow', () => client.lines.length >= 30);
        await target.restartApiServer(2);
        const gap = await client.frame('gap', () => true, { deadlineMs: 60_000 });
        const goal = client.lines.length + 30;
        await pollUntil('lines to flow again', () => client.lines.length >= goal);
        assert.deepEqual([gap.why, gap.pod, gap.container], ['rotated', 'a', 'main']);
        const before = client.lines.filter(({ at }) => at <= gap.from);
        const after = client.lines.filter(({ at }) => at > gap.from);
        assertConsecutive(before, 'before the gap');
        assertConsecutive(after, 'after the gap');
        assert.equal(before.at(-1)?.at, gap.from);
        assert.equal(after[0]?.at, gap.to);
        assert.ok(numberOf(after[0]!) > numberOf(before.at(-1)!) + 1);
      },
      { deadlineMs: 120_000, skip: sandbox ? undefined : 'a real log rotates at 10 MiB only' },
    );

    it(
      '[LG21] a client that does not read is told how many lines it missed, and can fetch them',
      async () => {
        const { ns, who, pods } = await reader('slow');
        const count = sandbox ? 1_800 : 3_000;
        const script = `sleep 6; P=$(printf '%016000d' 0); i=0; while [ $i -lt ${count} ]; do echo "$P n $i"; i=$((i+1)); done; while true; do echo "late n $i"; i=$((i+1)); sleep 0.2; done`;
        await target.make(pods, pod('a', script, {}, logBytes(100 * 1024 * 1024)));
        const client = await open(who, { ns, pod: 'a' });
        await client.frame('synced');
        await client.frame('joined');
        client.socket.pause();
        await pollUntil(
          'lines to be skipped',
          async () =>
            /krateyard_log_lines_total\{how="skipped"\} [1-9]/.test((await who.api.get('/metrics')).text),
          { deadlineMs: 60_000, everyMs: 250 },
        );
        client.socket.resume();
        const gap = await client.frame('gap', ({ why }) => why === 'slow-client', { deadlineMs: 30_000 });
        await client.line(({ text }) => text.startsWith('late'), { deadlineMs: 60_000 });
        const skipped = client.of('gap').reduce((sum, each) => sum + (each.skipped ?? 0), 0);
        const numbers = client.lines.map(numberOf);
        assert.equal(new Set(numbers).size, numbers.length);
        assert.equal(numbers.length + skipped, numbers.at(-1)! + 1);
        assert.ok((gap.skipped ?? 0) > 0 && gap.to !== undefined);
        if (!sandbox) return;
        const fetched = await who.api.get('/api/logs', { ns, pod: 'a', since: gap.from, until: gap.to });
        const found = new Set(
          fetched.text
            .trimEnd()
            .split('\n')
            .map((text) => numberOf({ text })),
        );
        const missing = Array.from({ length: numbers.at(-1)! }, (_, number) => number).filter(
          (number) => !numbers.includes(number),
        );
        assert.ok(missing.length > 0);
        if (client.of('gap').length === 1)
          assert.deepEqual(
            missing.filter((number) => !found.has(number)),
            [],
          );
      },
      { deadlineMs: 180_000 },
    );
  };
  cases('logs and faults', target, define, { concurrency: 1 });
}
