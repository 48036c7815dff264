import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { CONSOLE_PROTOCOL, type ConsoleHello } from '@krateyard/vms/contract/console-protocol';
import { tlsOf } from '../harness/api.ts';
import { cases, type Case } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { RefusedUpgrade } from '../harness/when-open.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { ShellClient, type ShellQuery } from './shell-client.ts';
import { machine } from './vms-cases.ts';

const VMS = '/apis/kubevirt.io/v1';
/** A guest under emulation takes its time to start. */
const RUN_MS = 120_000;
const CASE_MS = 240_000;

interface Opening {
  readonly protocol?: string | null;
  readonly acknowledging?: boolean;
}

/** What the consoles' cases share: a namespace, machines in it, people and sockets that are closed at the end. */
export class ConsoleBench {
  readonly fixture: RoomFixture;
  readonly namespace: string;

  private constructor(fixture: RoomFixture, namespace: string) {
    this.fixture = fixture;
    this.namespace = namespace;
  }

  static async set(fixture: RoomFixture): Promise<ConsoleBench> {
    return new ConsoleBench(fixture, await fixture.target.namespace('console'));
  }

  /** Somebody who may use consoles here. Resolves to the grant's end, too. */
  async person(name: string): Promise<{ who: Person; revoke: () => Promise<void> }> {
    const who = await this.fixture.person(name);
    return { who, revoke: await who.grant('edit', this.namespace) };
  }

  async make(name: string, runStrategy: string): Promise<string> {
    const { target } = this.fixture;
    await target.make(`${VMS}/namespaces/${this.namespace}/virtualmachines`, machine(name, { runStrategy }));
    if (runStrategy === 'Always') await this.runs(name);
    return name;
  }

  /** Its instance's uid. `after`: that of an instance that is not meant, as it may still be there. */
  runs(name: string, after?: string): Promise<string> {
    const path = `${VMS}/namespaces/${this.namespace}/virtualmachineinstances/${name}`;
    return pollUntil(
      `${name} to run`,
      async () => {
        const { metadata, status } = (await this.fixture.target.admin.get(path)).body;
        return status?.phase === 'Running' && metadata.uid !== after && (metadata.uid as string);
      },
      { deadlineMs: RUN_MS },
    );
  }

  async open(who: Person, name: string, query: ShellQuery = {}, options: Opening = {}): Promise<ShellClient> {
    const { gateway, target } = this.fixture;
    const path = `/api/vms/${name}/console`;
    const protocol = options.protocol === undefined ? CONSOLE_PROTOCOL : options.protocol;
    const client = await ShellClient.open(
      gateway.origin,
      who.token,
      { namespace: this.namespace, ...query },
      { ...options, protocol, path },
    );
    target.undo(async () => client.cut());
    if (protocol === CONSOLE_PROTOCOL) await client.frame('people');
    return client;
  }

  async refusal(who: Person, name: string, query: ShellQuery = {}): Promise<RefusedUpgrade> {
    const refused = await this.open(who, name, query).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(refused instanceof RefusedUpgrade, `a refusal, not ${String(refused)}`);
    return refused;
  }

  /** The hold of whoever was there last is over: who comes next makes the connection. */
  nobodyAt(who: Person, name: string): Promise<unknown> {
    const at = { namespace: this.namespace };
    return pollUntil('nobody to be there', async () => {
      const { body } = await who.api.get(`/api/vms/${name}/console/info`, at);
      return (body.participants as unknown[]).length === 0;
    });
  }

  act(who: Person, name: string, action: string): Promise<unknown> {
    return pollUntil(`${action} of ${name} to be accepted`, async () => {
      const { status } = await who.api.post(
        `/api/vms/${name}/action`,
        { action },
        { namespace: this.namespace },
      );
      return status === 202;
    });
  }
}

/** What is typed comes back: by the guest's shell, or from one sector that echoes. Typed again while the guest still boots. */
export async function echoes(client: ShellClient, word: string, seenBy: ShellClient = client): Promise<void> {
  const before = seenBy.text.length;
  await pollUntil(
    `"${word}" to be echoed`,
    async () => {
      client.type(`${word}\r`);
      return await seenBy.seen(new RegExp(word), 2_000).then(
        () => seenBy.text.slice(Math.max(0, before - word.length)).includes(word),
        () => false,
      );
    },
    { deadlineMs: RUN_MS, everyMs: 100 },
  );
}

const noticeOf = (client: ShellClient, state: 'waiting' | 'attached', since = 0): Promise<Wire> =>
  client.frame('notice', (frame) => frame.state === state, since, RUN_MS);

