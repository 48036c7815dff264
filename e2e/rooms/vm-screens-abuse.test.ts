import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { bringWukong, WUKONG_API, wukong } from '../harness/wukong.ts';
import { roomFixture } from './room-fixture.ts';
import { ScreenClient, TEXT, VncClient } from './screen-client.ts';
import { refused, ScreenStage } from './screen-stage.ts';

const fixture = await roomFixture(['--log-level', 'warn']);
const { gateway, target, person } = fixture;
await bringKubeVirt(target);
const stage = new ScreenStage(fixture, 'box');

const CASE = { timeout: 180_000 };
const FRAMES = 100_000;
const A_CLIENT = 2_000;

type Viewer = Awaited<ReturnType<ScreenStage['viewer']>>;

/** That what is typed at the screen is still to be seen on it. */
async function assertWorks({ vnc }: Viewer): Promise<void> {
  await vnc.settles();
  const before = vnc.shot();
  vnc.type(TEXT);
  await vnc.changes(before);
}

test('[SC6] a migration shows, and the screen goes on as it was', CASE, async () => {
  await stage.make();
  const who = await stage.operator('mover');
  await stage.empty(who);
  const viewer = await stage.viewer(who);
  const before = viewer.vnc.shot();
  viewer.vnc.type(TEXT);
  await viewer.vnc.changes(before);
  assert.equal((await stage.act(who, 'migrate')).status, 202);
  const told = await viewer.side.frame('state', ({ state }) => state === 'migrating', 0, 60_000);
  assert.match(told.message, /^Migrating from node-\d to /);
  await viewer.side.becomes('live');
  assert.equal(viewer.vnc.closeCode, undefined);
  await assertWorks(viewer);
});

test(
  '[SC6] an API server that goes away takes nobody from the screen, which comes back with it',
  CASE,
  async () => {
    await stage.make();
    const who = await stage.operator('patient');
    await stage.empty(who);
    const viewer = await stage.viewer(who);
    await viewer.side.becomes('live');
    const since = viewer.side.frames.length;
    await target.restartApiServer(1);
    await viewer.side.frame('state', ({ state }) => state === 'connecting' || state === 'unavailable', since);
    await viewer.side.becomes('live');
    assert.deepEqual([viewer.side.closeCode, viewer.vnc.closeCode], [undefined, undefined]);
    assert.ok(viewer.side.controls);
    await assertWorks(viewer);
  },
);

