import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const target = await suiteTarget();
const { admin } = target;

cases('discovery', target, (it) => {
  it('/version names a 1.34 server', async () => {
    const { body } = await admin.get('/version');
    assert.equal(body.major, '1');
    assert.equal(body.minor, '34');
    assert.match(body.gitVersion, /^v1\.34\./);
    for (const key of ['gitCommit', 'buildDate', 'goVersion', 'platform'])
      assert.equal(typeof body[key], 'string', key);
  });

  it('/api lists v1', async () => {
    const { body } = await admin.get('/api');
    assert.equal(body.kind, 'APIVersions');
    assert.deepEqual(body.versions, ['v1']);
    assert.ok(Array.isArray(body.serverAddressByClientCIDRs));
  });

  it('/apis lists groups with their preferred versions', async () => {
    const { body } = await admin.get('/apis');
    assert.equal(body.kind, 'APIGroupList');
    const groups = new Map<string, Wire>(body.groups.map((group: Wire) => [group.name, group]));
    for (const [group, version] of [
      ['apps', 'v1'],
      ['batch', 'v1'],
      ['rbac.authorization.k8s.io', 'v1'],
      ['coordination.k8s.io', 'v1'],
      ['apiextensions.k8s.io', 'v1'],
      ['events.k8s.io', 'v1'],
      ['networking.k8s.io', 'v1'],
      ['authentication.k8s.io', 'v1'],
      ['authorization.k8s.io', 'v1'],
      ['storage.k8s.io', 'v1'],
      ['policy', 'v1'],
    ] as const) {
      assert.equal(groups.get(group)?.preferredVersion.version, version, group);
      assert.equal(groups.get(group).preferredVersion.groupVersion, `${group}/${version}`);
    }
  });

  it('/apis/{group} describes one group', async () => {
    const { body } = await admin.get('/apis/apps');
    assert.equal(body.kind, 'APIGroup');
    assert.equal(body.name, 'apps');
    assert.deepEqual(body.preferredVersion, { groupVersion: 'apps/v1', version: 'v1' });
  });

  it('/api/v1 lists resources with names, verbs and subresources', async () => {
    const { body } = await admin.get('/api/v1');
    assert.equal(body.kind, 'APIResourceList');
    assert.equal(body.groupVersion, 'v1');
    const byName = new Map<string, Wire>(body.resources.map((entry: Wire) => [entry.name, entry]));
    const pods = byName.get('pods');
    assert.equal(pods.kind, 'Pod');
    assert.equal(pods.namespaced, true);
    assert.equal(pods.singularName, 'pod');
    assert.deepEqual(pods.shortNames, ['po']);
    assert.deepEqual(pods.categories, ['all']);
    assert.deepEqual(pods.verbs.toSorted(), [
      'create',
      'delete',
      'deletecollection',
      'get',
      'list',
      'patch',
      'update',
      'watch',
    ]);
    for (const sub of ['log', 'exec', 'status', 'binding', 'eviction'])
      assert.ok(byName.has(`pods/${sub}`), sub);
    assert.equal(byName.get('pods/eviction').kind, 'Eviction');
    assert.equal(byName.get('pods/eviction').group, 'policy');
    assert.deepEqual(byName.get('pods/log').verbs, ['get']);
    assert.equal(byName.get('nodes').namespaced, false);
    assert.deepEqual(byName.get('persistentvolumeclaims').shortNames, ['pvc']);
    assert.deepEqual(byName.get('serviceaccounts/token').verbs, ['create']);
  });

  it('/apis/apps/v1 lists scale as autoscaling/v1', async () => {
    const { body } = await admin.get('/apis/apps/v1');
    const scale = body.resources.find((entry: Wire) => entry.name === 'deployments/scale');
    assert.equal(scale.group, 'autoscaling');
    assert.equal(scale.version, 'v1');
    assert.equal(scale.kind, 'Scale');
    assert.deepEqual(scale.verbs.toSorted(), ['get', 'patch', 'update']);
  });

  it('aggregated discovery answers /apis in one document', async () => {
    const { body, headers } = await admin.get('/apis', {}, { accept: AGGREGATED });
    assert.equal(body.kind, 'APIGroupDiscoveryList');
    assert.equal(body.apiVersion, 'apidiscovery.k8s.io/v2');
    assert.match(String(headers['content-type']), /g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList/);
    const apps = body.items.find((item: Wire) => item.metadata.name === 'apps');
    const deployments = apps.versions[0].resources.find((entry: Wire) => entry.resource === 'deployments');
    assert.equal(deployments.responseKind.kind, 'Deployment');
    assert.equal(deployments.scope, 'Namespaced');
    assert.equal(deployments.singularResource, 'deployment');
    assert.deepEqual(deployments.shortNames, ['deploy']);
    const scale = deployments.subresources.find((entry: Wire) => entry.subresource === 'scale');
    assert.deepEqual(scale.responseKind, { group: 'autoscaling', kind: 'Scale', version: 'v1' });
  });

  it('aggregated discovery answers /api with the core group', async () => {
    const { body } = await admin.get('/api', {}, { accept: AGGREGATED });
    assert.equal(body.items.length, 1);
    assert.equal(body.items[0].versions[0].version, 'v1');
    assert.equal(body.items[0].versions[0].freshness, 'Current');
    assert.ok(body.items[0].versions[0].resources.some((entry: Wire) => entry.resource === 'pods'));
  });

  it('aggregated discovery has an ETag that answers 304', async () => {
    const first = await admin.get('/apis', {}, { accept: AGGREGATED });
    const etag = String(first.headers['etag']);
    assert.notEqual(etag, 'undefined');
    assert.match(String(first.headers['vary']), /Accept/);
    const second = await admin.get('/apis', {}, { accept: AGGREGATED, 'if-none-match': etag });
    assert.equal(second.status, 304);
  });

  it('OpenAPI v3 lists group versions with hashed addresses', async () => {
    const { body } = await admin.get('/openapi/v3');
    for (const path of ['api/v1', 'apis/apps/v1', 'apis/batch/v1', 'apis/rbac.authorization.k8s.io/v1']) {
      assert.match(body.paths[path].serverRelativeURL, new RegExp(`^/openapi/v3/${path}\\?hash=\\w+`));
    }
  });

  it('OpenAPI v3 of a group version describes its kinds', async () => {
    const { body } = await admin.get('/openapi/v3/apis/apps/v1');
    assert.match(body.openapi, /^3\.0/);
    const schema = body.components.schemas['io.k8s.api.apps.v1.Deployment'];
    assert.deepEqual(schema['x-kubernetes-group-version-kind'], [
      { group: 'apps', kind: 'Deployment', version: 'v1' },
    ]);
    assert.ok('spec' in schema.properties);
    assert.ok(body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].get);
  });

  it('OpenAPI v2 describes kinds for strategic merge patches', async () => {
    const { body } = await admin.get('/openapi/v2');
    assert.equal(body.swagger, '2.0');
    const spec = body.definitions['io.k8s.api.core.v1.PodSpec'];
    assert.equal(spec.properties.containers['x-kubernetes-patch-merge-key'], 'name');
    assert.match(spec.properties.containers['x-kubernetes-patch-strategy'], /merge/);
  });

  for (const path of ['/livez', '/readyz', '/healthz']) {
    it(`${path} says ok`, async () => {
      const reply = await admin.get(path);
      assert.equal(reply.status, 200);
      assert.equal(reply.text, 'ok');
    });
  }

  it('/readyz?verbose lists checks', async () => {
    const reply = await admin.get('/readyz', { verbose: '' });
    assert.match(reply.text, /\[\+\]ping ok/);
    assert.match(reply.text, /check passed/);
  });

  it('an unknown group is 404 as text', async () => {
    const reply = await admin.get('/apis/nowhere.example.com');
    assert.equal(reply.status, 404);
    assert.match(reply.text, /404 page not found/);
  });

  it('an unknown resource of a known group version is 404 as text', async () => {
    const reply = await admin.get('/apis/apps/v1/nothings');
    assert.equal(reply.status, 404);
    assert.match(reply.text, /404 page not found|could not find the requested resource/);
  });

  it('a path outside of the API is a 404', async () => {
    const reply = await admin.get('/no/such/path');
    assert.equal(reply.status, 404);
  });

  it('discovery is readable for whoever is authenticated', async () => {
    const nobody = admin.as({ user: 'somebody-new', groups: ['system:authenticated'] });
    assertCode(await nobody.get('/apis'), 200);
    assertCode(await nobody.get('/version'), 200);
    assertCode(await nobody.get('/openapi/v2'), 200);
  });

  it('anonymous people may read /version and /livez only', async () => {
    const anonymous = admin.withToken(undefined);
    try {
      assertCode(await anonymous.get('/version'), 200);
      assertCode(await anonymous.get('/livez'), 200);
      assertStatus(await anonymous.get('/api/v1/namespaces'), 403, 'Forbidden', /system:anonymous/);
    } finally {
      await anonymous.close();
    }
  });
});