/** `/api/vms/{name}/console` on any cluster that runs KubeVirt. */
export async function vmConsoleCases(fixture: RoomFixture): Promise<void> {
  const { target, gateway } = fixture;
  const bench = await ConsoleBench.set(fixture);
  const name = await bench.make('tty', 'Always');
  const { who } = await bench.person('typist');

  const define = (it: Case): void => {
    useCases(it);
    lifeCases(it);
    rightCases(it);
  };
  cases('serial consoles', target, define, { concurrency: 1 });

  function useCases(it: Case): void {
    it(
      '[CO1] [CO3] several people are at one console: one types, all see, and the keyboard goes from hand to hand',
      async () => {
        const first = await bench.open(who, name);
        const hello = first.hello as unknown as ConsoleHello;
        assert.deepEqual([hello.namespace, hello.vm, hello.offset], [bench.namespace, name, 0]);
        assert.ok(hello.idleReleaseMs > 0);
        await echoes(first, 'one');
        const other = (await bench.person('colleague')).who;
        const second = await bench.open(other, name);
        assert.equal(second.hello.session, first.hello.session);
        await second.seen(/one/);
        assert.equal(second.people.keyboard, first.hello.you);
        second.type('unheard');
        assert.equal((await second.frame('error')).status.reason, 'Forbidden');
        second.send({ type: 'ask' });
        await first.peopleAre(({ participants }) => participants.some(({ asks }) => asks));
        first.send({ type: 'grant', to: second.hello.you });
        await second.peopleAre(({ keyboard }) => keyboard === second.hello.you);
        await echoes(second, 'two', first);
        second.send({ type: 'release' });
        await first.peopleAre(({ keyboard }) => keyboard === null);
        first.send({ type: 'take' });
        await first.peopleAre(({ keyboard }) => keyboard === first.hello.you);
        assert.doesNotMatch(first.text, /unheard/);
        const info = await other.api.get(`/api/vms/${name}/console/info`, { namespace: bench.namespace });
        assert.deepEqual(
          [info.status, info.body.available, info.body.reason, info.body.participants.length],
          [200, true, '', 2],
          info.text,
        );
        for (const one of [first, second]) {
          assert.equal(one.frames.filter(({ type }) => type === 'notice').length, 0, 'nobody was cut off');
          await one.close();
        }
      },
      { deadlineMs: CASE_MS },
    );

    it('[CO1] without the subprotocol, or with KubeVirt’s, it is bytes both ways', async () => {
      for (const protocol of [null, 'plain.kubevirt.io']) {
        const word = `plain${protocol?.length ?? 0}`;
        const client = await bench.open(who, name, {}, { protocol });
        await pollUntil('the echo', async () => {
          client.raw(Buffer.from(`${word}\r`));
          return await client.seen(new RegExp(word), 2_000).then(
            () => true,
            () => false,
          );
        });
        assert.doesNotMatch(client.text, /"type"/);
        await client.close();
      }
    });

    it('[CO2] what cannot be opened is refused before the upgrade, with what to do', async () => {
      await bench.make('idle', 'Halted');
      const stranger = await fixture.person('stranger');
      const forbidden = await bench.refusal(stranger, name);
      assert.equal(forbidden.status, 403);
      assert.match(forbidden.body.message, /cannot get resource "virtualmachineinstances\/console"/);
      const unknown = await bench.refusal(who, 'nobody');
      assert.deepEqual([unknown.status, unknown.body.reason], [404, 'NotFound']);
      const off = await pollUntil('the machine to be known', async () => {
        const refused = await bench.refusal(who, 'idle');
        return refused.status !== 404 && refused;
      });
      assert.deepEqual([off.status, off.body.reason], [409, 'Conflict']);
      assert.match(off.body.message, /is off; start it/);
      for (const query of [{ namespace: '*' }, { from: 'x' }, { wait: 'perhaps' }, { from: 1e12 }])
        assert.equal((await bench.refusal(who, name, query)).status, 400, JSON.stringify(query));
      const at = { namespace: bench.namespace };
      assert.equal((await stranger.api.get(`/api/vms/${name}/console/info`, at)).status, 403);
      const info = await who.api.get('/api/vms/idle/console/info', at);
      assert.deepEqual([info.body.available, info.body.reason !== ''], [false, true]);
    });

    it(
      '[CO4] cut at any points and resumed by offset, nothing is lost or doubled',
      async () => {
        const witness = await bench.open((await bench.person('witness')).who, name);
        let client = await bench.open(who, name);
        const { session, key } = client.hello;
        witness.send({ type: 'grant', to: client.hello.you });
        await client.peopleAre(({ keyboard }) => keyboard === client.hello.you);
        await echoes(client, 'begin');
        const { below } = chanceFrom(7);
        for (let round = 0; round < 12; round += 1) {
          client.type(`round${round}\r`);
          const until = (client.offset ?? 0) + below(12);
          await pollUntil('some output', () => (client.offset ?? 0) >= until, { everyMs: 1 });
          client.cut();
          const from = client.offset ?? 0;
          client = await bench.open(who, name, { session, key, from });
          assert.deepEqual([client.hello.session, client.hello.offset], [session, from]);
          await client.peopleAre(({ keyboard }) => keyboard === client.hello.you);
        }
        await echoes(client, 'done');
        await pollUntil('both to have heard as much', () => client.offset === witness.offset);
        const all = await bench.open(who, name);
        await pollUntil('all that is kept', () => all.offset === witness.offset);
        assert.ok(all.text.endsWith(witness.text) || witness.text.endsWith(all.text));
        for (let round = 0; round < 12; round += 1) assert.ok(all.text.includes(`round${round}`), all.text);
        for (const one of [client, witness, all]) await one.close();
      },
      { deadlineMs: CASE_MS },
    );
  }

  function lifeCases(it: Case): void {
    it(
      '[CO2] [CO5] who waits comes in to a machine that is off, and its console begins with it',
      async () => {
        await bench.make('asleep', 'Halted');
        await pollUntil('the machine to be known', async () => {
          return (await who.api.get('/api/vms/asleep', { namespace: bench.namespace })).status === 200;
        });
        const client = await bench.open(who, 'asleep', { wait: 'true' });
        assert.match((await noticeOf(client, 'waiting')).message as string, /is off/);
        client.type('lost');
        assert.equal((await client.frame('error')).status.reason, 'ServiceUnavailable');
        const path = `${VMS}/namespaces/${bench.namespace}/virtualmachines/asleep`;
        await target.admin.patch(path, 'application/merge-patch+json', { spec: { runStrategy: 'Always' } });
        await noticeOf(client, 'attached');
        await echoes(client, 'awake');
        assert.doesNotMatch(client.text, /lost/);
        await target.admin.delete(path);
        const exit = await client.frame('exit', () => true, 0, RUN_MS);
        assert.deepEqual([exit.code, exit.reason], [null, 'machine-gone']);
        assert.equal(await client.closed(), 1000);
      },
      { deadlineMs: CASE_MS },
    );

    it(
      '[CO5] a restart is told beside the bytes, and the console goes on',
      async () => {
        const client = await bench.open(who, name);
        await echoes(client, 'before');
        await bench.act(who, name, 'restart');
        await noticeOf(client, 'waiting');
        await noticeOf(client, 'attached');
        await echoes(client, 'after');
        assert.doesNotMatch(client.text, /is being made again|console goes on/);
        await client.close();
      },
      { deadlineMs: CASE_MS },
    );

    it(
      '[CO5] a migration is gone along with',
      async () => {
        const client = await bench.open(who, name);
        await echoes(client, 'here');
        await bench.act(who, name, 'migrate');
        await noticeOf(client, 'attached');
        await echoes(client, 'there');
        await client.close();
      },
      { deadlineMs: CASE_MS, skip: target.kind === 'sandbox' ? undefined : 'the lab has one node' },
    );

    it(
      '[CO7] who opens the console elsewhere has it, and ours comes back in a while',
      async () => {
        const client = await bench.open(who, name);
        await echoes(client, 'ours');
        const elsewhere = await openElsewhere(bench, name);
        await noticeOf(client, 'waiting');
        await noticeOf(client, 'attached');
        await pollUntil('the other to be cut off', () => elsewhere.readyState === elsewhere.CLOSED);
        await echoes(client, 'again');
        await client.close();
      },
      { deadlineMs: CASE_MS },
    );
  }

  function rightCases(it: Case): void {
    it(
      '[CO6] [CO3] who loses the right is out, also when the connection was theirs, and the others go on',
      async () => {
        const leaver = await bench.person('leaver');
        await bench.nobodyAt(who, name);
        const first = await bench.open(leaver.who, name);
        const second = await bench.open(who, name);
        await echoes(first, 'mine', second);
        await leaver.revoke();
        assert.equal(await first.closed(), 4503);
        assert.equal(first.exit?.reason, 'right-lost');
        await noticeOf(second, 'attached');
        await second.peopleAre(
          ({ keyboard, participants }) => keyboard === null && participants.length === 1,
        );
        second.send({ type: 'take' });
        await second.peopleAre(({ keyboard }) => keyboard === second.hello.you);
        await echoes(second, 'ours');
        assert.equal((await bench.refusal(leaver.who, name)).status, 403);
        await second.close();
      },
      { deadlineMs: CASE_MS },
    );

    it('[CO6] with the proof of identity the socket ends', async () => {
      const { who: gone } = await bench.person('gone');
      const client = await bench.open(gone, name);
      await gone.vanish();
      assert.ok([4501, 4503].includes(await client.closed()));
    });

    it('[CO9] coming is audited, and no log holds what was typed', async () => {
      const client = await bench.open(who, name);
      await echoes(client, 'hunter2');
      const line = await pollUntil('an audit line', () =>
        gateway.log.split('\n').find((one) => one.includes('console.open') && one.includes(client.hello.you)),
      );
      assert.ok(line.includes(who.username) && line.includes(name));
      assert.ok(!gateway.log.includes('hunter2'));
      await client.close();
    });
  }
}

/** KubeVirt's own console, past the gateway. */
async function openElsewhere({ fixture, namespace }: ConsoleBench, name: string): Promise<WebSocket> {
  const { admin } = fixture.target;
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${name}/console`;
  const ws = new WebSocket(admin.url(path).replace(/^http/, 'ws'), ['plain.kubevirt.io'], {
    ...tlsOf(admin.login),
    headers: admin.identityHeaders(),
  });
  fixture.target.undo(async () => ws.terminate());
  const opened = Promise.withResolvers<void>();
  ws.once('open', opened.resolve);
  ws.once('error', opened.reject);
  await opened.promise;
  return ws;
}
