import assert from 'node:assert/strict';
import { after } from 'node:test';
import { request } from 'undici';
import { WebSocket } from 'ws';
import type { Api } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { deployment } from '../harness/objects.ts';
import { pollUntil, within } from '../harness/poll-until.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

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

/** How a person's rights come to be; `a` is the first namespace, `b` the second. */
const ROLES = {
  nothing: [],
  'view in a': [{ in: 'a', clusterRole: 'view' }],
  'edit in b': [{ in: 'b', clusterRole: 'edit' }],
  'view in a, edit in b': [
    { in: 'a', clusterRole: 'view' },
    { in: 'b', clusterRole: 'edit' },
  ],
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
} as const;

/**
 * Roles × kinds × namespaces: what the gateway lists, gets and watches for a person is what the API server itself gives that
 * person, found out by asking it with the same token.
 */
export async function registerLeakCases(): Promise<void> {
  const target = await suiteTarget();
  const { admin } = target;
  const gateway = await GatewayProcess.start({ kubeconfig: target.kubeconfig });
  after(() => gateway.close());
  const places = { a: await target.namespace('leak-a'), b: await target.namespace('leak-b') };
  const home = await target.namespace('leak-home');
  const namespaces = [places.a, places.b];
  /** Unmistakable in any text. */
  const nameIn = (ns: string): string => (ns === places.a ? 'leak-a' : `leak-${ns}`);
  const lateIn = (ns: string): string => `late-${ns}`;
  const path = (kind: Kind, ns: string): string => `${kind.root}/namespaces/${ns}/${kind.short}`;
  for (const kind of KINDS)
    for (const ns of namespaces) await admin.post(path(kind, ns), kind.make(nameIn(ns)));

  async function person(role: keyof typeof ROLES): Promise<{ token: string; direct: Api }> {
    const name = target.unique('person');
    await admin.post(`/api/v1/namespaces/${home}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
    });
    for (const [index, grant] of ROLES[role].entries()) await give(name, `${name}-${index}`, grant);
    const made = await admin.post(`/api/v1/namespaces/${home}/serviceaccounts/${name}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    const token = made.body.status.token as string;
    return { token, direct: admin.withToken(token) };
  }

  async function give(
    account: string,
    name: string,
    grant: { in: string; clusterRole?: string; rules?: unknown },
  ): Promise<void> {
    const scope = grant.in === '*' ? '' : `/namespaces/${places[grant.in as 'a' | 'b']}`;
    if (grant.rules !== undefined)
      await admin.post(`${RBAC}${scope}/roles`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name },
        rules: grant.rules,
      });
    const kind = grant.in === '*' ? 'ClusterRoleBinding' : 'RoleBinding';
    await target.make(`${RBAC}${scope}/${kind.toLowerCase()}s`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind,
      metadata: { name },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: grant.clusterRole === undefined ? 'Role' : 'ClusterRole',
        name: grant.clusterRole ?? name,
      },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: home }],
    });
  }

  const ask = async (token: string, url: string): Promise<{ status: number; text: string }> => {
    const reply = await request(gateway.origin + url, { headers: { authorization: `Bearer ${token}` } });
    return { status: reply.statusCode, text: await reply.body.text() };
  };

  cases(
    'nothing leaks',
    target,
    (it) => {
      for (const role of Object.keys(ROLES) as (keyof typeof ROLES)[]) {
        it(`to a person with ${role}`, async () => {
          const { token, direct } = await person(role);
          try {
            for (const kind of KINDS) {
              await listsAndGets(kind, token, direct, role);
              await watches(kind, token, direct, role);
            }
          } finally {
            await direct.close();
          }
        });
      }
    },
    { concurrency: 3 },
  );

  async function readable(kind: Kind, direct: Api, verb: 'list' | 'watch'): Promise<string[]> {
    const seen: string[] = [];
    for (const ns of namespaces) {
      const query = verb === 'watch' ? { watch: 1, timeoutSeconds: 1, resourceVersion: 0 } : {};
      const abort = new AbortController();
      const reply = await direct.open('GET', path(kind, ns), { query, signal: abort.signal });
      if (reply.statusCode === 200) seen.push(ns);
      reply.body.on('error', () => undefined);
      abort.abort();
    }
    return seen;
  }

  async function listsAndGets(kind: Kind, token: string, direct: Api, role: string): Promise<void> {
    // The gateway's lists are kept by watches: they need both rights.
    const watched = await readable(kind, direct, 'watch');
    const may = (await readable(kind, direct, 'list')).filter((ns) => watched.includes(ns));
    const all = await ask(token, `/api/resources/${kind.short}`);
    for (const ns of namespaces) {
      const told = `${role}: ${kind.short} in ${ns}`;
      const one = await ask(token, `/api/resources/${kind.short}?ns=${ns}`);
      const mark = `"${nameIn(ns)}"`;
      assert.equal(
        one.text.includes(mark),
        may.includes(ns),
        `${told}, list: ${one.status} ${one.text.slice(0, 300)}`,
      );
      assert.equal(all.text.includes(mark), may.includes(ns), `${told}, list of all: ${all.status}`);
      assert.equal(one.status, may.includes(ns) ? 200 : 403, `${told}, list: ${one.text.slice(0, 300)}`);
      const got = await ask(token, `/api/resource/${kind.short}/${nameIn(ns)}?ns=${ns}`);
      const expected = await direct.get(`${path(kind, ns)}/${nameIn(ns)}`);
      assert.equal(got.status, expected.status, `${told}, get: ${got.text.slice(0, 300)}`);
      for (const { text } of [one, all, got]) assertNoSecret(text, ns, told);
    }
  }

  async function watches(kind: Kind, token: string, direct: Api, role: string): Promise<void> {
    const lists = await readable(kind, direct, 'list');
    const may = (await readable(kind, direct, 'watch')).filter((ns) => lists.includes(ns));
    const socket = new WebSocket(`${gateway.origin.replace('http', 'ws')}/ws/watch`, {
      headers: { authorization: `Bearer ${token}` },
    });
    let text = '';
    socket.on('message', (bytes) => (text += (bytes as Buffer).toString()));
    const opened = Promise.withResolvers<void>();
    socket.on('open', () => opened.resolve());
    socket.on('error', opened.reject);
    const names = namespaces.map((ns) => `${lateIn(ns)}-${target.unique('x')}`);
    try {
      await within('the socket', 10_000, opened.promise);
      socket.send(JSON.stringify({ type: 'subscribe', id: 'all', kind: kind.short }));
      await pollUntil('an answer', () => /"type":"(synced|error|ended)"/.test(text));
      for (const [index, ns] of namespaces.entries())
        await admin.post(path(kind, ns), kind.make(names[index] ?? ''));
      const due = namespaces.flatMap((ns, index) => (may.includes(ns) ? [names[index] ?? ''] : []));
      await pollUntil('what may be seen', () => due.every((name) => text.includes(name)));
      socket.send(JSON.stringify({ type: 'ping', nonce: 'fence' }));
      await pollUntil('the fence', () => text.includes('"fence"'));
      for (const [index, ns] of namespaces.entries()) {
        if (may.includes(ns)) continue;
        const told = `${role}: ${kind.short} in ${ns}, watch`;
        assert.equal(text.includes(names[index] ?? '') || text.includes(`"${nameIn(ns)}"`), false, told);
      }
      for (const ns of namespaces) assertNoSecret(text, ns, `${role}: watch`);
    } finally {
      socket.terminate();
      for (const [index, ns] of namespaces.entries()) await admin.delete(`${path(kind, ns)}/${names[index]}`);
    }
  }

  function assertNoSecret(text: string, ns: string, told: string): void {
    for (const value of [`value-of-${nameIn(ns)}`, Buffer.from(`value-of-${nameIn(ns)}`).toString('base64')])
      assert.equal(text.includes(value), false, `${told}: a secret's value`);
  }
}
