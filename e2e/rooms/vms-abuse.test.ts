import assert from 'node:assert/strict';
import type { Reply } from '../harness/api.ts';
import { assertStatus } from '../harness/assert-status.ts';
import { cases } from '../harness/cases.ts';
import { chanceFrom } from '../harness/chance.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { bringWukong } from '../harness/wukong.ts';
import { roomFixture, type Person } from './room-fixture.ts';
import { VmEventsClient } from './vm-events-client.ts';
import { machine } from './vms-cases.ts';

const REQUESTS = 3000;
const FRAMES = 20_000;

const fixture = await roomFixture(['--max-sockets-per-user', '300']);
const { target, person, gateway } = fixture;
await bringKubeVirt(target);
await bringWukong(target);

const { random, below, pick } = chanceFrom(11);

const WORDS = [
  'box',
  'absent',
  '',
  '-x',
  'A B',
  '..%2F..',
  '__proto__',
  'constructor',
  '\u0000',
  '💥',
  '*',
  'x'.repeat(300),
  '1Gi',
  '-1',
  'NaN',
  '9e99Ei',
];
const FIELDS = [
  'name',
  'vmName',
  'wukongName',
  'newVmName',
  'action',
  'cpu',
  'memory',
  'disks',
  'networks',
  'size',
  'labels',
  'runStrategy',
  'cloudInit',
  'source',
  'type',
  '__proto__',
];

function randomValue(depth: number): unknown {
  switch (below(depth > 3 ? 5 : 8)) {
    case 0:
      return pick(WORDS);
    case 1:
      return below(1e9) - 5e8;
    case 2:
      return null;
    case 3:
      return random() < 0.5;
    case 4:
      return random() * 100;
    case 5:
      return Array.from({ length: below(4) }, () => randomValue(depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: below(6) }, () => [pick(FIELDS), randomValue(depth + 1)]),
      );
  }
}

const NAME = (): string => encodeURIComponent(pick(WORDS));

async function ready(prefix: string): Promise<{ who: Person; namespace: string }> {
  const namespace = await target.namespace(prefix);
  const who = await person(prefix);
  await who.grant('edit', namespace);
  await target.make(
    `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`,
    machine('box', { runStrategy: 'Halted' }),
  );
  await pollUntil(
    'the machine to be shown',
    async () => (await who.api.get('/api/vms/box', { namespace })).body.status === 'Stopped',
    { deadlineMs: 60_000 },
  );
  return { who, namespace };
}

/** What is wrong, in words and in `details.causes`, names this. */
function assertNames(reply: Reply, word: RegExp): void {
  const causes = (reply.body.details?.causes ?? []) as Wire[];
  const told = [reply.body.message, ...causes.map(({ field }) => field)].join(' ');
  assert.match(told, word);
}

