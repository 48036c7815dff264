import assert from 'node:assert/strict';
import type { ScreenTicket } from '@krateyard/vms/contract/screen-protocol';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { RoomFixture } from './room-fixture.ts';
import { TEXT, TEXT_PIXELS, VncClient, type Query } from './screen-client.ts';
import { refused, RUN_MS, ScreenStage } from './screen-stage.ts';

const CASE_MS = 240_000;

async function allSee(clients: readonly VncClient[], what: string): Promise<void> {
  await pollUntil(what, () => new Set(clients.map(({ picture }) => picture)).size === 1);
}

/** Shared screens from outside, against any cluster that runs KubeVirt. */
export function vmScreensCases(fixture: RoomFixture): void {
  const stage = new ScreenStage(fixture, 'box');
  const { target } = fixture;

  cases(
    'shared screens',
    target,
    (it) => {
      it(
        '[SC3, SC4] five viewers see the same pixels at once, and what one types',
        async () => {
          await stage.make();
          const owner = await stage.operator('owner');
          const first = await stage.viewer(owner);
          assert.deepEqual(
            [first.side.hello.vm, first.side.hello.namespace, first.vnc.protocol],
            ['box', stage.namespace, 'binary'],
          );
          await first.side.becomes('live');
          assert.ok(first.side.controls, 'who comes first controls');
          const others = await Promise.all(
            [1, 2, 3, 4].map(async (number) => {
              const who = await stage.looker(`looker-${number}`);
              return stage.vnc(who, {}, number === 1 ? [] : ['binary']);
            }),
          );
          assert.deepEqual(
            others.map(({ protocol }) => protocol),
            ['', 'binary', 'binary', 'binary'],
          );
          const all = [first.vnc, ...others];
          await allSee(all, 'five equal pictures');
          const before = all.map((one) => one.shot());
          first.vnc.type(TEXT);
          for (const [index, one] of all.entries()) await one.changes(before[index]!);
          await allSee(all, 'five equal pictures with text');
          const { viewers, controller, width, height } = await stage.info(owner);
          assert.equal(viewers.length, 5);
          assert.ok(viewers.every(({ watching }) => watching));
          assert.deepEqual(
            [controller, width, height],
            [first.side.hello.you, all[0]!.screen.width, all[0]!.screen.height],
          );

          const [quiet] = others;
          await first.vnc.settles();
          const seen = first.vnc.shot();
          quiet!.type(TEXT + TEXT);
          await quiet!.heard();
          first.vnc.type('i');
          await pollUntil('one letter', () => first.vnc.changedSince(seen) > 0);
          await first.vnc.heard();
          assert.ok(first.vnc.changedSince(seen) < TEXT_PIXELS, 'who does not control cannot type');
          for (const one of others) one.close();
          first.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[SC4] control is asked for, granted, released, taken by right, and viewers are removed',
        async () => {
          const [alice, bob] = [await stage.operator('alice'), await stage.looker('bob')];
          await stage.empty(alice);
          const [a, b] = [await stage.viewer(alice), await stage.viewer(bob)];
          assert.ok(a.side.controls);
          const [aId, bId] = [a.side.hello.you, b.side.hello.you];
          b.side.send({ type: 'take' });
          const held = await b.side.frame('error');
          assert.equal(held.status.reason, 'Forbidden');
          assert.match(held.status.message, /controls this screen: ask for it, or take it when it was idle/);
          b.side.send({ type: 'ask' });
          await a.side.peopleAre(({ viewers }) => viewers.some(({ id, asks }) => id === bId && asks));
          b.side.send({ type: 'grant', to: bId });
          await b.side.frame('error', ({ status }) => /only who controls/.test(status.message));
          a.side.send({ type: 'grant', to: bId });
          await b.side.peopleAre(({ controller }) => controller === bId);
          const before = a.vnc.shot();
          b.vnc.type(TEXT);
          await a.vnc.changes(before);
          a.side.send({ type: 'take' });
          await b.side.peopleAre(({ controller }) => controller === aId);
          a.side.send({ type: 'release' });
          await b.side.peopleAre(({ controller }) => controller === null);
          b.side.send({ type: 'take' });
          await a.side.peopleAre(({ controller }) => controller === bId);
          a.side.send({ type: 'take' });
          await b.side.peopleAre(({ controller }) => controller === aId);
          a.side.send({ type: 'remove', viewer: bId });
          const bye = await b.side.frame('bye');
          assert.equal(bye.reason, 'removed');
          assert.deepEqual([await b.side.closed(), await b.vnc.closed()], [4503, 4503]);
          await a.side.peopleAre(({ viewers }) => viewers.length === 1);
          a.side.send({ type: 'ping', nonce: 'n' });
          assert.equal((await a.side.frame('pong')).nonce, 'n');
          a.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[SC5, SC13] a client of /vnc alone controls while nobody else does, and who may only look never',
        async () => {
          const [alice, bob] = [await stage.operator('plain'), await stage.looker('viewonly')];
          await stage.empty(alice);
          const looks = await stage.vnc(bob, { viewOnly: 'true' });
          await looks.shows();
          const seen = looks.shot();
          looks.type(TEXT);
          await looks.heard();
          assert.equal((await stage.info(alice)).controller, null);
          const types = await stage.vnc(alice);
          types.type(TEXT);
          await looks.changes(seen);
          const { viewers, controller } = await stage.info(alice);
          const [other, own] = [
            viewers.find(({ viewOnly }) => viewOnly),
            viewers.find(({ viewOnly }) => !viewOnly),
          ];
          assert.equal(controller, own?.id);
          assert.equal(other?.username, bob.username);
          // A plain VGA has no other size, and QEMU says so (3) or passes it on (4); nobody else is let ask (1).
          assert.ok([3, 4].includes(await types.resize(800, 600)));
          assert.equal(await looks.resize(800, 600), 1);
          const side = await stage.screen(bob, { viewOnly: 'true' });
          side.send({ type: 'take' });
          assert.match((await side.frame('error')).status.message, /may only look/);
          for (const one of [looks, types, side]) one.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[SC1, SC3] a lost right ends the view; the others look on, also when the connection was that person’s',
        async () => {
          const [gone, stays] = [await stage.looker('gone'), await stage.looker('stays')];
          await stage.empty(stays);
          const [lost, kept] = [await stage.viewer(gone), await stage.viewer(stays)];
          const plain = await stage.vnc(gone);
          await gone.lose();
          const bye = await lost.side.frame('bye');
          assert.equal(bye.reason, 'right-lost');
          assert.ok(bye.requestId, 'the log has the rest under it');
          assert.deepEqual(
            [await lost.side.closed(), await lost.vnc.closed(), await plain.closed()],
            [4503, 4503, 4503],
          );
          await kept.side.peopleAre(({ viewers }) => viewers.length === 1);
          kept.side.send({ type: 'take' });
          await kept.side.peopleAre(({ controller }) => controller === kept.side.hello.you);
          await kept.side.becomes('live');
          const before = kept.vnc.shot();
          kept.vnc.type(TEXT);
          await kept.vnc.changes(before);
          await refused(stage.vnc(gone), 403, 'Forbidden');
          await refused(stage.screen(gone), 403, 'Forbidden');
          kept.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[SC3] when the one leaves as whom the screen was connected, it goes on as another',
        async () => {
          const [first, second] = [await stage.looker('leaves'), await stage.looker('remains')];
          await stage.empty(second);
          const [a, b] = [await stage.viewer(first), await stage.viewer(second)];
          a.close();
          await b.side.peopleAre(({ viewers }) => viewers.length === 1);
          b.side.send({ type: 'take' });
          await b.side.peopleAre(({ controller }) => controller !== null);
          await pollUntil('typing to work again', async () => {
            const before = b.vnc.shot();
            b.vnc.type(TEXT);
            await b.vnc.changes(before, 2_000);
            return true;
          });
          b.close();
        },
        { deadlineMs: CASE_MS },
      );

      it(
        '[SC7] share=off is KubeVirt’s own stream; who shares the screen gets it back afterwards',
        async () => {
          const [alice, bob] = [await stage.looker('sharer'), await stage.looker('alone')];
          await stage.empty(alice);
          const shared = await stage.viewer(alice);
          const alone = await stage.vnc(bob, { share: 'off' });
          assert.match(alone.name, /QEMU/);
          await alone.shows();
          await shared.side.becomes('unavailable');
          const told = shared.side.frames.findLast(({ type }) => type === 'state');
          assert.ok(told?.type === 'state' && told.message.startsWith(bob.username), JSON.stringify(told));
          const before = alone.shot();
          alone.type(TEXT);
          await alone.changes(before);
          alone.close();
          await shared.side.becomes('live');
          await allSee([shared.vnc], 'a picture');
          await refused(stage.vnc(bob, { share: 'off', viewOnly: 'true' }), 400, 'BadRequest');
          shared.close();
          const again = await stage.vnc(bob, { share: 'off' });
          await bob.lose();
          assert.equal(await again.closed(), 4503);
        },
        { deadlineMs: CASE_MS },
      );

      it('[SC8] a ticket opens the screen once, there and only so', async () => {
        const who = await stage.looker('giver');
        await stage.empty(who);
        const issue = async (body: Wire, vm = 'box'): Promise<ScreenTicket> => {
          const reply = await who.api.post(`/api/vms/${vm}/vnc/ticket`, body, { namespace: stage.namespace });
          assert.equal(reply.status, 201, reply.text);
          return reply.body as ScreenTicket;
        };
        const open = (ticket: ScreenTicket, change: Query = {}): Promise<VncClient> =>
          stage.vnc(undefined, {
            ...Object.fromEntries(new URL(ticket.url, fixture.gateway.origin).searchParams),
            ...change,
          });
        const ticket = await issue({});
        assert.ok(ticket.url.startsWith('/api/vms/box/vnc?') && ticket.url.endsWith(ticket.ticket));
        const vnc = await open(ticket);
        await vnc.shows();
        await refused(open(ticket), 401, 'Unauthorized');
        const look = await open(await issue({ viewOnly: true, seconds: 5 }));
        const { viewers } = await stage.info(who);
        assert.deepEqual(
          viewers.map(({ viewOnly }) => viewOnly),
          [false, true],
        );
        await refused(open(await issue({ viewOnly: true }), { viewOnly: undefined }), 401, 'Unauthorized');
        await refused(open(await issue({}), { share: 'off' }), 401, 'Unauthorized');
        await refused(open({ ...ticket, url: ticket.url.replace(ticket.ticket, 'x') }), 401, 'Unauthorized');
        const late = await who.api.post(
          '/api/vms/box/vnc/ticket',
          { seconds: 4 },
          { namespace: stage.namespace },
        );
        assert.equal(late.status, 422, late.text);
        for (const one of [vnc, look]) one.close();
      });

      it('[SC10] a screenshot is a PNG that is sent once, and stands in the OpenAPI', async () => {
        const who = await stage.looker('shooter');
        await stage.empty(who);
        const shoot = (headers: Readonly<Record<string, string>> = {}, width?: number) =>
          who.api.open('GET', '/api/vms/box/screenshot', {
            query: { namespace: stage.namespace, ...(width !== undefined && { width }) },
            headers,
          });
        const first = await shoot();
        const png = Buffer.from(await first.body.arrayBuffer());
        assert.deepEqual([first.statusCode, first.headers['content-type']], [200, 'image/png']);
        assert.deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
        const again = await shoot({ 'if-none-match': String(first.headers['etag']) });
        await again.body.dump();
        assert.equal(again.statusCode, 304);
        const narrow = await shoot({}, 90);
        const own = Buffer.from(await narrow.body.arrayBuffer());
        assert.ok(png.readUInt32BE(16) > 90);
        assert.deepEqual([narrow.statusCode, own.readUInt32BE(16)], [200, 90]);
        assert.equal(own.readUInt32BE(20), Math.round((png.readUInt32BE(20) * 90) / png.readUInt32BE(16)));
        for (const width of [0, 15, 8193]) {
          const refused = await shoot({}, width);
          await refused.body.dump();
          assert.equal(refused.statusCode, 400);
        }
        const shared = await stage.viewer(who);
        await pollUntil('the shared picture, made smaller', async () => {
          const small = await shoot({}, 180);
          const thumb = Buffer.from(await small.body.arrayBuffer());
          return small.statusCode === 200 && thumb.readUInt32BE(16) === 180;
        });
        await shared.side.becomes('live');
        shared.close();
        const openapi = await who.api.get('/api/openapi.json');
        const { responses } = openapi.body.paths['/api/vms/{name}/screenshot'].get as Wire;
        assert.deepEqual(Object.keys(responses['200'].content as object), ['image/png']);
        for (const [path, method] of [
          ['/api/vms/{name}/vnc/info', 'get'],
          ['/api/vms/{name}/vnc/ticket', 'post'],
        ] as const)
          assert.ok(openapi.body.paths[path][method], path);
        const nobody = await fixture.person('blind');
        const reply = await nobody.api.get('/api/vms/box/screenshot', { namespace: stage.namespace });
        assert.deepEqual([reply.status, reply.body.reason], [403, 'Forbidden']);
      });

      it('[SC2, SC9] what cannot be is refused before the upgrade, with what to do', async () => {
        const who = await stage.looker('clumsy');
        const nobody = await fixture.person('nobody');
        await stage.empty(who);
        await refused(stage.vnc(undefined), 401, 'Unauthorized');
        await refused(stage.vnc(undefined, { ticket: 'x' }), 401, 'Unauthorized');
        for (const what of [stage.vnc(nobody), stage.screen(nobody), stage.vnc(nobody, { share: 'off' })])
          await refused(what, 403, 'Forbidden');
        await refused(stage.vnc(who, { namespace: '*' }), 400, 'BadRequest');
        await refused(stage.vnc(who, { share: 'maybe' }), 400, 'BadRequest');
        await refused(stage.vnc(who, { viewOnly: 'perhaps' }), 400, 'BadRequest');
        await refused(stage.vnc(who, { viewer: 'nobody' }), 404, 'NotFound');
        const elsewhere = { ...stage.at, vm: 'absent' };
        await refused(VncClient.open(elsewhere, who), 404, 'NotFound');
        await refused(VncClient.open(elsewhere, nobody), 403, 'Forbidden');
        const other = await stage.looker('other');
        const mine = await stage.screen(who);
        await refused(stage.vnc(other, { viewer: mine.hello.key }), 403, 'Forbidden');
        mine.close();
        const alone = await stage.vnc(who, { share: 'off' });
        const full = await refused(stage.vnc(who, { share: 'off' }), 429, 'TooManyRequests');
        assert.ok(Number(full.headers['retry-after']) > 0);
        alone.close();
        const info = await nobody.api.get('/api/vms/box/vnc/info', { namespace: stage.namespace });
        assert.equal(info.status, 403, info.text);
        const seen = await stage.info(who);
        assert.deepEqual(
          [seen.available, seen.vmName, seen.phase, seen.wsUrl, seen.reason],
          [true, 'box', 'Running', `/api/vms/box/vnc?namespace=${stage.namespace}`, ''],
        );
        const view = await fixture.person('reader');
        await view.grant('view', stage.namespace);
        const told = await pollUntil('the right to read', async () => {
          const blind = await stage.info(view);
          return blind.vmName === 'box' && blind;
        });
        assert.deepEqual(
          [told.available, told.reason, told.viewers],
          [false, 'You may not see this screen.', []],
        );
        const { code, reason, message, details } = told.refusal!;
        assert.deepEqual([code, reason], [403, 'Forbidden']);
        assert.match(message, /virtualmachineinstances.* "box" is forbidden: User ".*" cannot get resource/);
        assert.ok(details?.requestId);
        assert.equal(seen.refusal, undefined);
      });
    },
    { concurrency: 1 },
  );

  lifeCases(fixture);
}

function lifeCases(fixture: RoomFixture): void {
  const stage = new ScreenStage(fixture, 'cycle');
  cases(
    'screens over a machine’s life',
    fixture.target,
    (it) => {
      it(
        '[SC2, SC6] viewers wait for a machine that is off, stay while it pauses and restarts, and go with it',
        async () => {
          await stage.make('Manual');
          const who = await stage.operator('keeper');
          // What the gateway knows is a moment behind.
          await pollUntil('it to be known as off', async () =>
            (await stage.info(who)).reason.startsWith('It is off'),
          );
          const off = await refused(stage.vnc(who), 409, 'Conflict');
          assert.match(off.body.message as string, /is off\. Start it/);
          await refused(stage.vnc(who, { share: 'off' }), 409, 'Conflict');
          const picture = await who.api.get('/api/vms/cycle/screenshot', { namespace: stage.namespace });
          assert.deepEqual([picture.status, picture.body.reason], [409, 'Conflict'], picture.text);
          assert.deepEqual(
            [(await stage.info(who)).available, (await stage.info(who)).reason],
            [false, 'It is off; start it to see its screen.'],
          );
          const side = await stage.screen(who);
          await side.becomes('stopped');
          const vnc = await stage.vnc(who, { viewer: side.hello.key });
          await stage.act(who, 'start');
          await side.becomes('live', RUN_MS);
          await vnc.shows();

          assert.equal((await stage.act(who, 'pause')).status, 202);
          await side.becomes('paused');
          assert.equal((await stage.act(who, 'unpause')).status, 202);
          await side.becomes('live');

          const since = side.frames.length;
          assert.equal((await stage.act(who, 'restart')).status, 202);
          await side.frame('state', ({ state }) => state === 'restarting', since, RUN_MS);
          await side.becomes('live', RUN_MS);
          assert.equal(vnc.closeCode, undefined, 'the same socket all the time');
          await vnc.shows();
          const before = vnc.shot();
          await pollUntil(
            'the guest to listen',
            async () => {
              vnc.type(TEXT);
              await vnc.changes(before, 2_000);
              return true;
            },
            { deadlineMs: RUN_MS },
          );

          assert.equal((await stage.act(who, 'delete')).status, 202);
          const bye = await side.frame('bye', () => true, 0, RUN_MS);
          assert.equal(bye.reason, 'gone');
          assert.deepEqual([await side.closed(), await vnc.closed()], [4504, 4504]);
          await refused(stage.vnc(who), 404, 'NotFound');
        },
        { deadlineMs: CASE_MS * 2 },
      );
    },
    { concurrency: 1 },
  );
}
