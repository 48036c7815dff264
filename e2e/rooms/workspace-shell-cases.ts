import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { OpenedShell, ShellList } from '@krateyard/workspace/contract/shell-protocol';
import { NO_SHELL } from '@krateyard/workspace/contract/shell-protocol';
import { cases, type Case } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { pod, podWithoutShell } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { RefusedUpgrade } from '../harness/when-open.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { ShellClient, type ShellQuery } from './shell-client.ts';

const PROMPT = /[#$] /;
const SIZE = { rows: 24, cols: 80 };

interface Opening {
  readonly protocol?: string | null;
  readonly acknowledging?: boolean;
}

/** What the shells' cases share: people, pods and sockets that are closed at the end. */
export class ShellBench {
  readonly fixture: RoomFixture;
  readonly namespace: string;

  private constructor(fixture: RoomFixture, namespace: string) {
    this.fixture = fixture;
    this.namespace = namespace;
  }

  static async set(fixture: RoomFixture): Promise<ShellBench> {
    return new ShellBench(fixture, await fixture.target.namespace('shell'));
  }

  get pods(): string {
    return `/api/v1/namespaces/${this.namespace}/pods`;
  }

  /** Somebody who may exec into this namespace's pods. Resolves to the grant's end, too. */
  async person(name: string): Promise<{ who: Person; revoke: () => Promise<void> }> {
    const who = await this.fixture.person(name);
    return { who, revoke: await who.grant('edit', this.namespace) };
  }

  async runningPod(name: string, object: Wire = pod(name)): Promise<string> {
    const { target } = this.fixture;
    await target.make(this.pods, object);
    await pollUntil(
      `${name} to run`,
      async () => {
        const { status } = (await target.admin.get(`${this.pods}/${name}`)).body;
        return status?.containerStatuses?.every((each: Wire) => each.state.running) === true;
      },
      { deadlineMs: 60_000 },
    );
    return name;
  }

  async open(who: Person, query: ShellQuery, options: Opening = {}): Promise<ShellClient> {
    const { gateway } = this.fixture;
    const client = await ShellClient.open(
      gateway.origin,
      who.token,
      { ns: this.namespace, ...query },
      options,
    );
    this.fixture.target.undo(async () => client.cut());
    return client;
  }

  /** Comes to a session that is there. */
  join(who: Person, query: ShellQuery, options: Opening = {}): Promise<ShellClient> {
    return this.open(who, { ns: undefined, ...query }, options);
  }

  async refusal(who: Person, query: ShellQuery): Promise<RefusedUpgrade> {
    const refused = await this.open(who, query).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(refused instanceof RefusedUpgrade, `a refusal, not ${String(refused)}`);
    return refused;
  }
}

/** `/ws/shell` on any cluster. */
export async function workspaceShellCases(fixture: RoomFixture): Promise<void> {
  const { target } = fixture;
  const bench = await ShellBench.set(fixture);
  const name = await bench.runningPod('box');
  const { who } = await bench.person('typist');

  const define = (it: Case): void => {
    processCases(it);
    holdCases(it);
    peopleCases(it);
    endCases(it);
  };
  cases('shells', target, define, { concurrency: 3 });

  function processCases(it: Case): void {
    it('[SH1] [SH3] a shell is chosen, has its size before its first prompt, and its exit code is told last', async () => {
      const shell = await bench.open(who, { pod: name, rows: 33, cols: 91 });
      assert.match(shell.hello.command[0] ?? '', /sh$/);
      assert.deepEqual([shell.hello.pod, shell.hello.container, shell.hello.tty], [name, 'main', true]);
      await shell.seen(PROMPT);
      shell.type('stty size\r');
      await shell.seen(/33 91/);
      shell.send({ type: 'resize', rows: 40, cols: 120 });
      await shell.frame('resized', ({ rows, cols }) => rows === 40 && cols === 120);
      shell.type('stty size\r');
      await shell.seen(/40 120/);
      shell.type('exit 7\r');
      assert.equal(await shell.closed(), 1000);
      assert.deepEqual(shell.frames.at(-1), { type: 'exit', code: 7, reason: 'exited' });
    });

    it('[SH2] what cannot be opened is refused before the upgrade, in words of the API server where it has any', async () => {
      const stranger = await fixture.person('stranger');
      const forbidden = await bench.refusal(stranger, { pod: name });
      assert.equal(forbidden.status, 403);
      assert.match(forbidden.body.message, /cannot get resource "pods\/exec"/);
      assert.equal((await bench.refusal(who, { pod: 'nobody' })).status, 404);
      assert.equal((await bench.refusal(who, { pod: name, container: 'nothing' })).status, 404);
      const unknown = await bench.refusal(who, { pod: name, command: ['no-such-program'] });
      assert.equal(unknown.status, 404);
      assert.match(unknown.body.message, /cannot run "no-such-program"/);
      assert.equal((await bench.refusal(who, { rows: 24 })).status, 400);
      assert.equal(
        (await bench.refusal(who, { pod: name, rows: 0, cols: 'x' })).body.details.causes.length,
        2,
      );
      assert.equal((await bench.refusal(who, { session: 'none' })).status, 404);
      const waiting = pod('waits', undefined, { nodeSelector: { none: 'such' } });
      await target.make(bench.pods, waiting);
      const conflict = await bench.refusal(who, { pod: 'waits' });
      assert.equal(conflict.status, 409);
      assert.match(conflict.body.message, /not running/);
    });

    it('[SH20] what is asked of a person is what the API server asks: get, and of newer ones create too', async () => {
      const { minor } = (await target.admin.get('/version')).body as { minor: string };
      const verbs = Number.parseInt(minor, 10) >= 35 ? ['get', 'create'] : ['get'];
      const rules = (of: readonly string[]): Wire[] => [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods/exec'], verbs: of },
      ];
      const enough = await fixture.person('enough');
      await enough.grant(await enough.role(rules(verbs)), bench.namespace);
      const shell = await bench.open(enough, { pod: name });
      await shell.seen(PROMPT);
      shell.send({ type: 'end' });
      await shell.closed();
      const other = await fixture.person('other');
      await other.grant(await other.role(rules(['create'])), bench.namespace);
      const refused = await bench.refusal(other, { pod: name });
      assert.equal(refused.status, 403);
      assert.match(refused.body.message, /cannot get resource "pods\/exec"/);
    });

    it('[SH2] browsers open over HTTP, where refusals can be read, and come with the key', async () => {
      const refused = await who.api.post('/api/shells', { ns: bench.namespace, pod: 'nobody' });
      assert.deepEqual([refused.status, refused.body.reason], [404, 'NotFound']);
      assert.equal((await who.api.post('/api/shells', { ns: bench.namespace })).status, 422);
      const reply = await who.api.post('/api/shells', { ns: bench.namespace, pod: name, ...SIZE });
      assert.equal(reply.status, 201, reply.text);
      const { session, key, you } = reply.body as OpenedShell;
      const shell = await bench.join(who, { session, key, from: 0 });
      assert.deepEqual([shell.hello.you, shell.hello.offset], [you, 0]);
      await shell.seen(PROMPT);
      shell.send({ type: 'end' });
      await shell.closed();
      assert.equal(shell.exit?.reason, 'owner-ended');
    });

    it('[SH4] without a terminal the two streams come apart, input ends without ending output, and the code is told', async () => {
      const shell = await bench.open(who, {
        pod: name,
        tty: false,
        command: ['sh', '-c', 'echo out; echo err >&2; cat; echo done; exit 3'],
      });
      shell.type('through\n');
      await shell.seen(/out\nthrough\n/);
      shell.send({ type: 'eof' });
      await shell.closed();
      assert.match(shell.text, /through\ndone\n$/);
      assert.equal(shell.errorText, 'err\n');
      assert.deepEqual([shell.exit?.code, shell.exit?.reason], [3, 'exited']);
    });

    it('[SH5] without the subprotocol keys and output are text, and one exact frame resizes', async () => {
      const shell = await bench.open(who, { pod: name }, { protocol: null });
      shell.keys('{"type":"resize","rows":31,"cols":97}');
      await shell.seen(PROMPT);
      shell.keys('stty size\r');
      await shell.seen(/31 97/);
      shell.keys('echo \'{"type":"resize","rows":1,"cols":2,"more":3}\' {\r');
      await shell.seen(/\n\{"type":"resize","rows":1,"cols":2,"more":3\} \{/);
      shell.keys('echo häß💥; exit\r');
      await shell.seen(/\nhäß💥/);
      assert.equal(await shell.closed(), 1000);
    });

    it('[SH6] a container without a shell says so, and names the way in', async () => {
      await bench.runningPod('bare', podWithoutShell('bare', target.kind));
      const refused = await bench.refusal(who, { pod: 'bare' });
      assert.equal(refused.status, 404);
      assert.match(refused.body.message, /has no shell.*debug container/);
      assert.equal(refused.body.details.causes[0].reason, NO_SHELL);
      const debugging = { apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] };
      await who.grant(await who.role([debugging]), bench.namespace);
      const debug = await who.api.post(
        `/api/resource/pods/bare/debug`,
        { image: 'local/busybox:1', target: 'main' },
        {
          ns: bench.namespace,
        },
      );
      assert.equal(debug.status, 201, debug.text);
      const shell = await bench.open(who, { pod: 'bare', container: debug.body.container });
      await shell.seen(PROMPT);
      shell.type('echo in the $((1+1))nd\r');
      await shell.seen(/in the 2nd/);
    });

    it(
      '[SH7] what a process says arrives whole, with exit codes',
      async () => {
        const bytes = target.kind === 'sandbox' ? 24_000_000 : 104_857_600;
        const expected = createHash('sha256')
          .update('y\n'.repeat(bytes / 2))
          .digest('hex');
        const run = async (): Promise<ShellClient> => {
          const shell = await bench.open(who, {
            pod: name,
            tty: false,
            command: ['sh', '-c', `yes | head -c ${bytes}`],
          });
          await shell.closed(100_000);
          return shell;
        };
        let shell = await run();
        // Real nodes under load lose the end of what a slow reader has not taken when the process ends (seen without us, too).
        for (let again = 0; again < 2 && target.kind === 'cluster' && shell.bytes < bytes; again += 1)
          shell = await run();
        assert.equal(shell.bytes, bytes);
        assert.equal(shell.hash.digest('hex'), expected);
        assert.deepEqual([shell.exit?.code, shell.exit?.reason], [0, 'exited']);
      },
      { deadlineMs: 240_000 },
    );

    it(
      '[SH3] a full-screen program has the terminal',
      async () => {
        const shell = await bench.open(who, { pod: name, ...SIZE });
        await shell.seen(PROMPT);
        shell.type('vi /tmp/written\r');
        await shell.seen(/~[^\n]*\r?\n?.*~/s);
        shell.type('iwritten with vi');
        await shell.seen(/written with vi/);
        // A key that comes at once after it would make an escape sequence.
        shell.type('\u001b');
        await shell.seen(/- \/tmp\/written \[Modified/);
        shell.type(':wq\r');
        await shell.seen(/\[\?1049l[^]*[#$] /);
        shell.type('cat /tmp/written; echo end\r');
        await shell.seen(/\nwritten with vi\r?\n.*end/);
      },
      { skip: target.kind === 'sandbox' ? 'the sandbox has no vi' : undefined },
    );
  }

  function holdCases(it: Case): void {
    it('[SH10] who is cut off comes back by key and offset, and the process has not noticed', async () => {
      const first = await bench.open(who, { pod: name });
      await first.seen(PROMPT);
      first.type('X=kept; echo before-$X\r');
      await first.seen(/before-kept/);
      const { session, key } = first.hello;
      first.cut();
      const second = await bench.join(who, { session, key, from: first.offset });
      assert.equal(second.hello.offset, first.offset);
      second.type('echo after-$X\r');
      await second.seen(/after-kept/);
      const third = await bench.join(who, { session, key });
      assert.equal(third.hello.offset, 0);
      await third.seen(/before-kept[^]*after-kept/);
      assert.equal(await second.closed(), 4509, 'one socket a participant');
      assert.equal((await bench.refusal(who, { ns: undefined, session, key, from: 1_000_000 })).status, 400);
      const other = await bench.person('other');
      assert.equal((await bench.refusal(other.who, { ns: undefined, session, key })).status, 403);
      assert.equal((await bench.refusal(who, { ns: undefined, session, key: 'wrong' })).status, 404);
    });

    it('[SH11] no byte is lost or doubled, wherever the socket is cut', async () => {
      const lines = 400_000;
      const expected = Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join('');
      const command = ['sh', '-c', `seq 1 ${lines}; sleep 1`];
      // Coming back is the only acknowledgement, so that the process cannot run ahead of the cuts.
      const silent = { acknowledging: false };
      let client = await bench.open(who, { pod: name, tty: false, command }, silent);
      const { session, key } = client.hello;
      const parts = [client];
      const { below } = chanceFrom(11);
      while (client.exit === undefined) {
        const until = client.hello.offset + below(250_000);
        const reached = (): boolean => (client.offset ?? 0) >= until || client.exit !== undefined;
        await pollUntil('some output', reached, { everyMs: 1 });
        if (client.exit !== undefined) break;
        client.cut();
        const from = client.offset ?? 0;
        client = await bench.join(who, { session, key, from }, silent);
        assert.equal(client.hello.offset, from);
        parts.push(client);
      }
      await pollUntil('the end', () => client.exit);
      await client.closed();
      assert.ok(parts.length > 5, `cut ${parts.length - 1} times`);
      const whole = parts.map(({ text }) => text).join('');
      assert.equal(whole.length, expected.length);
      assert.equal(sha(whole), sha(expected));
      assert.deepEqual([client.exit?.code, client.exit?.reason], [0, 'exited']);
    });

    it('[SH12] a client that does not acknowledge is sent one window, the process waits, and nothing is lost', async () => {
      const bytes = 6_000_000;
      const command = ['sh', '-c', `yes | head -c ${bytes}`];
      const shell = await bench.open(who, { pod: name, tty: false, command }, { acknowledging: false });
      const { windowBytes } = shell.hello;
      await pollUntil('a window of output', () => shell.bytes === windowBytes);
      shell.send({ type: 'ping', nonce: 'still' });
      await shell.frame('pong');
      assert.equal(shell.bytes, windowBytes);
      shell.acknowledging = true;
      shell.acknowledge();
      await shell.closed();
      assert.equal(shell.bytes, bytes);
    });
  }

  function peopleCases(it: Case): void {
    it('[SH20] [SH21] others watch, ask, type when they are let, and are removed', async () => {
      const guest = await bench.person('guest');
      const owner = await bench.open(who, { pod: name });
      await owner.seen(PROMPT);
      const { session, you } = owner.hello;
      const listed = (await guest.who.api.get('/api/shells')).body as ShellList;
      const item = listed.items.find((each) => each.session === session);
      assert.deepEqual([item?.owner, item?.pod, item?.participants.length], [who.username, name, 1]);
      const watcher = await bench.join(guest.who, { session });
      await watcher.seen(PROMPT);
      const people = await owner.frame('people', ({ participants }) => participants.length === 2);
      assert.equal(people.keyboard, you);
      watcher.type('echo smuggled\r');
      const refused = await watcher.frame('error');
      assert.equal(refused.status.reason, 'Forbidden');
      watcher.send({ type: 'ask' });
      const { you: asking } = watcher.hello;
      await owner.frame('people', ({ participants }) =>
        participants.some(({ id, asks }) => id === asking && asks),
      );
      for (const frame of [
        { type: 'take' },
        { type: 'grant', to: asking },
        { type: 'end' },
        { type: 'remove', participant: you },
      ]) {
        const since = watcher.frames.length;
        watcher.send(frame);
        assert.equal((await watcher.frame('error', undefined, since)).status.reason, 'Forbidden', frame.type);
      }
      owner.send({ type: 'grant', to: asking });
      await watcher.frame('people', ({ keyboard }) => keyboard === asking);
      watcher.type('echo typed by a guest\r');
      await owner.seen(/\ntyped by a guest/);
      assert.doesNotMatch(owner.text, /smuggled/);
      const since = owner.frames.length;
      owner.type('x');
      await owner.frame('error', undefined, since);
      owner.send({ type: 'take' });
      await watcher.peopleAre(({ keyboard }) => keyboard === you);
      owner.send({ type: 'remove', participant: asking });
      assert.equal(await watcher.closed(), 4503);
      assert.equal(watcher.exit?.reason, 'removed');
      owner.send({ type: 'end' });
      await owner.closed();
    });

    it('[SH22] the terminal is as large as that of who types', async () => {
      const guest = await bench.person('small');
      const owner = await bench.open(who, { pod: name, rows: 50, cols: 150 });
      await owner.seen(PROMPT);
      const watcher = await bench.join(guest.who, { session: owner.hello.session });
      watcher.send({ type: 'resize', rows: 20, cols: 60 });
      watcher.send({ type: 'ping' });
      await watcher.frame('pong');
      assert.ok(!owner.frames.some(({ type }) => type === 'resized'));
      owner.send({ type: 'grant', to: watcher.hello.you });
      await owner.frame('resized', ({ rows, cols }) => rows === 20 && cols === 60);
      watcher.type('stty size\r');
      await watcher.seen(/20 60/);
      watcher.send({ type: 'release' });
      await watcher.frame('resized', ({ rows, cols }) => rows === 50 && cols === 150);
    });

    it('[SH23] who loses the right to exec is out at once: a guest alone, the owner with all', async () => {
      const owner = await bench.person('owner');
      const guest = await bench.person('guest');
      const shell = await bench.open(owner.who, { pod: name });
      await shell.seen(PROMPT);
      const watcher = await bench.join(guest.who, { session: shell.hello.session });
      const faithful = await bench.join(who, { session: shell.hello.session });
      await guest.revoke();
      assert.equal(await watcher.closed(), 4503);
      assert.equal(watcher.exit?.reason, 'right-lost');
      await shell.peopleAre(({ participants }) => participants.length === 2);
      await owner.revoke();
      assert.equal(await shell.closed(), 4503);
      await faithful.closed();
      assert.deepEqual([shell.exit?.reason, faithful.exit?.reason], ['right-lost', 'right-lost']);
      assert.equal((await bench.refusal(who, { ns: undefined, session: shell.hello.session })).status, 404);
    });

    it('[SH24] a proof that ends closes the socket; a new one of the same person goes on', async () => {
      const owner = await bench.person('owner');
      const shell = await bench.open(owner.who, { pod: name });
      await shell.seen(PROMPT);
      shell.send({ type: 'auth', token: who.token });
      assert.equal((await shell.frame('error')).status.reason, 'Forbidden');
      shell.send({ type: 'auth', token: await owner.who.anotherToken() });
      await shell.frame('authenticated');
      await owner.who.vanish();
      assert.ok([4501, 4503].includes(await shell.closed()));
    });

    it('[SH25] the owner ends a session over HTTP, others do not', async () => {
      const other = await bench.person('other');
      const shell = await bench.open(who, { pod: name });
      const at = `/api/shells/${shell.hello.session}`;
      assert.equal((await other.who.api.delete(at)).status, 403);
      const stranger = await fixture.person('stranger');
      assert.equal((await stranger.api.delete(at)).status, 403);
      const seen = (await stranger.api.get('/api/shells')).body as ShellList;
      assert.deepEqual(seen.items, []);
      assert.equal((await who.api.delete(at)).status, 204);
      await shell.closed();
      assert.equal(shell.exit?.reason, 'owner-ended');
      assert.equal((await who.api.delete(at)).status, 404);
    });
  }

  function endCases(it: Case): void {
    it(
      '[SH30] a pod that is deleted in mid-session is told of',
      async () => {
        await bench.runningPod('doomed');
        const shell = await bench.open(who, { pod: 'doomed' });
        await shell.seen(PROMPT);
        await target.admin.delete(`${bench.pods}/doomed`);
        await shell.closed(60_000);
        assert.equal(shell.exit?.reason, 'pod-gone', JSON.stringify(shell.exit));
        assert.match(shell.exit?.message ?? '', /doomed/);
      },
      { deadlineMs: 90_000 },
    );

    it('[SH31] a process that is killed is told of', async () => {
      const shell = await bench.open(who, { pod: name, tty: false, command: ['sh', '-c', 'exit 137'] });
      await shell.closed();
      assert.deepEqual([shell.exit?.code, shell.exit?.reason], [137, 'signalled']);
    });
  }
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