cases(
  'abuse of machines',
  target,
  (it) => {
    it('[VM4] what is wrong with a request is told by name', async () => {
      const { who, namespace } = await ready('vmabuse');
      const post = (
        path: string,
        body: unknown,
        query: Record<string, string> = { namespace },
      ): Promise<Reply> => who.api.post(path, body, query);
      const at = '/api/vms/box/action';
      for (const [reply, code, word] of [
        [await post(at, {}), 422, /action/],
        [await post(at, { action: 'explode' }), 422, /action/],
        [await post(at, { action: 7 }), 422, /action/],
        [await post(at, []), 422, /body/],
        [await post('/api/vms/absent/action', { action: 'start' }), 404, /absent/],
        [await post('/api/snapshots', { vmName: 'box' }), 422, /name/],
        [await post('/api/snapshots', { name: 'ok' }), 400, /vmName/],
        [await post('/api/snapshots', { name: 'Not A Name', vmName: 'box' }), 422, /name/],
        [await post('/api/snapshots', { name: 'ok', vmName: 'absent' }), 404, /absent/],
        [await post('/api/snapshots/absent/restore', {}), 404, /absent/],
        [await post('/api/snapshots/absent/restore', { newVmName: 7 }), 422, /newVmName/],
        [await who.api.delete('/api/snapshots/absent', undefined, { namespace }), 404, /absent/],
        [await who.api.get('/api/restores/absent', { namespace }), 404, /absent/],
        [await who.api.get('/api/vms', { namespace: 'Not A Name' }), 400, /Not A Name/],
        [await who.api.get('/api/vms', { namespace, limit: 'many' }), 400, /limit/],
        [await who.api.get('/api/vms', { namespace, offset: -1 }), 400, /offset/],
        [await who.api.get('/api/vms/box', { namespace: `${namespace},other` }), 400, /one namespace/],
        [await who.api.get('/api/vms/absent/snapshots', { namespace }), 404, /absent/],
        [await post('/api/vms', { name: 'a', cpu: 'x', memory: '1Gi' }), 422, /cpu/],
        [await post('/api/vms', { name: 'a', cpu: 1, memory: 'much', osImage: 'i' }), 422, /memory/],
      ] as const) {
        assert.equal(reply.status, code, reply.text);
        assert.equal(reply.body.kind, 'Status', reply.text);
        assert.equal(reply.body.code, code);
        assertNames(reply, word);
      }
      const raw = await who.api.ask('POST', at, { query: { namespace }, body: '{"action":' });
      assertStatus(raw, 400, 'BadRequest');
    });

    it('[VM4] KubeVirt’s conflicts become what to do', async () => {
      const { who, namespace } = await ready('vmconflict');
      const act = (action: string): Promise<Reply> =>
        who.api.post('/api/vms/box/action', { action }, { namespace });
      for (const [action, word] of [
        ['restart', /start it instead/],
        ['migrate', /start it first/],
        ['pause', /start it first/],
        ['reset', /start it first/],
      ] as const) {
        const reply = await act(action);
        assertStatus(reply, 409, 'Conflict');
        assert.match(reply.body.message as string, word);
      }
      const taken = await who.api.post('/api/snapshots', { name: 's', vmName: 'box' }, { namespace });
      assert.equal(taken.status, 202, taken.text);
      const again = await who.api.post('/api/snapshots', { name: 's', vmName: 'box' }, { namespace });
      assertStatus(again, 409, 'AlreadyExists');
    });

    it(
      `[VM4] ${REQUESTS} requests of nonsense end in Statuses; nothing breaks`,
      async () => {
        const { who, namespace } = await ready('vmfuzz');
        const counts = new Map<number, number>();
        const one = async (): Promise<void> => {
          const routes: readonly (readonly [method: string, path: () => string])[] = [
            ['GET', () => `/api/vms/${NAME()}`],
            ['GET', () => `/api/vms/${NAME()}/snapshots`],
            ['GET', () => `/api/vms/${NAME()}/vnc/info`],
            ['GET', () => `/api/vms/${NAME()}/edit`],
            ['GET', () => `/api/restores/${NAME()}`],
            ['GET', () => '/api/vms'],
            ['GET', () => '/api/vms/stats'],
            ['GET', () => '/api/snapshots'],
            ['POST', () => `/api/vms/${NAME()}/action`],
            ['POST', () => '/api/snapshots'],
            ['POST', () => `/api/snapshots/${NAME()}/restore`],
            ['POST', () => '/api/vms'],
            ['PATCH', () => `/api/vms/${NAME()}`],
            ['DELETE', () => `/api/snapshots/${NAME()}`],
          ];
          const [method, path] = pick(routes);
          const query = {
            namespace: pick([namespace, namespace, namespace, pick(WORDS)]),
            ...(random() < 0.3 && { [pick(['limit', 'offset', 'search', 'status'])]: pick(WORDS) }),
          };
          const reply = await who.api.ask(method, path(), {
            query: method === 'POST' && random() < 0.5 ? { ...query, dryRun: true } : query,
            ...(method !== 'GET' && { body: randomValue(0) }),
          });
          counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1);
          assert.ok(reply.status < 500, `${method} ${path.toString()}: ${reply.text.slice(0, 500)}`);
          if (reply.status < 400) return;
          assert.equal(reply.body?.kind, 'Status', `${reply.status} ${reply.text.slice(0, 500)}`);
          assert.equal(reply.body.code, reply.status);
        };
        for (let sent = 0; sent < REQUESTS; sent += 20)
          await Promise.all(Array.from({ length: 20 }, () => one()));
        assert.ok((counts.get(422) ?? 0) > 0 && (counts.get(404) ?? 0) > 0, JSON.stringify([...counts]));
        assert.equal((await who.api.get('/api/vms/box', { namespace })).status, 200);
        assert.equal((await who.api.get('/api/health')).status, 200);
      },
      { deadlineMs: 120_000 },
    );

    it(
      `[VW5] ${FRAMES} random frames to /api/ws end in close codes; others go on`,
      async () => {
        const { who, namespace } = await ready('vmframes');
        const witness = await VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}`);
        target.undo(() => Promise.resolve(witness.close()));
        await witness.until('synced', ({ type }) => type === 'synced');
        let sent = 0;
        while (sent < FRAMES) {
          const client = await VmEventsClient.open(gateway.origin, who, `?namespace=${namespace}`);
          for (let burst = 0; burst < 500; burst += 1, sent += 1) client.send(frame());
          assert.ok([4500, 1006, 1009].includes(await client.closed));
        }
        await who.api.post('/api/vms/box/action', { action: 'start' }, { namespace });
        await witness.until('the change', ({ data }) => data?.name === 'box' && data.status === 'Running');
      },
      { deadlineMs: 120_000 },
    );
  },
  { concurrency: 1 },
);

function frame(): string {
  switch (below(4)) {
    case 0:
      return 'x'.repeat(below(300));
    case 1:
      return JSON.stringify({ type: pick(WORDS), token: pick(WORDS) });
    case 2:
      return '{"type":"ping"}';
    default:
      return JSON.stringify(randomValue(0)).slice(0, below(400));
  }
}
