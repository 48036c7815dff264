import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConfigError } from './config-problems.ts';
import { inClusterConfig, isInCluster } from './in-cluster.ts';
import { kubeconfigPaths, loadKubeconfig, parseKubeconfig, readKubeconfig } from './kubeconfig.ts';

const PEM = Buffer.from('-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n').toString('base64');

const FIRST = `
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster: {server: "https://dev.test:6443/base/", certificate-authority: ca.pem, tls-server-name: kube.test, proxy-url: "http://proxy.test:3128"}
users:
- name: dev
  user: {tokenFile: token, token: inline, as: somebody, as-uid: "7", as-groups: [g1, g2], as-user-extra: {scope: [a, b]}}
contexts:
- name: dev
  context: {cluster: dev, user: dev, namespace: team-a}
`;
const SECOND = `
current-context: prod
clusters:
- name: dev
  cluster: {server: "https://other.test"}
- name: prod
  cluster: {server: "https://prod.test", insecure-skip-tls-verify: true}
users:
- name: prod
  user: {client-certificate-data: ${PEM}, client-key: key.pem, username: u, password: p}
contexts:
- name: prod
  context: {cluster: prod, user: prod}
`;

function problemsOf(text: string, context?: string): readonly string[] {
  try {
    parseKubeconfig([{ at: 'file', directory: '/d', text }]).cluster(context);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
}

test('[KC1] files merge, the first to name something wins, paths resolve against their own file', () => {
  const merged = parseKubeconfig([
    { at: 'a', directory: '/a', text: FIRST },
    { at: 'b', directory: '/b', text: SECOND },
  ]);
  assert.deepEqual(merged.contexts, ['dev', 'prod']);
  assert.equal(merged.currentContext, 'dev');
  assert.deepEqual(merged.cluster(), {
    name: 'dev',
    namespace: 'team-a',
    server: 'https://dev.test:6443/base',
    ca: { file: '/a/ca.pem' },
    tlsServerName: 'kube.test',
    insecureSkipTlsVerify: false,
    proxyUrl: 'http://proxy.test:3128',
    auth: { kind: 'token-file', file: '/a/token' },
    clientCertificate: undefined,
    impersonate: { username: 'somebody', uid: '7', groups: ['g1', 'g2'], extra: { scope: ['a', 'b'] } },
  });
  const prod = merged.cluster('prod');
  assert.equal(prod.insecureSkipTlsVerify, true);
  assert.equal(prod.namespace, 'default');
  assert.deepEqual(prod.auth, { kind: 'basic', username: 'u', password: 'p' });
  assert.deepEqual(prod.clientCertificate?.key, { file: '/b/key.pem' });
});

test('[KC1] a file of several may be missing, an only one may not', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'krateyard-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = join(directory, 'config');
  await writeFile(file, FIRST);
  const paths = kubeconfigPaths(`${join(directory, 'none')}:${file}:`);
  assert.equal((await loadKubeconfig({ files: paths })).name, 'dev');
  await assert.rejects(readKubeconfig({ files: [join(directory, 'none')] }), /cannot be read \(ENOENT\)/);
  await assert.rejects(
    readKubeconfig({ files: [join(directory, 'x'), join(directory, 'y')] }),
    /none of these files exists/,
  );
});

test('[KC1] an exec plugin is read with its arguments and environment', () => {
  const text = `{"current-context":"c","clusters":[{"name":"c","cluster":{"server":"https://c"}}],"contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
    "users":[{"name":"u","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1beta1","command":"./bin/login","args":["a"],"env":[{"name":"X","value":"1"}],"provideClusterInfo":true,"installHint":"get it"}}}]}`;
  assert.deepEqual(parseKubeconfig([{ at: 'f', directory: '/d', text }]).cluster().auth, {
    kind: 'exec',
    plugin: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: '/d/bin/login',
      args: ['a'],
      env: { X: '1' },
      provideClusterInfo: true,
      installHint: 'get it',
    },
  });
});

test('[KC2] all problems of a context at once, without values', () => {
  const problems = problemsOf(`
current-context: c
clusters: [{name: c, cluster: {server: "ftp://secret.test", certificate-authority-data: c2VjcmV0, insecure-skip-tls-verify: "secret"}}]
users: [{name: u, user: {client-key-data: c2VjcmV0, exec: {apiVersion: secret, command: ""}, as-groups: [secret]}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
`);
  assert.equal(problems.length, 8);
  for (const place of [
    '.server',
    '.certificate-authority-data',
    '.insecure-skip-tls-verify',
    '.exec.apiVersion',
    '.exec.command',
    '.client-certificate',
    '.client-key-data',
    '.as',
  ]) {
    assert.ok(
      problems.some((problem) => problem.includes(`${place} `)),
      place,
    );
  }
  assert.doesNotMatch(problems.join('\n'), /secret|c2VjcmV0/);
});

for (const [name, text, expected] of [
  ['no context is chosen', 'contexts: []', /current-context is not set/],
  ['the context does not exist', 'current-context: x', /context "x" does not exist; there are: none/],
  [
    'a cluster does not exist',
    '{current-context: c, contexts: [{name: c, context: {cluster: x, user: y}}]}',
    /names "x", which does not exist/,
  ],
  ['it is no YAML', 'a: [', /is no YAML/],
  ['it is no mapping', '[]', /must be a mapping/],
  ['lists are none', 'clusters: {}', /clusters must be a list/],
  ['names are missing', 'users: [{}]', /users\[0\].name is missing/],
] as const) {
  test(`[KC2] told: ${name}`, () => assert.match(problemsOf(text).join('\n'), expected));
}

test('[KC3] in a pod everything comes from the service account', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'krateyard-'));
  t.after(() => rm(directory, { recursive: true }));
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  assert.equal(isInCluster(env, directory), false);
  assert.throws(
    () => inClusterConfig({}, directory),
    (error: ConfigError) => error.problems.length === 4,
  );
  await writeFile(join(directory, 'token'), 'x');
  await writeFile(join(directory, 'ca.crt'), 'x');
  await writeFile(join(directory, 'namespace'), 'krateyard\n');
  assert.equal(isInCluster(env, directory), true);
  const config = inClusterConfig(env, directory);
  assert.equal(config.server, 'https://[fd00::1]:443');
  assert.equal(config.namespace, 'krateyard');
  assert.deepEqual(config.auth, { kind: 'token-file', file: join(directory, 'token') });
});