test('[SC11] 100,000 frames without sense on either socket do no harm', CASE, async () => {
  await stage.make();
  const [alice, noisy] = [await stage.operator('calm'), await stage.looker('noisy')];
  await stage.empty(alice);
  const viewer = await stage.viewer(alice);
  const codes = new Map<number, number>();
  for (let sent = 0; sent < FRAMES; sent += A_CLIENT) {
    const client = await stage.screen(noisy);
    for (let frame = 0; frame < A_CLIENT; frame += 1) {
      client.raw(nonsense(frame));
      // Who only writes may be cut off before they have read why.
      if (frame % 100 === 99) await new Promise(setImmediate);
    }
    const code = await client.closed();
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  assert.deepEqual([...codes.keys()], [4500]);
  for (let sent = 0; sent < FRAMES; sent += A_CLIENT) {
    const client = await stage.vnc(noisy);
    for (let frame = 0; frame < A_CLIENT; frame += 1) client.raw(randomBytes(1 + (frame % 64)));
    // It may be closed for what it says, or waited for: the beginning of a long text is no nonsense yet.
    await client.heard();
    client.close();
  }
  const text = await stage.vnc(noisy);
  text.raw('not binary');
  await text.closed();
  await viewer.side.peopleAre(({ viewers }) => viewers.length === 1);
  await assertWorks(viewer);
  const { status } = await alice.api.get('/api/health');
  assert.equal(status, 200);
});

const NONSENSE: readonly (() => string | Uint8Array)[] = [
  () => randomBytes(200),
  () => randomBytes(100).toString('base64'),
  () => '{"type":"grant"}',
  () => '{"type":"grant","to":7}',
  () => '{"type":"auth","token":""}',
  () => '['.repeat(10_000),
  () => `{"type":"${'x'.repeat(5_000)}"}`,
  () => 'null',
  () => '{"type":"ping","nonce":{}}',
];
const nonsense = (index: number): string | Uint8Array => NONSENSE[index % NONSENSE.length]!();

test(
  '[SC11] keys of who does not control, and frames of sense but too many, are nothing to the others',
  CASE,
  async () => {
    await stage.make();
    const [alice, eager] = [await stage.operator('typist'), await stage.looker('eager')];
    await stage.empty(alice);
    const viewer = await stage.viewer(alice);
    await viewer.vnc.settles();
    const before = viewer.vnc.shot();
    const keys = await stage.vnc(eager);
    const key = Buffer.from([4, 1, 0, 0, 0, 0, 0, 0x57]);
    for (let count = 0; count < FRAMES; count += 1) keys.raw(key);
    await keys.heard();
    await viewer.vnc.heard();
    assert.ok(viewer.vnc.changedSince(before) < 100, 'nothing of it was typed');
    const asker = await stage.screen(eager);
    for (let count = 0; count < 300; count += 1) asker.send({ type: 'ask' });
    assert.equal(await asker.closed(), 4029);
    await assertWorks(viewer);
    await stage.empty(alice);
  },
);

test('[SC11] a viewer that does not read holds up nobody', CASE, async () => {
  await stage.make();
  const [alice, stuck] = [await stage.operator('fast'), await stage.looker('stuck')];
  await stage.empty(alice);
  const viewer = await stage.viewer(alice);
  const other = await stage.viewer(stuck);
  other.vnc.stall();
  for (let line = 0; line < 10; line += 1) {
    await viewer.vnc.settles();
    const before = viewer.vnc.shot();
    viewer.vnc.type(`echo ${line} ${TEXT}${TEXT}\n`);
    await viewer.vnc.changes(before);
  }
});

test('[SC2] a screen has a bound of viewers, and says so', CASE, async () => {
  await stage.make();
  const many = await stage.looker('many');
  await stage.empty(many);
  const clients = await Promise.all(Array.from({ length: 32 }, () => stage.screen(many)));
  const full = await refused(stage.screen(many), 429, 'TooManyRequests');
  assert.ok(Number(full.headers['retry-after']) > 0);
  clients[0]!.close();
  await pollUntil('a place', async () => {
    const client = await stage.screen(many).catch(() => undefined);
    return client !== undefined;
  });
});

test(
  '[SC1] a proof of identity is renewed on its socket; with the person both sockets end',
  CASE,
  async () => {
    await stage.make();
    const [who, other] = [await stage.looker('mortal'), await stage.looker('stranger')];
    await stage.empty(other);
    const viewer = await stage.viewer(who);
    const plain = await stage.vnc(who);
    viewer.side.send({ type: 'auth', token: await who.anotherToken() });
    await viewer.side.frame('authenticated');
    viewer.side.send({ type: 'auth', token: await other.anotherToken() });
    await viewer.side.frame('error', ({ status }) => status.reason === 'Forbidden');
    await who.vanish();
    assert.deepEqual(
      [await viewer.side.closed(), await viewer.vnc.closed(), await plain.closed()],
      [4501, 4501, 4501],
    );
    await stage.empty(other);
  },
);

test(
  '[SC1] a machine answers to its Wukong’s name; to who may not see it neither name tells anything',
  CASE,
  async () => {
    await bringWukong(target);
    const namespace = await target.namespace('wukongs');
    await target.make(`${WUKONG_API}/namespaces/${namespace}/wukongs`, wukong('wu'));
    const owned = new ScreenStage(fixture, 'wu-vm');
    await owned.adopt(namespace);
    const who = await owned.looker('owner');
    const at = { ...owned.at, vm: 'wu' };
    // The kinds were brought after the room had looked for them.
    const vnc = await pollUntil(
      'the Wukong to be known',
      () => VncClient.open(at, who).catch(() => undefined),
      { deadlineMs: 90_000 },
    );
    assert.equal(vnc.name, `${owned.namespace}/wu-vm`);
    vnc.close();
    const blind = await refused(VncClient.open(at, await person('blind')), 403, 'Forbidden');
    assert.doesNotMatch(JSON.stringify(blind.body), /wu-vm/);
  },
);

test(
  '[SC4, SC6] two gateways do not fight for a screen; who asked has control when it was idle',
  CASE,
  async () => {
    await stage.make();
    const [alice, bob] = [await stage.looker('here'), await stage.looker('there')];
    await stage.empty(alice);
    const here = await stage.viewer(alice);
    const second = await GatewayProcess.start({
      kubeconfig: target.kubeconfig,
      args: ['--screen-idle-seconds', '1'],
    });
    try {
      const at = { ...stage.at, origin: second.origin };
      const there = await pollUntil('the other gateway', () =>
        ScreenClient.open(at, bob).catch(() => undefined),
      );
      await here.side.becomes('unavailable');
      const since = there.frames.length;
      const asks = await ScreenClient.open(at, alice);
      assert.ok(there.controls);
      asks.send({ type: 'ask' });
      await asks.peopleAre(({ controller }) => controller === asks.hello.you);
      assert.ok(
        there.frames.slice(since).every(({ type }) => type !== 'state'),
        'it keeps the screen',
      );
      there.close();
      asks.close();
    } finally {
      await second.close();
    }
    await here.side.becomes('live');
    await stage.empty(alice);
  },
);

test(
  '[SC8, SC12] what is done at screens is accounted for, no secret is, and nothing of it stays',
  CASE,
  async () => {
    await stage.make();
    const who = await stage.operator('seen');
    await stage.empty(who);
    const viewer = await stage.viewer(who);
    const issued = await who.api.post('/api/vms/box/vnc/ticket', {}, { namespace: stage.namespace });
    const ticket = issued.body.ticket as string;
    const { searchParams } = new URL(issued.body.url as string, gateway.origin);
    const guest = await stage.vnc(undefined, Object.fromEntries(searchParams));
    const alone = await stage.vnc(who, { share: 'off' });
    const lines = await pollUntil('the audit lines', () => {
      const own = gateway.log.split('\n').filter((line) => line.includes(who.username));
      const actions = ['screen.open', 'screen.control', 'screen.ticket', 'screen.alone'];
      return actions.every((action) => own.some((line) => line.includes(`"${action}"`))) && own;
    });
    const opened = JSON.parse(lines.find((line) => line.includes('"screen.open"'))!) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [opened['namespace'], opened['name'], opened['outcome'], typeof opened['requestId']],
      [stage.namespace, 'box', 'allowed', 'string'],
    );
    for (const secret of [ticket, viewer.side.hello.key, who.token])
      assert.ok(!gateway.log.includes(secret), 'no secret in the log');
    const metrics = await who.api.get('/metrics');
    assert.match(metrics.text, /krateyard_screen_bytes_total\{from="machine"\} [1-9]/);
    guest.close();
    alone.close();
    await stage.empty(who);
    await pollUntil(
      'nothing to be left',
      async () => {
        const { text } = await who.api.get('/metrics');
        return /^krateyard_screens 0$/m.test(text) && /^krateyard_screen_viewers 0$/m.test(text);
      },
      { deadlineMs: 60_000 },
    );
  },
);
