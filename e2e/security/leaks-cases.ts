import assert from 'node:assert/strict';
import type { Api } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases } from '../harness/cases.ts';
import { deployment } from '../harness/objects.ts';
import { isAllowed } from '../harness/is-allowed.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture, type Person } from '../rooms/room-fixture.ts';

interface Kind {
  readonly short: string;
  readonly root: string;
  make(name: string): Wire;
}

const KINDS: readonly Kind[] = [
  {
    short: 'configmaps',
    root: '/api/v1',
    make: (name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }),
  },
  {
    short: 'secrets',
    root: '/api/v1',
    make: (name) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      stringData: { password: `value-of-${name}` },
    }),
  },
  {
    short: 'services',
    root: '/api/v1',
    make: (name) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }] },
    }),
  },
  { short: 'deployments', root: '/apis/apps/v1', make: (name) => deployment(name, 0) },
];

interface Grant {
  readonly in: 'a' | 'b' | '*';
  readonly clusterRole?: string;
  readonly rules?: readonly Wire[];
}

/** How a person's rights come to be; `a` is the first namespace, `b` the second. Each grant lets the config map `leak-a` be read. */
const ROLES: Readonly<Record<string, readonly Grant[]>> = {
  nothing: [],
  'view in a': [{ in: 'a', clusterRole: 'view' }],
  'edit in b': [{ in: 'b', clusterRole: 'edit' }],
  'view in a, edit in b': [
    { in: 'a', clusterRole: 'view' },
    { in: 'b', clusterRole: 'edit' },
  ],
  'admin in a': [{ in: 'a', clusterRole: 'admin' }],
  'view everywhere': [{ in: '*', clusterRole: 'view' }],
  'config maps of b': [
    { in: 'b', rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }] },
  ],
  'list, but not watch, in a': [
    { in: 'a', rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }] },
  ],
  'one config map by name': [
    {
      in: 'a',
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['leak-a'], verbs: ['get'] }],
    },
  ],
  'all in all': [{ in: '*', clusterRole: 'cluster-admin' }],
};

/**
 * Roles × kinds × namespaces: what the gateway lists, gets and watches for a person is what the API server itself gives that
 * person, found out by asking it with the same token.
 */
