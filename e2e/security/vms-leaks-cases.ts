import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import type { Api, Reply } from '../harness/api.ts';
import { cases } from '../harness/cases.ts';
import { isAllowed, type Question } from '../harness/is-allowed.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { RefusedUpgrade, whenOpen } from '../harness/when-open.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from '../rooms/room-fixture.ts';
import { VmEventsClient } from '../rooms/vm-events-client.ts';
import { machine } from '../rooms/vms-cases.ts';

const VMS = { group: 'kubevirt.io', resource: 'virtualmachines' };
const SNAPSHOTS = { group: 'snapshot.kubevirt.io', resource: 'virtualmachinesnapshots' };
const RESTORES = { group: 'snapshot.kubevirt.io', resource: 'virtualmachinerestores' };
const SUBRESOURCES = 'subresources.kubevirt.io';
const VM_ROOT = '/apis/kubevirt.io/v1';
const SNAPSHOT_ROOT = '/apis/snapshot.kubevirt.io/v1beta1';

const READ = ['get', 'list', 'watch'];
const ACTIONS: Readonly<Record<string, 'virtualmachines' | 'virtualmachineinstances'>> = {
  stop: 'virtualmachines',
  restart: 'virtualmachines',
  migrate: 'virtualmachines',
  pause: 'virtualmachineinstances',
  unpause: 'virtualmachineinstances',
  reset: 'virtualmachineinstances',
  start: 'virtualmachines',
};

interface Grant {
  readonly in: 'a' | 'b' | '*';
  readonly clusterRole?: string;
  readonly rules?: readonly Wire[];
}

const rule = (apiGroups: string[], resources: string[], verbs: string[], resourceNames?: string[]): Wire => ({
  apiGroups,
  resources,
  verbs,
  ...(resourceNames && { resourceNames }),
});

/** `a` is the first namespace, `b` the second. Each grant, but the last before all, lets the machine of its namespace be read. */
const ROLES: Readonly<Record<string, readonly Grant[]>> = {
  nothing: [],
  'view in a': [{ in: 'a', clusterRole: 'view' }],
  'edit in b': [{ in: 'b', clusterRole: 'edit' }],
  'view in a, edit in b': [
    { in: 'a', clusterRole: 'view' },
    { in: 'b', clusterRole: 'edit' },
  ],
  'view everywhere': [{ in: '*', clusterRole: 'view' }],
  'list, but not watch, in a': [{ in: 'a', rules: [rule(['*'], ['*'], ['get', 'list'])] }],
  'machines of b, and no snapshots': [{ in: 'b', rules: [rule(['kubevirt.io'], ['virtualmachines'], READ)] }],
  'one machine by name': [
    { in: 'a', rules: [rule(['kubevirt.io'], ['virtualmachines'], ['get'], ['leak-a'])] },
  ],
  'start of one machine by name': [
    {
      in: 'a',
      rules: [
        rule(['kubevirt.io'], ['virtualmachines'], ['get'], ['leak-a']),
        rule([SUBRESOURCES], ['virtualmachines/start'], ['update'], ['leak-a']),
      ],
    },
  ],
  'the screen of one machine by name': [
    {
      in: 'a',
      rules: [
        rule(['kubevirt.io'], ['virtualmachines'], ['get'], ['leak-a']),
        rule([SUBRESOURCES], ['virtualmachineinstances/vnc'], ['get'], ['leak-a']),
      ],
    },
  ],
  'the serial console of one machine by name': [
    {
      in: 'a',
      rules: [
        rule(['kubevirt.io'], ['virtualmachines'], ['get'], ['leak-a']),
        rule([SUBRESOURCES], ['virtualmachineinstances/console'], ['get'], ['leak-a']),
      ],
    },
  ],
  'change of one machine by name': [
    { in: 'a', rules: [rule(['kubevirt.io'], ['virtualmachines'], ['get', 'patch'], ['leak-a'])] },
  ],
  'snapshots in a, and no machines but one': [
    {
      in: 'a',
      rules: [
        rule(['snapshot.kubevirt.io'], ['*'], ['*']),
        rule(['kubevirt.io'], ['virtualmachines'], ['get'], ['leak-a']),
      ],
    },
  ],
  'admin in a': [{ in: 'a', clusterRole: 'admin' }],
  'all in all': [{ in: '*', clusterRole: 'cluster-admin' }],
};

