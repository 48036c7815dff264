import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH, type Api, type Impersonated } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { configMap, deployment } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('access');
const other = await target.namespace('access-other');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
const elsewhere = `/api/v1/namespaces/${other}/configmaps`;

for (const name of ['one', 'two']) await admin.post(maps, configMap(name));

/** A user nobody has heard of. */
const person = (): Impersonated & { readonly api: Api } => {
  const user = target.unique('person');
  return { user, api: admin.as({ user }) };
};

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** Gives the rules to a user in the suite's namespace. */
async function allow(user: string, rules: readonly Rule[]): Promise<string> {
  const name = target.unique('role');
  const kinds = `${RBAC}/namespaces/${ns}`;
  assertCode(
    await admin.post(`${kinds}/roles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules,
    }),
    201,
  );
  assertCode(
    await admin.post(`${kinds}/rolebindings`, binding('RoleBinding', name, 'Role', name, user)),
    201,
  );
  return name;
}

async function allowEverywhere(user: string, rules: readonly Rule[]): Promise<void> {
  const name = target.unique('role');
  await target.make(`${RBAC}/clusterroles`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules,
  });
  await target.make(
    `${RBAC}/clusterrolebindings`,
    binding('ClusterRoleBinding', name, 'ClusterRole', name, user),
  );
}

function binding(kind: string, name: string, roleKind: string, role: string, user: string): Wire {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
}

/** The authorizer of a real cluster hears of a new binding a moment later. */
const soon = (what: string, api: Api, path: string, code = 200): Promise<true> =>
  pollUntil(what, async () => (await api.get(path)).status === code, { everyMs: 20 });

const may = async (api: Api, attributes: Wire): Promise<boolean> =>
  (
    await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: attributes,
    })
  ).body.status.allowed;

cases('RBAC', target, (it) => {
  it('without a right everything is 403 with a reason', async () => {
    const { user, api } = person();
    const reply = await api.get(maps);
    assertStatus(
      reply,
      403,
      'Forbidden',
      `configmaps is forbidden: User "${user}" cannot list resource "configmaps" in API group "" in the namespace "${ns}"`,
    );
    assert.deepEqual(reply.body.details, { kind: 'configmaps' });
    const one = await api.get(`${maps}/one`);
    assertStatus(
      one,
      403,
      'Forbidden',
      `configmaps "one" is forbidden: User "${user}" cannot get resource "configmaps" in API group "" in the namespace "${ns}"`,
    );
    const wide = await api.get('/apis/apps/v1/deployments');
    assertStatus(
      wide,
      403,
      'Forbidden',
      `deployments.apps is forbidden: User "${user}" cannot list resource "deployments" in API group "apps" at the cluster scope`,
    );
  });

  it('what is forbidden does not tell whether it exists', async () => {
    const { api } = person();
    assertCode(await api.get(`${maps}/one`), 403);
    assertCode(await api.get(`${maps}/never-made`), 403);
  });

  it('a Role gives rights in its namespace only', async () => {
    const { user, api } = person();
    await allow(user, [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }]);
    await soon('the right', api, maps);
    assertCode(await api.get(`${maps}/one`), 200);
    assertCode(await api.get(elsewhere), 403);
    assertCode(await api.get('/api/v1/configmaps'), 403);
    assertCode(await api.post(maps, configMap('denied')), 403);
    assertCode(await api.delete(`${maps}/one`), 403);
    assertCode(await api.get(maps, { watch: 1 }), 403);
  });

  it('a ClusterRole bound by a RoleBinding holds in that namespace', async () => {
    const { user, api } = person();
    await admin.post(
      `${RBAC}/namespaces/${ns}/rolebindings`,
      binding('RoleBinding', target.unique('b'), 'ClusterRole', 'view', user),
    );
    await soon('the right', api, maps);
    assertCode(await api.get(elsewhere), 403);
    assertCode(await api.get(`/api/v1/namespaces/${ns}/secrets`), 403);
  });

  it('a ClusterRoleBinding holds everywhere', async () => {
    const { user, api } = person();
    await allowEverywhere(user, [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]);
    await soon('the right', api, elsewhere);
    assertCode(await api.get(maps), 200);
    assertCode(await api.get('/api/v1/configmaps'), 200);
    assertCode(await api.get(`${maps}/one`), 403);
  });

  it('resourceNames narrow a right to names', async () => {
    const { user, api } = person();
    await allow(user, [
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['one'],
        verbs: ['get', 'list', 'watch', 'delete'],
      },
    ]);
    await soon('the right', api, `${maps}/one`);
    assertCode(await api.get(`${maps}/two`), 403);
    assertCode(await api.get(maps), 403);
    const one = await api.get(maps, { fieldSelector: 'metadata.name=one' });
    assertCode(one, 200);
    assert.deepEqual(namesOf(one.body), ['one']);
    assertCode(await api.get(maps, { fieldSelector: 'metadata.name=two' }), 403);
    assertCode(await api.delete(maps), 403);
  });

  it('subresources are rights of their own', async () => {
    const { user, api } = person();
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await admin.post(path, deployment('scaled', 0, { paused: true }));
    await allow(user, [{ apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'patch'] }]);
    await soon('the right', api, `${path}/scaled/scale`);
    assertCode(await api.get(`${path}/scaled`), 403);
    assertCode(await api.patch(`${path}/scaled/scale`, MERGE_PATCH, { spec: { replicas: 0 } }), 200);
    const all = person();
    await allow(all.user, [{ apiGroups: ['apps'], resources: ['*/scale'], verbs: ['get'] }]);
    await soon('the right of any scale', all.api, `${path}/scaled/scale`);
    const main = person();
    await allow(main.user, [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] }]);
    await soon('the right', main.api, `${path}/scaled`);
    assertCode(await main.api.get(`${path}/scaled/scale`), 403);
  });

  it('stars match any group, resource and verb', async () => {
    const { user, api } = person();
    await allow(user, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    await soon('the right', api, maps);
    assertCode(await api.get(`/apis/apps/v1/namespaces/${ns}/deployments`), 200);
    assertCode(await api.post(maps, configMap('by-star')), 201);
    assertCode(await api.get(elsewhere), 403);
  });

  it('nonResourceURLs give paths', async () => {
    const { user, api } = person();
    assertStatus(
      await api.get('/metrics'),
      403,
      'Forbidden',
      `forbidden: User "${user}" cannot get path "/metrics"`,
    );
    await allowEverywhere(user, [{ nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] }]);
    await pollUntil('the right', () =>
      may(api, { nonResourceAttributes: { path: '/metrics', verb: 'get' } }),
    );
    assert.equal(await may(api, { nonResourceAttributes: { path: '/logs/any/thing', verb: 'get' } }), true);
    assert.equal(await may(api, { nonResourceAttributes: { path: '/metrics', verb: 'post' } }), false);
    assert.equal(await may(api, { nonResourceAttributes: { path: '/metricsx', verb: 'get' } }), false);
  });

  it('a group gives rights to its members', async () => {
    const group = target.unique('team');
    const name = target.unique('b');
    const bound = binding('RoleBinding', name, 'ClusterRole', 'view', 'x');
    bound.subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }];
    await admin.post(`${RBAC}/namespaces/${ns}/rolebindings`, bound);
    await soon('the right', admin.as({ user: 'member', groups: ['unrelated', group] }), maps);
    assertCode(await admin.as({ user: 'member', groups: ['unrelated'] }).get(maps), 403);
  });

  it('a service account gets rights as a subject', async () => {
    const bound = binding('RoleBinding', target.unique('b'), 'ClusterRole', 'view', 'x');
    bound.subjects = [{ kind: 'ServiceAccount', name: 'default', namespace: other }];
    await admin.post(`${RBAC}/namespaces/${ns}/rolebindings`, bound);
    await soon('the right', admin.as({ user: `system:serviceaccount:${other}:default` }), maps);
  });

  it('an aggregated ClusterRole has the rules of those it selects', async () => {
    const { user, api } = person();
    const label = target.unique('agg');
    const whole = target.unique('whole');
    await target.make(`${RBAC}/clusterroles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: whole },
      rules: [],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] },
    });
    await target.make(
      `${RBAC}/clusterrolebindings`,
      binding('ClusterRoleBinding', whole, 'ClusterRole', whole, user),
    );
    assertCode(await api.get(maps), 403);
    await target.make(`${RBAC}/clusterroles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: target.unique('part'), labels: { [label]: 'true' } },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }],
    });
    await soon('the aggregated right', api, maps);
    assert.equal((await admin.get(`${RBAC}/clusterroles/${whole}`)).body.rules.length, 1);
  });

  it('a deleted binding takes the right away', async () => {
    const { user, api } = person();
    const name = await allow(user, [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]);
    await soon('the right', api, maps);
    await admin.delete(`${RBAC}/namespaces/${ns}/rolebindings/${name}`);
    await soon('the right to go', api, maps, 403);
  });

  it('nobody gives rights that they do not have', async () => {
    const { user, api } = person();
    await allow(user, [
      {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['roles', 'rolebindings'],
        verbs: ['list', 'create'],
      },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
    ]);
    await soon('the right', api, `${RBAC}/namespaces/${ns}/roles`);
    const role = (verbs: string[]): Wire => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: target.unique('esc') },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs }],
    });
    assertCode(await api.post(`${RBAC}/namespaces/${ns}/roles`, role(['get'])), 201);
    assertStatus(
      await api.post(`${RBAC}/namespaces/${ns}/roles`, role(['get', 'delete'])),
      403,
      'Forbidden',
      /is attempting to grant RBAC permissions not currently held/,
    );
    const bound = await api.post(
      `${RBAC}/namespaces/${ns}/rolebindings`,
      binding('RoleBinding', target.unique('esc'), 'ClusterRole', 'cluster-admin', user),
    );
    assertStatus(bound, 403, 'Forbidden', /is attempting to grant RBAC permissions not currently held/);
  });

  it('roleRef cannot be changed', async () => {
    const name = target.unique('ref');
    await admin.post(
      `${RBAC}/namespaces/${ns}/rolebindings`,
      binding('RoleBinding', name, 'ClusterRole', 'view', 'x'),
    );
    const reply = await admin.patch(`${RBAC}/namespaces/${ns}/rolebindings/${name}`, MERGE_PATCH, {
      roleRef: { name: 'edit' },
    });
    assertStatus(reply, 422, 'Invalid', /roleRef: Invalid value: .*cannot change roleRef/);
  });

  it('the roles of every cluster are there', async () => {
    for (const name of ['cluster-admin', 'admin', 'edit', 'view', 'system:discovery', 'system:basic-user']) {
      assertCode(await admin.get(`${RBAC}/clusterroles/${name}`), 200);
    }
  });
});

cases('access reviews', target, (it) => {
  it('SelfSubjectAccessReview answers for the caller', async () => {
    const { user, api } = person();
    const attributes = { resourceAttributes: { namespace: ns, verb: 'list', resource: 'configmaps' } };
    assert.equal(await may(api, attributes), false);
    await allow(user, [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]);
    await pollUntil('the right', () => may(api, attributes));
    assert.equal(
      await may(api, { resourceAttributes: { namespace: other, verb: 'list', resource: 'configmaps' } }),
      false,
    );
    assert.equal(await may(api, { resourceAttributes: { verb: 'list', resource: 'configmaps' } }), false);
  });

  const review = async (spec: Wire): Promise<Wire> =>
    (
      await admin.post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec,
      })
    ).body;

  it('SubjectAccessReview answers for anybody, with a reason', async () => {
    const { user, api } = person();
    const name = await allow(user, [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }]);
    await soon('the right', api, maps);
    const { status } = await review({
      user,
      resourceAttributes: { namespace: ns, verb: 'list', resource: 'configmaps' },
    });
    assert.equal(status.allowed, true);
    assert.equal(
      status.reason,
      `RBAC: allowed by RoleBinding "${name}/${ns}" of Role "${name}" to User "${user}"`,
    );
  });

  it('SubjectAccessReview takes groups', async () => {
    const { status } = await review({
      user: 'x',
      groups: ['system:masters'],
      resourceAttributes: { verb: '*', resource: '*', group: '*' },
    });
    assert.equal(status.allowed, true);
    const nothing = await review({
      user: 'x',
      groups: ['unknown'],
      resourceAttributes: { verb: 'get', resource: 'pods' },
    });
    assert.equal(nothing.status.allowed, false);
  });

  it('SubjectAccessReview needs somebody and something', async () => {
    const reply = await admin.post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'x' },
    });
    assertStatus(
      reply,
      422,
      'Invalid',
      /exactly one of nonResourceAttributes or resourceAttributes must be specified/,
    );
    const nobody = await admin.post('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
    });
    assertStatus(nobody, 422, 'Invalid', /at least one of user or group must be specified/);
  });

  it('LocalSubjectAccessReview answers within its namespace', async () => {
    const path = `/apis/authorization.k8s.io/v1/namespaces/${ns}/localsubjectaccessreviews`;
    const reply = await admin.post(path, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'LocalSubjectAccessReview',
      metadata: { namespace: ns },
      spec: {
        user: 'x',
        groups: ['system:masters'],
        resourceAttributes: { namespace: ns, verb: 'get', resource: 'pods' },
      },
    });
    assertCode(reply, 201);
    assert.equal(reply.body.status.allowed, true);
  });

  it('SelfSubjectRulesReview lists what the caller may do', async () => {
    const { user, api } = person();
    await allow(user, [
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get'] },
    ]);
    await soon('the right', api, `${maps}/one`);
    const { body } = await api.post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: ns },
    });
    const rule = body.status.resourceRules.find((r: Wire) => r.resourceNames?.includes('one'));
    assert.deepEqual(rule, {
      verbs: ['get'],
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['one'],
    });
    assert.ok(body.status.nonResourceRules.some((r: Wire) => r.nonResourceURLs.includes('/version')));
  });
});

const self = async (api: Api): Promise<Wire> => {
  const reply = await api.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  });
  assertCode(reply, 201);
  return reply.body.status.userInfo;
};

cases('authentication', target, (it) => {
  it('a token that is no token is 401', async () => {
    const stranger = admin.withToken('nonsense');
    try {
      assertStatus(await stranger.get(maps), 401, 'Unauthorized', 'Unauthorized');
      assertStatus(await stranger.get('/version'), 401, 'Unauthorized');
    } finally {
      await stranger.close();
    }
  });

  it('TokenRequest makes a token of a service account that works', async () => {
    const path = `/api/v1/namespaces/${ns}/serviceaccounts/default`;
    const { status, body } = await admin.post(`${path}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600 },
    });
    assert.equal(status, 201);
    assert.match(body.status.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const left = Date.parse(body.status.expirationTimestamp) - Date.now();
    assert.ok(left > 500_000 && left < 700_000);
    const account = admin.withToken(body.status.token);
    try {
      const who = await self(account);
      assert.equal(who.username, `system:serviceaccount:${ns}:default`);
      assert.deepEqual(who.groups.toSorted(), [
        'system:authenticated',
        'system:serviceaccounts',
        `system:serviceaccounts:${ns}`,
      ]);
      assert.equal(who.uid, (await admin.get(path)).body.metadata.uid);
    } finally {
      await account.close();
    }
  });

  it('TokenReview tells who holds a token', async () => {
    const made = await admin.post(`/api/v1/namespaces/${ns}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    const review = (token: string, audiences?: string[]): Promise<Wire> =>
      admin.post('/apis/authentication.k8s.io/v1/tokenreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token, audiences },
      });
    const good = await review(made.body.status.token);
    assertCode(good, 201);
    assert.equal(good.body.status.authenticated, true);
    assert.equal(good.body.status.user.username, `system:serviceaccount:${ns}:default`);
    assert.equal(good.body.status.audiences.length > 0, true);
    const bad = await review('nonsense');
    assert.equal(bad.body.status.authenticated, undefined);
    assert.match(bad.body.status.error, /invalid bearer token/);
  });

  it('a token ends with its service account', async () => {
    const accounts = `/api/v1/namespaces/${ns}/serviceaccounts`;
    await admin.post(accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'short' } });
    const made = await admin.post(`${accounts}/short/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    const account = admin.withToken(made.body.status.token);
    try {
      await self(account);
      await admin.delete(`${accounts}/short`);
      await pollUntil('the token to be refused', async () => (await account.get('/version')).status === 401, {
        deadlineMs: 30_000,
      });
    } finally {
      await account.close();
    }
  });

  it('too short a life is 422', async () => {
    const reply = await admin.post(`/api/v1/namespaces/${ns}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 10 },
    });
    assertStatus(
      reply,
      422,
      'Invalid',
      /spec\.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes/,
    );
  });

  it('the token of an account that is not there is 404', async () => {
    const reply = await admin.post(`/api/v1/namespaces/${ns}/serviceaccounts/nobody/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    assertStatus(reply, 404, 'NotFound', 'serviceaccounts "nobody" not found');
  });
});