export async function registerLeakCases(): Promise<void> {
  const { target, person } = await roomFixture();
  const { admin } = target;
  const places = { a: await target.namespace('leak-a'), b: await target.namespace('leak-b') };
  const namespaces = [places.a, places.b];
  /** What can be asked for: everything, each namespace, both by name. */
  const selections = [[], [places.a], [places.b], namespaces];
  /** Unmistakable in any text. */
  const nameIn = (ns: string): string => (ns === places.a ? 'leak-a' : `leak-${ns}`);
  const path = (kind: Kind, ns: string): string => `${kind.root}/namespaces/${ns}/${kind.short}`;
  for (const kind of KINDS)
    for (const ns of namespaces) await target.make(path(kind, ns), kind.make(nameIn(ns)));

  cases(
    'nothing leaks',
    target,
    (it) => {
      for (const [role, grants] of Object.entries(ROLES)) {
        it(`[WA6] to a person with ${role}`, async () => {
          const who = await person('leak');
          const direct = admin.withToken(who.token);
          target.undo(() => direct.close());
          for (const grant of grants) await give(who, direct, grant);
          const menu = await who.api.get('/api/resources');
          for (const ns of namespaces)
            assert.equal(menu.text.includes(`"${nameIn(ns)}"`), false, `${role}: the menu`);
          for (const kind of KINDS) {
            const lists = await readable(kind, direct, 'list');
            const watched = await readable(kind, direct, 'watch');
            // What the gateway shows is kept by watches: it takes both rights.
            const may = lists.intersection(watched);
            await checkLists(kind, who, may, `${role}: ${kind.short}`);
            await checkGets(kind, who, direct, `${role}: ${kind.short}`);
            await checkWatches(kind, who, may, `${role}: ${kind.short}`);
          }
        });
      }
    },
    { concurrency: 3 },
  );

  /** Returns when the API server acts on it. */
  async function give(who: Person, direct: Api, grant: Grant): Promise<void> {
    const role = grant.clusterRole ?? (await who.role(grant.rules ?? []));
    await who.grant(role, grant.in === '*' ? undefined : places[grant.in]);
    const namespace = places[grant.in === '*' ? 'a' : grant.in];
    await pollUntil('the grant to count', () =>
      isAllowed(direct, { verb: 'get', resource: 'configmaps', namespace, name: 'leak-a' }),
    );
  }

  async function readable(kind: Kind, direct: Api, verb: 'list' | 'watch'): Promise<Set<string>> {
    const seen = new Set<string>();
    for (const ns of namespaces) {
      const query = verb === 'watch' ? { watch: 1, timeoutSeconds: 1, resourceVersion: 0 } : {};
      const abort = new AbortController();
      const reply = await direct.open('GET', path(kind, ns), { query, signal: abort.signal });
      if (reply.statusCode === 200) seen.add(ns);
      // The abort below ends the body with an error.
      reply.body.on('error', () => undefined);
      abort.abort();
    }
    return seen;
  }

  async function checkLists(kind: Kind, who: Person, may: ReadonlySet<string>, told: string): Promise<void> {
    for (const asked of selections) {
      const query = asked.length === 0 ? {} : { namespace: asked.join() };
      const reply = await who.api.get(`/api/resources/${kind.short}`, query);
      const what = `${told}, list of ${asked.join() || 'all'}: ${reply.status} ${reply.text.slice(0, 300)}`;
      const due = namespaces.filter((ns) => may.has(ns) && (asked.length === 0 || asked.includes(ns)));
      assert.equal(reply.status, due.length > 0 ? 200 : 403, what);
      for (const ns of namespaces) {
        assert.equal(reply.text.includes(`"${nameIn(ns)}"`), due.includes(ns), what);
        assertNoSecret(reply.text, ns, told);
      }
    }
  }

  async function checkGets(kind: Kind, who: Person, direct: Api, told: string): Promise<void> {
    for (const ns of namespaces) {
      const [ours, theirs] = await Promise.all([
        who.api.get(`/api/resource/${kind.short}/${nameIn(ns)}`, { ns }),
        direct.get(`${path(kind, ns)}/${nameIn(ns)}`),
      ]);
      assert.equal(ours.status, theirs.status, `${told}, get: ${ours.text.slice(0, 300)}`);
      if (theirs.status !== 200) assert.equal(ours.body.message, theirs.body.message);
      assertNoSecret(ours.text, ns, told);
    }
  }

  async function checkWatches(
    kind: Kind,
    who: Person,
    may: ReadonlySet<string>,
    told: string,
  ): Promise<void> {
    const client = await who.watch();
    const late = namespaces.map((ns) => ({ ns, name: `late-${ns}-${target.unique('x')}` }));
    const text = (): string => JSON.stringify(client.frames);
    try {
      for (const asked of selections) {
        const id = asked.join() || 'all';
        client.send({ type: 'subscribe', id, kind: kind.short, namespaces: asked });
        await pollUntil('an answer', () => client.refusal(id) ?? client.streamOf(id)?.synced);
      }
      for (const { ns, name } of late) await target.make(path(kind, ns), kind.make(name));
      const due = late.filter(({ ns }) => may.has(ns));
      await pollUntil('what may be seen', () => due.every(({ name }) => text().includes(name)));
      client.send({ type: 'ping', nonce: 'fence' });
      await pollUntil('the fence', () => text().includes('"fence"'));
      for (const { ns, name } of late) {
        assert.equal(text().includes(name), may.has(ns), `${told} in ${ns}, watch of what comes`);
        assert.equal(text().includes(`"${nameIn(ns)}"`), may.has(ns), `${told} in ${ns}, watch`);
        assertNoSecret(text(), ns, told);
      }
    } finally {
      await client.close();
      for (const { ns, name } of late) await admin.delete(`${path(kind, ns)}/${name}`);
    }
  }

  function assertNoSecret(text: string, ns: string, told: string): void {
    const value = `value-of-${nameIn(ns)}`;
    for (const written of [value, Buffer.from(value).toString('base64')])
      assert.equal(text.includes(written), false, `${told}: a secret's value`);
  }
}
