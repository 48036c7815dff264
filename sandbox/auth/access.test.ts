import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { ask, type Wire } from '../test-request.ts';
import { ruleAllows, type AccessAttributes, type PolicyRule } from './rbac-rules.ts';

let sandbox: Sandbox;
before(async () => {
  sandbox = await createSandbox();
});
after(() => sandbox.stop());

const PODS_A = '/api/v1/namespaces/team-a/pods';
const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';

async function allowed(user: string, attributes: object, groups: string[] = []): Promise<boolean> {
  const body = { spec: { user, groups, resourceAttributes: attributes } };
  return (await ask(sandbox, 'admin', REVIEWS, { body })).body.status.allowed;
}

test('[SB40] anonymous without credentials, 401 with bad ones', async () => {
  const nobody = await ask(sandbox, 'admin', PODS_A, { token: '' });
  assert.equal(nobody.status, 403);
  assert.match(nobody.body.message, /User "system:anonymous" cannot list resource "pods"/);
  assert.equal((await ask(sandbox, 'admin', PODS_A, { token: 'wrong' })).status, 401);
});

test('[SB41] a revoked token is refused, a new one taken', async () => {
  const old = sandbox.people.tokenOf('alice')!;
  assert.equal((await ask(sandbox, 'alice', PODS_A)).status, 200);
  const rotated = sandbox.people.rotate('alice');
  assert.equal((await ask(sandbox, 'alice', PODS_A, { token: old })).status, 401);
  assert.equal((await ask(sandbox, 'alice', PODS_A, { token: rotated })).status, 200);
  const review = { spec: { token: old } };
  const reviewed = await ask(sandbox, 'admin', '/apis/authentication.k8s.io/v1/tokenreviews', {
    body: review,
  });
  assert.equal(reviewed.body.status.authenticated, undefined);
});

const pods: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
const rules: [name: string, rule: PolicyRule, access: AccessAttributes, allows: boolean][] = [
  ['the resource', pods, { verb: 'get', group: '', resource: 'pods' }, true],
  ['another verb', pods, { verb: 'list', group: '', resource: 'pods' }, false],
  ['another group', pods, { verb: 'get', group: 'apps', resource: 'pods' }, false],
  ['a subresource', pods, { verb: 'get', group: '', resource: 'pods', subresource: 'log' }, false],
  [
    'a named subresource',
    { ...pods, resources: ['pods/log'] },
    { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
    true,
  ],
  [
    'a subresource of all',
    { ...pods, resources: ['*/scale'] },
    { verb: 'get', group: '', resource: 'x', subresource: 'scale' },
    true,
  ],
  [
    'everything',
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verb: 'x', group: 'y', resource: 'z', subresource: 's' },
    true,
  ],
  [
    'the name',
    { ...pods, resourceNames: ['a'] },
    { verb: 'get', group: '', resource: 'pods', name: 'a' },
    true,
  ],
  [
    'another name',
    { ...pods, resourceNames: ['a'] },
    { verb: 'get', group: '', resource: 'pods', name: 'b' },
    false,
  ],
  ['no name', { ...pods, resourceNames: ['a'] }, { verb: 'get', group: '', resource: 'pods' }, false],
  [
    'a path',
    { verbs: ['get'], nonResourceURLs: ['/healthz/*'] },
    { verb: 'get', path: '/healthz/ping' },
    true,
  ],
  [
    'a path beside',
    { verbs: ['get'], nonResourceURLs: ['/healthz/*'] },
    { verb: 'get', path: '/metrics' },
    false,
  ],
  [
    'a path by a resource rule',
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verb: 'get', path: '/x' },
    false,
  ],
];
for (const [name, rule, access, allows] of rules)
  test(`[SB42] a rule ${allows ? 'covers' : 'does not cover'} ${name}`, () =>
    assert.equal(ruleAllows(rule, access), allows));

test('[SB43] a binding holds in its namespace, from the next request on', async () => {
  const path = `${RBAC}/namespaces/team-b/rolebindings`;
  const attributes = { verb: 'list', resource: 'pods' };
  assert.equal(await allowed('dora', { ...attributes, namespace: 'team-b' }), false);
  const body = {
    metadata: { name: 'dora' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: 'dora', apiGroup: 'rbac.authorization.k8s.io' }],
  };
  await ask(sandbox, 'admin', path, { body });
  assert.equal(await allowed('dora', { ...attributes, namespace: 'team-b' }), true);
  assert.equal(await allowed('dora', { ...attributes, namespace: 'team-a' }), false);
  assert.equal(await allowed('dora', attributes), false);
  await ask(sandbox, 'admin', `${path}/dora`, { method: 'DELETE' });
  assert.equal(await allowed('dora', { ...attributes, namespace: 'team-b' }), false);
});