cases('impersonation', target, (it) => {
  it('as a user', async () => {
    const who = await self(admin.as({ user: 'jane' }));
    assert.deepEqual(who, { username: 'jane', groups: ['system:authenticated'] });
  });

  it('with several groups, a uid and extra', async () => {
    const who = await self(
      admin.as({
        user: 'jane',
        groups: ['g1', 'g2'],
        uid: 'u-7',
        extra: { scopes: ['a', 'b'], 'example.com/team': ['x'] },
      }),
    );
    assert.equal(who.username, 'jane');
    assert.equal(who.uid, 'u-7');
    assert.deepEqual(who.groups, ['g1', 'g2', 'system:authenticated']);
    assert.deepEqual(who.extra, { scopes: ['a', 'b'], 'example.com/team': ['x'] });
  });

  it('as a service account adds its groups', async () => {
    const who = await self(admin.as({ user: `system:serviceaccount:${ns}:default` }));
    assert.deepEqual(who.groups.toSorted(), [
      'system:authenticated',
      'system:serviceaccounts',
      `system:serviceaccounts:${ns}`,
    ]);
  });

  it('as anonymous', async () => {
    const who = await self(admin.as({ user: 'system:anonymous', groups: ['system:authenticated'] }));
    assert.equal(who.username, 'system:anonymous');
  });

  it('groups without a user are refused', async () => {
    const reply = await admin.get('/version', {}, { 'impersonate-group': 'g1' });
    // Kubernetes answers 500.
    assert.ok(reply.status === 400 || reply.status === 500);
    assert.match(reply.text, /requested .* without impersonating a user/);
  });

  it('needs the right to impersonate that user', async () => {
    const { user } = person();
    await allowEverywhere(user, [
      { apiGroups: [''], resources: ['users'], resourceNames: ['jane'], verbs: ['impersonate'] },
    ]);
    // Nobody can impersonate twice: the person needs a login of its own, here a service account's.
    const account = `system:serviceaccount:${ns}:default`;
    await allowEverywhere(account, [
      { apiGroups: [''], resources: ['users'], resourceNames: ['jane'], verbs: ['impersonate'] },
    ]);
    const made = await admin.post(`/api/v1/namespaces/${ns}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    const own = admin.withToken(made.body.status.token);
    try {
      await pollUntil(
        'the right',
        async () => (await own.as({ user: 'jane' }).get('/version')).status === 200,
      );
      assert.equal((await self(own.as({ user: 'jane' }))).username, 'jane');
      assertStatus(
        await own.as({ user: 'john' }).get('/version'),
        403,
        'Forbidden',
        `users "john" is forbidden: User "${account}" cannot impersonate resource "users" in API group "" at the cluster scope`,
      );
      assertStatus(
        await own.as({ user: 'jane', groups: ['system:masters'] }).get('/version'),
        403,
        'Forbidden',
        /cannot impersonate resource "groups"/,
      );
      assertStatus(
        await own.as({ user: 'jane', uid: '1' }).get('/version'),
        403,
        'Forbidden',
        /cannot impersonate resource "uids"/,
      );
      assertStatus(
        await own.as({ user: 'jane', extra: { scopes: ['s'] } }).get('/version'),
        403,
        'Forbidden',
        /cannot impersonate resource "userextras\/scopes"/,
      );
    } finally {
      await own.close();
    }
  });

  it('acts with the rights of the impersonated only', async () => {
    const jane = admin.as({ user: target.unique('jane') });
    assertCode(await jane.get(maps), 403);
    assertCode(await admin.as({ user: 'x', groups: ['system:masters'] }).get(maps), 200);
  });
});