/**
 * Roles × verbs × namespaces: what the gateway shows of machines, and lets be done to them, is what the API server itself lets that
 * person see and do, found out by asking it with the same token.
 */
export async function registerVmLeakCases({ target, person, gateway }: RoomFixture): Promise<void> {
  const { admin } = target;
  const places = { a: await target.namespace('vmleak-a'), b: await target.namespace('vmleak-b') };
  const namespaces = [places.a, places.b];
  const nameIn = (ns: string): string => (ns === places.a ? 'leak-a' : `leak-${ns}`);
  const vmPath = (ns: string): string => `${VM_ROOT}/namespaces/${ns}/virtualmachines`;
  for (const ns of namespaces) {
    await target.make(vmPath(ns), off(nameIn(ns)));
    await target.make(`${SNAPSHOT_ROOT}/namespaces/${ns}/virtualmachinesnapshots`, snapshotOf(nameIn(ns)));
    for (const path of ['/api/vms', '/api/snapshots'])
      await pollUntil(`${path} of ${ns}`, async () => (await known(path, ns)).includes(nameIn(ns)));
  }

  cases(
    'of machines nothing leaks',
    target,
    (it) => {
      for (const [role, grants] of Object.entries(ROLES)) {
        it(
          `[VM5, VW3] to a person with ${role}`,
          async () => {
            const who = await person('vmleak');
            const direct = admin.withToken(who.token);
            target.undo(() => direct.close());
            for (const grant of grants) await give(who, direct, grant);
            const may = (ns: string, question: Question): Promise<boolean> =>
              isAllowed(direct, { ...question, namespace: ns });
            await checkLists(who, may, role);
            await checkEvents(who, may, role);
            for (const ns of namespaces) {
              await checkGets(who, ns, may, role);
              await checkScreens(who, ns, may, role);
              await checkConsoles(who, ns, may, role);
              await checkChanges(who, ns, may, role);
              await checkSnapshots(who, ns, may, role);
              await checkActions(who, ns, may, role);
              await checkDelete(who, ns, may, role);
            }
          },
          { deadlineMs: 120_000 },
        );
      }
    },
    { concurrency: 2 },
  );

  type May = (ns: string, question: Question) => Promise<boolean>;

  async function give(who: Person, direct: Api, grant: Grant): Promise<void> {
    const role = grant.clusterRole ?? (await who.role(grant.rules ?? []));
    await who.grant(role, grant.in === '*' ? undefined : places[grant.in]);
    const ns = places[grant.in === '*' ? 'a' : grant.in];
    await pollUntil('the grant to count', () =>
      isAllowed(direct, { ...VMS, verb: 'get', name: nameIn(ns), namespace: ns }),
    );
  }

  async function seenIn(may: May, kind: typeof VMS): Promise<Set<string>> {
    const seen = new Set<string>();
    for (const ns of namespaces)
      if ((await may(ns, { ...kind, verb: 'list' })) && (await may(ns, { ...kind, verb: 'watch' })))
        seen.add(ns);
    return seen;
  }

  async function checkLists(who: Person, may: May, role: string): Promise<void> {
    const lists = { '/api/vms': VMS, '/api/vms/stats': VMS, '/api/snapshots': SNAPSHOTS };
    for (const [path, kind] of Object.entries(lists)) {
      const seen = await seenIn(may, kind);
      for (const asked of [['*'], [places.a], [places.b], namespaces]) {
        const reply = await who.api.get(path, { namespace: asked.join() });
        const due = namespaces.filter((ns) => seen.has(ns) && (asked[0] === '*' || asked.includes(ns)));
        const told = `${role}: ${path} of ${asked.join()}: ${reply.status} ${reply.text.slice(0, 300)}`;
        assert.equal(reply.status, due.length > 0 ? 200 : 403, told);
        if (path === '/api/vms/stats') {
          if (reply.status === 200) await checkTotal(who, asked);
          continue;
        }
        for (const ns of namespaces) assert.equal(names(reply).includes(nameIn(ns)), due.includes(ns), told);
      }
    }
  }

  /** Other cases make and delete machines meanwhile. */
  function checkTotal(who: Person, asked: readonly string[]): Promise<unknown> {
    return pollUntil('as many in numbers as in the list', async () => {
      const list = await who.api.get('/api/vms', { namespace: asked.join() });
      const stats = await who.api.get('/api/vms/stats', { namespace: asked.join() });
      return stats.body.total === names(list).length;
    });
  }

  function names(reply: Reply): string[] {
    return Array.isArray(reply.body) ? reply.body.map(({ name }) => name as string) : [];
  }

  async function checkEvents(who: Person, may: May, role: string): Promise<void> {
    const [vms, snapshots] = [await seenIn(may, VMS), await seenIn(may, SNAPSHOTS)];
    const query = `?namespace=${namespaces.join()}`;
    if (vms.size === 0) {
      await assert.rejects(VmEventsClient.open(gateway.origin, who, query), /403/, `${role}: /api/ws`);
      return;
    }
    const client = await VmEventsClient.open(gateway.origin, who, query);
    try {
      await client.until('synced', ({ type }) => type === 'synced');
      const told = (resource: string): string[] => client.told(resource).map((line) => line.split(' ')[1]!);
      for (const ns of namespaces) {
        assert.equal(told('vm').includes(nameIn(ns)), vms.has(ns), `${role}: ${ns} over /api/ws`);
        assert.equal(told('snapshot').includes(nameIn(ns)), snapshots.has(ns), `${role}: snapshots of ${ns}`);
      }
      if (snapshots.size === 0)
        assert.ok(client.frames.some((one) => one.type === 'dark' && one.resource === 'snapshot'));
    } finally {
      client.close();
    }
  }

  async function checkGets(who: Person, ns: string, may: May, role: string): Promise<void> {
    const name = nameIn(ns);
    const get = await may(ns, { ...VMS, verb: 'get', name });
    for (const path of [`/api/vms/${name}`, `/api/vms/${name}/vnc/info`, `/api/vms/${name}/edit`]) {
      const reply = await who.api.get(path, { namespace: ns });
      assert.equal(reply.status, get ? 200 : 403, `${role}: ${path} in ${ns}: ${reply.text.slice(0, 300)}`);
      if (!get) assert.doesNotMatch(reply.text, /uid|local\/guest/);
    }
    const absent = await who.api.get('/api/vms/absent', { namespace: ns });
    const sees = await may(ns, { ...VMS, verb: 'get', name: 'absent' });
    assert.equal(absent.status, sees ? 404 : 403, `${role}: what there is not`);
  }

  async function checkScreens(who: Person, ns: string, may: May, role: string): Promise<void> {
    const name = nameIn(ns);
    const screens = { group: SUBRESOURCES, resource: 'virtualmachineinstances', name };
    const look = await may(ns, { ...screens, verb: 'get', subresource: 'vnc' });
    const shot = await who.api.get(`/api/vms/${name}/screenshot`, { namespace: ns });
    assert.equal(shot.status === 403, !look, `${role}: screenshot in ${ns}: ${shot.status} ${shot.text}`);
    assert.equal((await upgrade(who, `/api/vms/${name}/vnc`, ns)) === 403, !look, `${role}: vnc in ${ns}`);
    const ticket = await who.api.post(`/api/vms/${name}/vnc/ticket`, {}, { namespace: ns });
    assert.equal(ticket.status === 403, !look, `${role}: ticket in ${ns}: ${ticket.text}`);
  }

  async function checkConsoles(who: Person, ns: string, may: May, role: string): Promise<void> {
    const name = nameIn(ns);
    const instance = { group: SUBRESOURCES, resource: 'virtualmachineinstances', name };
    const use = await may(ns, { ...instance, verb: 'get', subresource: 'console' });
    const info = await who.api.get(`/api/vms/${name}/console/info`, { namespace: ns });
    assert.equal(info.status, use ? 200 : 403, `${role}: console/info in ${ns}: ${info.text}`);
    // The machine is off.
    const status = await upgrade(who, `/api/vms/${name}/console`, ns);
    assert.equal(status, use ? 409 : 403, `${role}: console in ${ns}`);
    const absent = await who.api.get('/api/vms/absent/console/info', { namespace: ns });
    const sees = await may(ns, { ...instance, name: 'absent', verb: 'get', subresource: 'console' });
    assert.equal(absent.status, sees ? 404 : 403, `${role}: a console that there is not: ${absent.text}`);
  }

  async function checkChanges(who: Person, ns: string, may: May, role: string): Promise<void> {
    const name = nameIn(ns);
    const get = await may(ns, { ...VMS, verb: 'get', name });
    const patch = await may(ns, { ...VMS, verb: 'patch', name });
    const label = target.unique('changed');
    const reply = await who.api.patch(
      `/api/vms/${name}`,
      'application/json',
      { labels: { [label]: 'yes' } },
      { namespace: ns },
    );
    const told = `${role}: change in ${ns}: ${reply.status} ${reply.text.slice(0, 300)}`;
    assert.equal(reply.status, get && patch ? 200 : 403, told);
    const { body } = await admin.get(`${vmPath(ns)}/${name}`);
    const labels = (body.metadata.labels ?? {}) as Record<string, string>;
    const inside = (body.spec.template.metadata?.labels ?? {}) as Record<string, string>;
    assert.equal(label in { ...labels, ...inside }, reply.status === 200, told);
    if (reply.status !== 403) return;
    assert.doesNotMatch(reply.text, /uid|local\/guest/);
    const absent = { labels: { a: 'b' } };
    const none = await who.api.patch('/api/vms/absent', 'application/json', absent, { namespace: ns });
    assert.ok([403, 404].includes(none.status), `${role}: a change of what there is not: ${none.text}`);
  }

  async function upgrade(who: Person, path: string, namespace: string): Promise<number> {
    const socket = new WebSocket(`${gateway.origin.replace('http', 'ws')}${path}?namespace=${namespace}`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
    try {
      await whenOpen(socket, path);
      return 101;
    } catch (error) {
      if (error instanceof RefusedUpgrade) return error.status;
      throw error;
    } finally {
      socket.terminate();
    }
  }

  async function checkSnapshots(who: Person, ns: string, may: May, role: string): Promise<void> {
    const vm = nameIn(ns);
    const list = await seenIn(may, SNAPSHOTS);
    const ofVm = await who.api.get(`/api/vms/${vm}/snapshots`, { namespace: ns });
    assert.equal(ofVm.status, list.has(ns) ? 200 : 403, `${role}: snapshots of ${vm}: ${ofVm.text}`);
    const get = await may(ns, { ...VMS, verb: 'get', name: vm });
    const create = await may(ns, { ...SNAPSHOTS, verb: 'create' });
    const name = target.unique('taken');
    const taken = await who.api.post('/api/snapshots', { name, vmName: vm }, { namespace: ns });
    assert.equal(taken.status, get && create ? 202 : 403, `${role}: snapshot in ${ns}: ${taken.text}`);
    const restores =
      (await may(ns, { ...RESTORES, verb: 'create' })) &&
      (await may(ns, { ...SNAPSHOTS, verb: 'get', name: vm }));
    const restore = await who.api.post(
      `/api/snapshots/${vm}/restore`,
      { newVmName: 'again' },
      { namespace: ns },
    );
    assert.equal(restore.status, restores ? 409 : 403, `${role}: restore in ${ns}: ${restore.text}`);
    const absent = await who.api.post('/api/snapshots', { name, vmName: 'absent' }, { namespace: ns });
    const sees = await may(ns, { ...VMS, verb: 'get', name: 'absent' });
    assert.equal(absent.status, sees ? 404 : 403, `${role}: a snapshot of what there is not: ${absent.text}`);
    const removes = await may(ns, { ...SNAPSHOTS, verb: 'delete', name });
    const removed = await who.api.delete(`/api/snapshots/${name}`, undefined, { namespace: ns });
    const due = taken.status === 202 ? [200] : [403, 404];
    assert.ok((removes ? due : [403]).includes(removed.status), `${role}: removal in ${ns}: ${removed.text}`);
  }

  async function checkActions(who: Person, ns: string, may: May, role: string): Promise<void> {
    const name = nameIn(ns);
    const get = await may(ns, { ...VMS, verb: 'get', name });
    for (const [action, resource] of Object.entries(ACTIONS)) {
      const right = { verb: 'update', group: SUBRESOURCES, resource, subresource: action, name };
      const due = get && (await may(ns, right));
      const reply = await who.api.post(`/api/vms/${name}/action`, { action }, { namespace: ns });
      const told = `${role}: ${action} in ${ns}: ${reply.status} ${reply.text.slice(0, 300)}`;
      assert.equal(reply.status === 403, !due, told);
      assert.ok(reply.status < 500, told);
    }
    const make = await may(ns, { ...VMS, verb: 'create' });
    const wish = { name: 'wished', cpu: 1, memory: '64Mi', osImage: 'local/guest:1', disks: [] };
    const made = await who.api.post('/api/vms', wish, { namespace: ns, dryRun: true });
    assert.equal(made.body.accepted, make, `${role}: create in ${ns}: ${made.status} ${made.text}`);
    const forReal = make ? undefined : await who.api.post('/api/vms', wish, { namespace: ns });
    if (forReal) assert.equal(forReal.status, 403, `${role}: create in ${ns}: ${forReal.text}`);
  }

  async function checkDelete(who: Person, ns: string, may: May, role: string): Promise<void> {
    const name = target.unique('victim');
    await target.make(vmPath(ns), off(name));
    await pollUntil('the victim', async () => (await known('/api/vms', ns)).includes(name));
    const due =
      (await may(ns, { ...VMS, verb: 'get', name })) && (await may(ns, { ...VMS, verb: 'delete', name }));
    const reply = await who.api.post(`/api/vms/${name}/action`, { action: 'delete' }, { namespace: ns });
    assert.equal(reply.status, due ? 202 : 403, `${role}: delete in ${ns}: ${reply.text}`);
    const { status, body } = await admin.get(`${vmPath(ns)}/${name}`);
    const gone = status === 404 || body.metadata.deletionTimestamp !== undefined;
    assert.equal(gone, due, `${role}: the victim in ${ns}`);
  }

  /** To the gateway. */
  async function known(path: string, namespace: string): Promise<string[]> {
    knower ??= person('knower').then(async (one) => {
      await one.grant('view');
      return one;
    });
    return names(await (await knower).api.get(path, { namespace }));
  }
}

let knower: Promise<Person> | undefined;

/** Fits on no node: whatever is done to it, nothing is started. */
function off(name: string): Wire {
  const vm = machine(name, { runStrategy: 'Halted' });
  vm.spec.template.spec.nodeSelector = { moon: 'yes' };
  return vm;
}

/** Of a machine that there is not: it never gets ready. */
function snapshotOf(name: string): Wire {
  return {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: { name },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'gone' } },
  };
}