test('[SB44] an aggregated role has what it selects', async () => {
  const body = {
    metadata: { name: 'krates', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [{ apiGroups: ['yard.test'], resources: ['krates'], verbs: ['list'] }],
  };
  const wanted = { verb: 'list', group: 'yard.test', resource: 'krates', namespace: 'team-b' };
  assert.equal(await allowed('bob', wanted), false);
  await ask(sandbox, 'admin', `${RBAC}/clusterroles`, { body });
  assert.equal(await allowed('bob', wanted), true);
  assert.equal(await allowed('bob', { ...wanted, verb: 'create' }), false);
});

const as = (headers: Record<string, string | string[]>, token = sandbox.gatewayToken) =>
  ask(sandbox, 'admin', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {}, headers, token });

test('[SB45] impersonation: many groups, uid and extras, and both names in the audit log', async () => {
  const headers = {
    'impersonate-user': 'eve',
    'impersonate-group': ['g1', 'g2'],
    'impersonate-uid': 'u-1',
    'impersonate-extra-example.com%2Fteam': ['red', 'blue'],
  };
  const { userInfo } = (await as(headers)).body.status;
  assert.deepEqual(userInfo, {
    username: 'eve',
    uid: 'u-1',
    groups: ['g1', 'g2', 'system:authenticated'],
    extra: { 'example.com/team': ['red', 'blue'] },
  });
  const { user, impersonatedUser, impersonatedGroups } = sandbox.audit.events.at(-1)!;
  assert.deepEqual(
    [user, impersonatedUser, impersonatedGroups?.slice(0, 2)],
    ['system:serviceaccount:krateyard:gateway', 'eve', ['g1', 'g2']],
  );
  const refused = await as({ 'impersonate-user': 'admin' }, sandbox.people.tokenOf('bob'));
  assert.equal(refused.status, 403);
  assert.match(
    refused.body.message,
    /users "admin" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope/,
  );
});

test('[SB46] a service account token lives as long as the account', async () => {
  const accounts = '/api/v1/namespaces/team-a/serviceaccounts';
  await ask(sandbox, 'admin', accounts, { body: { metadata: { name: 'robot' } } });
  const made = (await ask(sandbox, 'admin', `${accounts}/robot/token`, { body: { spec: {} } })).body.status
    .token as string;
  const me = async (): Promise<Wire> => as({}, made);
  assert.equal((await me()).body.status.userInfo.username, 'system:serviceaccount:team-a:robot');
  await ask(sandbox, 'admin', `${accounts}/robot`, { method: 'DELETE' });
  assert.equal((await me()).status, 401);
  assert.equal((await as({}, `${made.slice(0, -3)}AAA`)).status, 401);
});

test('[SB47] nobody gives what they do not have', async () => {
  const { body } = await ask(sandbox, 'alice', `${RBAC}/namespaces/team-a/roles`, {
    body: { metadata: { name: 'more' } },
  });
  assert.equal(body.code, 403);
  const headers = { 'impersonate-user': 'frank', 'impersonate-group': 'namespace-admins' };
  await ask(sandbox, 'admin', `${RBAC}/namespaces/team-a/rolebindings`, {
    body: {
      metadata: { name: 'frank' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'User', name: 'frank', apiGroup: 'rbac.authorization.k8s.io' }],
    },
  });
  const grant = (rules: PolicyRule[]) =>
    ask(sandbox, 'admin', `${RBAC}/namespaces/team-a/roles`, {
      headers,
      body: { metadata: { generateName: 'r-' }, rules },
    });
  assert.equal((await grant([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }])).status, 201);
  const more = await grant([{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }]);
  assert.equal(more.status, 403);
  assert.match(
    more.body.message,
    /attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["nodes"\], Verbs:\["get"\]\}/,
  );
});

test('[SB48] the gateway reads, reviews and impersonates, and cannot write', async () => {
  const token = sandbox.gatewayToken;
  assert.equal((await ask(sandbox, 'admin', '/api/v1/secrets', { token })).status, 200);
  const body = { spec: { token: sandbox.people.tokenOf('bob') } };
  const review = await ask(sandbox, 'admin', '/apis/authentication.k8s.io/v1/tokenreviews', { token, body });
  assert.equal(review.body.status.user.username, 'bob');
  const write = await ask(sandbox, 'admin', '/api/v1/namespaces/team-a/configmaps', {
    token,
    body: { metadata: { name: 'x' } },
  });
  assert.equal(write.status, 403);
});
