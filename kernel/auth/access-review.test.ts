import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { test } from 'node:test';
import { createCache } from '@krateyard/kube/cache/create-cache';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { Scope } from './access.ts';
import { AccessAnswers } from './access-answers.ts';
import { ClusterAccessReview } from './access-review.ts';
import { actingClient } from './acting-client.ts';
import type { Principal } from './principal.ts';
import { watchRights } from './watch-rights.ts';
import { ReviewServer, type ReviewedAction } from './testing/review-server.ts';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createMetrics } from '@krateyard/telemetry/metrics';

const PODS = { group: '', version: 'v1', resource: 'pods', namespaced: true };
const NODES = { group: '', version: 'v1', resource: 'nodes', namespaced: false };
const alice: Principal = {
  id: 'kubernetes:alice',
  username: 'alice',
  uid: 'u1',
  groups: ['team-a', 'system:authenticated'],
  extra: { 'example.org/scopes': ['a', 'b'] },
  via: 'impersonate',
};
const own: Principal = { id: 'own:admin', username: 'admin', groups: [], via: 'own' };

interface Bench extends AsyncDisposable {
  readonly server: ReviewServer;
  readonly access: ClusterAccessReview;
}

async function bench(
  namespaces: readonly string[],
  allow: (action: ReviewedAction) => boolean,
): Promise<Bench> {
  const server = await ReviewServer.start();
  server.allow = allow;
  for (const name of namespaces) putNamespace(server, name);
  const access = new ClusterAccessReview({ client: server.client, cache: server.cache });
  // The first question starts the watches on RBAC; the tests begin when these know the present.
  await access.check(own, { verb: 'get', resource: NODES });
  await Promise.all(server.cache.status().map(({ gvr }) => synced(server, gvr)));
  server.seen.length = 0;
  return {
    server,
    access,
    [Symbol.asyncDispose]: async () => {
      access[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function synced(server: Pick<ReviewServer, 'cache'>, gvr: GroupVersionResource): Promise<void> {
  using lease = server.cache.lease(gvr);
  await lease.collection.synced();
}

function putNamespace(server: ReviewServer, name: string): void {
  server.put('v1/namespaces', { kind: 'Namespace', metadata: { name } });
}

function bind(server: ReviewServer, namespace: string, subject: { kind: string; name: string }): void {
  server.put('rbac.authorization.k8s.io/v1/rolebindings', {
    kind: 'RoleBinding',
    metadata: { name: 'b', namespace },
    subjects: [subject],
  });
}

const names = (scope: Scope): string[] | 'all' => (scope.all ? 'all' : [...scope.namespaces].toSorted());

/** Resolves when the scope is as expected; a test that waits in vain ends by the runner's deadline. */
async function until(
  scope: { current(): Scope; onChange(run: (scope: Scope) => void): () => void },
  expected: string[] | 'all',
): Promise<void> {
  const changes = new EventEmitter();
  const stop = scope.onChange(() => changes.emit('change'));
  while (JSON.stringify(names(scope.current())) !== JSON.stringify(expected)) await once(changes, 'change');
  stop();
}

test('[AU30] a question reaches the API server with the whole identity, a refusal comes in its words', async () => {
  await using one = await bench(
    ['a'],
    ({ user, groups, verb }) => user === 'alice' && groups.includes('team-a') && verb === 'get',
  );
  const question = { verb: 'get' as const, resource: PODS, namespace: 'a', name: 'web' };
  assert.deepEqual(await one.access.check(alice, question), { allowed: true, reason: 'as scripted' });
  await one.access.require(alice, question);
  await assert.rejects(one.access.require(alice, { ...question, verb: 'delete' }), {
    reason: 'Forbidden',
    message:
      'pods "web" is forbidden: User "alice" cannot delete resource "pods" in API group "" in the namespace "a": as scripted',
  });
});

test('[AU30] the own identity asks about itself', async () => {
  await using one = await bench([], ({ user }) => user === 'gateway');
  assert.equal((await one.access.check(own, { verb: 'list', resource: NODES })).allowed, true);
  assert.equal(one.server.count('selfsubjectaccessreviews'), 1);
});

test('[AU31] equal questions are asked once', async () => {
  await using one = await bench(['a'], () => true);
  const question = { verb: 'get' as const, resource: PODS, namespace: 'a' };
  await Promise.all([1, 2, 3].map(() => one.access.check(alice, question)));
  await one.access.check({ ...alice }, question);
  assert.equal(one.server.count('/subjectaccessreviews'), 1);
  await one.access.check({ ...alice, groups: ['other'] }, question);
  assert.equal(one.server.count('/subjectaccessreviews'), 2);
});

test('[AU31] answers live for their time and within their bound', async () => {
  const clock = new ManualClock();
  let asked = 0;
  let running = 0;
  let most = 0;
  const answers = new AccessAnswers({
    clock,
    maxEntries: 10,
    maxConcurrent: 4,
    live: () => true,
    ask: async () => {
      asked += 1;
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return { allowed: true, reason: '' };
    },
  });
  const question = (name: string): Parameters<AccessAnswers['get']>[1] => ({
    verb: 'get',
    resource: PODS,
    name,
  });
  await Promise.all(Array.from({ length: 50 }, (_, index) => answers.get(alice, question(`p${index}`))));
  assert.equal(asked, 50);
  assert.equal(most, 4);
  await answers.get(alice, question('p49'));
  assert.equal(asked, 50);
  await answers.get(alice, question('p0'));
  assert.equal(asked, 51);
  await clock.advance(10_000);
  await answers.get(alice, question('p49'));
  assert.equal(asked, 52);
});

test('[AU32] a scope is all, or the namespaces where both verbs are allowed', async () => {
  let everywhere = false;
  await using one = await bench(['a', 'b', 'c'], ({ verb, namespace }) => {
    if (everywhere || namespace === 'a') return true;
    return namespace === 'b' && verb === 'list';
  });
  assert.deepEqual(names(await one.access.scope(alice, PODS)), ['a']);
  assert.deepEqual(names(await one.access.scope(alice, NODES)), []);
  everywhere = true;
  assert.equal(names(await one.access.scope({ ...alice, uid: 'u2' }, PODS)), 'all');
  assert.equal(names(await one.access.scope({ ...alice, uid: 'u2' }, NODES)), 'all');
});

test('[AU33] only the namespaces that were asked for are in the scope', async () => {
  await using one = await bench(['a', 'b', 'c', 'd'], ({ namespace }) => ['a', 'b', 'c'].includes(namespace));
  assert.deepEqual(names(await one.access.scope(alice, PODS, ['a'])), ['a']);
  assert.deepEqual(names(await one.access.scope(alice, PODS, ['a', 'b', 'd'])), ['a', 'b']);
  await using all = await bench(['a', 'b', 'c', 'd'], () => true);
  assert.deepEqual(names(await all.access.scope(alice, PODS, ['a', 'b', 'c'])), ['a', 'b', 'c']);
});

test('[AU34] a live scope follows a binding that comes and goes', { timeout: 20_000 }, async () => {
  const allowed = new Set<string>();
  await using one = await bench(['a', 'b'], ({ namespace }) => allowed.has(namespace));
  using scope = await one.access.liveScope(alice, PODS);
  assert.deepEqual(names(scope.current()), []);
  allowed.add('a');
  bind(one.server, 'a', { kind: 'User', name: 'alice' });
  await until(scope, ['a']);
  allowed.delete('a');
  one.server.remove('rbac.authorization.k8s.io/v1/rolebindings', 'b', 'a');
  await until(scope, []);
});

test('[AU42] a live answer follows a binding that comes and goes', { timeout: 20_000 }, async () => {
  const allowed = new Set<string>();
  await using one = await bench(['a', 'b'], ({ namespace }) => allowed.has(namespace));
  const exec = { verb: 'create', resource: PODS, subresource: 'exec', namespace: 'a', name: 'p' } as const;
  using answer = await one.access.liveAnswer(alice, exec);
  assert.equal(answer.current().allowed, false);
  const turned = async (change: () => void): Promise<boolean> => {
    const next = Promise.withResolvers<boolean>();
    const stop = answer.onChange(({ allowed }) => next.resolve(allowed));
    change();
    const value = await next.promise;
    stop();
    return value;
  };
  const gained = turned(() => {
    allowed.add('a');
    bind(one.server, 'a', { kind: 'User', name: 'alice' });
  });
  assert.equal(await gained, true);
  const lost = turned(() => {
    allowed.clear();
    one.server.remove('rbac.authorization.k8s.io/v1/rolebindings', 'b', 'a');
  });
  assert.equal(await lost, false);
  assert.equal(answer.current().allowed, false);
});

test(
  '[AU43] rights that are watched together are told of when one is lost; where one cannot be told none stays watched',
  { timeout: 20_000 },
  async () => {
    const allowed = new Set(['get', 'create']);
    await using one = await bench(['a'], ({ verb }) => allowed.has(verb));
    const questions = (['get', 'create'] as const).map((verb) => ({ verb, resource: PODS, namespace: 'a' }));
    const lost = Promise.withResolvers<void>();
    using _ = await watchRights(one.access, alice, questions, lost.resolve);
    allowed.delete('create');
    bind(one.server, 'a', { kind: 'User', name: 'alice' });
    await lost.promise;

    const metrics = createMetrics();
    using access = new ClusterAccessReview({ client: one.server.client, cache: one.server.cache, metrics });
    let asked = 0;
    one.server.before = async () => {
      asked += 1;
      if (asked > 1) one.server.broken = 500;
    };
    await assert.rejects(watchRights(access, alice, questions, () => assert.fail('told of nothing')));
    assert.match(await metrics.expose(), /^krateyard_live_scopes 0$/m);
  },
);

test('[AU34] a live scope follows namespaces and groups', { timeout: 20_000 }, async () => {
  await using one = await bench(['a'], ({ namespace }) => namespace !== '');
  using scope = await one.access.liveScope(alice, PODS);
  assert.deepEqual(names(scope.current()), ['a']);
  putNamespace(one.server, 'later');
  await until(scope, ['a', 'later']);
  one.server.remove('v1/namespaces', 'a');
  await until(scope, ['later']);
  one.server.allow = () => true;
  one.server.put('rbac.authorization.k8s.io/v1/clusterrolebindings', {
    kind: 'ClusterRoleBinding',
    metadata: { name: 'c' },
    subjects: [{ kind: 'Group', name: 'team-a' }],
  });
  await until(scope, 'all');
});

test(
  '[AU34] a change that the authorizer learns of later than we do is seen too',
  { timeout: 20_000 },
  async () => {
    const allowed = new Set(['a']);
    await using one = await bench(['a'], ({ namespace }) => allowed.has(namespace));
    using scope = await one.access.liveScope(alice, PODS);
    const asked = one.server.count('/subjectaccessreviews');
    bind(one.server, 'a', { kind: 'User', name: 'alice' });
    while (one.server.count('/subjectaccessreviews') === asked) await new Promise(setImmediate);
    allowed.delete('a');
    await until(scope, []);
  },
);

test(
  '[AU39] where RBAC cannot be watched, a live scope asks again and again',
  { timeout: 20_000 },
  async () => {
    await using server = await ReviewServer.start();
    server.forbidden = (path) => path.includes('rbac') || path.includes('namespaces');
    const allowed = new Set(['a']);
    server.allow = ({ namespace }) => allowed.has(namespace);
    using access = new ClusterAccessReview({ client: server.client, cache: server.cache });
    using scope = await access.liveScope(alice, PODS, ['a', 'b']);
    assert.deepEqual(names(scope.current()), ['a']);
    allowed.delete('a');
    await until(scope, []);
    allowed.add('b');
    await until(scope, ['b']);
  },
);

test(
  '[AU39] where RBAC is watched in some namespaces only, what is lost in others shows',
  { timeout: 20_000 },
  async () => {
    await using server = await ReviewServer.start();
    for (const name of ['a', 'b']) putNamespace(server, name);
    server.forbidden = (path) => path.endsWith('/v1/rolebindings');
    const allowed = new Set(['a', 'b']);
    server.allow = ({ namespace }) => allowed.has(namespace);
    const reach = { all: false, namespaces: new Set(['a']) } as const;
    const cache = createCache({ client: server.client, reach: () => Promise.resolve(reach) });
    try {
      const clock = new ManualClock();
      using access = new ClusterAccessReview({ client: server.client, cache, clock });
      using scope = await access.liveScope(alice, PODS);
      assert.deepEqual(names(scope.current()), ['a', 'b']);
      await Promise.all(cache.status().map(({ gvr }) => synced({ cache }, gvr)));
      const pass = async (): Promise<void> => {
        await clock.advance(100);
        await new Promise(setImmediate);
      };
      // Until nothing is on its way to the authorizer any more.
      for (let passed = 0; passed < 5_000; passed += 100) await pass();
      allowed.delete('b');
      for (let passed = 0; passed < 5_000; passed += 100) await pass();
      await until(scope, ['a']);
    } finally {
      await cache.close();
    }
  },
);

test('[AU41] namespaces that were told stand for those that may not be listed', async () => {
  await using server = await ReviewServer.start();
  server.forbidden = (path) => path.endsWith('/namespaces');
  server.allow = ({ namespace }) => ['a', 'c'].includes(namespace);
  const options = { client: server.client, cache: server.cache };
  using told = new ClusterAccessReview({ ...options, namespaces: () => ['a', 'b'] });
  assert.deepEqual(names(await told.scope(own, PODS)), ['a']);
  assert.deepEqual(names(await told.scope(alice, PODS)), ['a']);
  using untold = new ClusterAccessReview(options);
  await assert.rejects(untold.scope(own, PODS), { reason: 'Forbidden' });
});

test("[AU35] somebody else's binding asks nothing about alice", async () => {
  await using one = await bench(['a', 'b'], ({ namespace }) => namespace === 'a');
  using scope = await one.access.liveScope(alice, PODS);
  const bindings = one.server.cache.lease({
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    resource: 'rolebindings',
  });
  const told = new Promise<void>((resolve) => bindings.collection.observe({ onChanges: () => resolve() }));
  const asked = one.server.count('/subjectaccessreviews');
  bind(one.server, 'b', { kind: 'User', name: 'bob' });
  await told;
  await one.access.scope(alice, PODS);
  assert.equal(one.server.count('/subjectaccessreviews'), asked);
  assert.deepEqual(names(scope.current()), ['a']);
  bindings[Symbol.dispose]();
});

test('[AU36] while the API server cannot tell, a live scope stays', { timeout: 20_000 }, async () => {
  await using one = await bench(['a'], ({ namespace }) => namespace === 'a');
  using scope = await one.access.liveScope(alice, PODS);
  one.server.broken = 500;
  const asked = one.server.count('/subjectaccessreviews');
  bind(one.server, 'a', { kind: 'User', name: 'alice' });
  while (one.server.count('/subjectaccessreviews') === asked) await new Promise(setImmediate);
  assert.deepEqual(names(scope.current()), ['a']);
});

test('[AU37] closing releases every watch', async () => {
  await using one = await bench(['a'], () => true);
  await one.access.liveScope(alice, PODS);
  assert.ok(one.server.cache.status().some(({ leases }) => leases > 0));
  one.access[Symbol.dispose]();
  assert.ok(one.server.cache.status().every(({ leases }) => leases === 0));
});

test('[AU38] what is refused to the gateway is not told as a refusal of the person', async () => {
  await using one = await bench(['a'], () => true);
  one.server.broken = 403;
  await assert.rejects(one.access.check(alice, { verb: 'get', resource: PODS }), {
    reason: 'ServiceUnavailable',
  });
});

test('[AU40] what a person does is done as that person, with every group', async () => {
  await using server = await ReviewServer.start();
  await actingClient(server.client, { ...alice, extra: {} }).list(PODS, { namespace: 'a' });
  const seen = server.seen.at(-1)?.headers;
  assert.equal(seen?.['impersonate-user'], 'alice');
  assert.equal(seen['impersonate-uid'], 'u1');
  assert.equal(seen['impersonate-group'], 'team-a, system:authenticated');
  await actingClient(server.client, own).list(PODS, { namespace: 'a' });
  assert.equal(server.seen.at(-1)?.headers['impersonate-user'], undefined);
});
