import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { MERGE_PATCH, STRATEGIC_PATCH } from '../harness/api.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { configMap } from '../harness/objects.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('errors');
const maps = `/api/v1/namespaces/${ns}/configmaps`;

cases('errors', target, (it) => {
  it('a body that is no JSON is 400', async () => {
    const reply = await admin.ask('POST', maps, { body: '{"apiVersion": "v1", ' });
    assertStatus(reply, 400, 'BadRequest');
  });

  it('an empty body is 400', async () => {
    assertStatus(await admin.ask('POST', maps, { body: '' }), 400, 'BadRequest');
  });

  it('a body of another kind is 400', async () => {
    const reply = await admin.post(maps, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } });
    assertStatus(reply, 400, 'BadRequest', /^Secret in version "v1" cannot be handled as a ConfigMap/);
  });

  it('a body of an unknown kind is 400', async () => {
    const reply = await admin.post(maps, { apiVersion: 'v1', kind: 'Nonsense', metadata: { name: 'x' } });
    assertStatus(reply, 400, 'BadRequest', /Nonsense/);
  });

  it('a body without kind takes that of the path', async () => {
    assertCode(await admin.post(maps, { metadata: { name: 'kindless' } }), 201);
  });

  it('an array as body is 400', async () => {
    assertStatus(await admin.post(maps, [configMap('x')]), 400, 'BadRequest');
  });

  it('a method that is not served is 405', async () => {
    const reply = await admin.ask('POST', `${maps}/x`, { body: configMap('x') });
    assertStatus(
      reply,
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    );
    assertStatus(await admin.ask('PUT', maps, { body: configMap('x') }), 405, 'MethodNotAllowed');
    assertStatus(
      await admin.ask('DELETE', `/api/v1/namespaces/${ns}/services/x/status`),
      405,
      'MethodNotAllowed',
    );
  });

  it('an Accept that cannot be served is 406', async () => {
    const reply = await admin.get(maps, {}, { accept: 'text/html' });
    assertStatus(reply, 406, 'NotAcceptable', /application\/json/);
  });

  it('a Content-Type that cannot be read is 415', async () => {
    const reply = await admin.ask('POST', maps, { body: 'x', contentType: 'text/plain' });
    assertStatus(
      reply,
      415,
      'UnsupportedMediaType',
      /the body of the request was in an unknown format - accepted media types include: application\/json/,
    );
  });

  it('an object that is too large is 413 or 422', async () => {
    const reply = await admin.post(maps, configMap('large', { a: 'x'.repeat(1024 * 1024 + 1) }));
    assertStatus(reply, 422, 'Invalid', /Too long: may not be more than 1048576 bytes/);
    const huge = await admin.post(maps, configMap('huge', { a: 'x'.repeat(4 * 1024 * 1024) }));
    assertStatus(huge, 413, 'RequestEntityTooLarge', /Request body is too large|limit is 3145728/);
  });

  it('annotations beyond 256 KiB are 422', async () => {
    const reply = await admin.post(
      maps,
      configMap('wordy', {}, { annotations: { a: 'x'.repeat(256 * 1024 + 1) } }),
    );
    assertStatus(reply, 422, 'Invalid', /metadata\.annotations: Too long: may not be more than 262144 bytes/);
  });

  it('a ConfigMap key with odd characters is 422', async () => {
    const reply = await admin.post(maps, configMap('keys', { 'not ok': '1' }));
    assertStatus(reply, 422, 'Invalid', /data\[not ok\]: Invalid value: "not ok"/);
  });

  it('a pod without containers is 422', async () => {
    const reply = await admin.post(`/api/v1/namespaces/${ns}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'empty' },
      spec: { containers: [] },
    });
    assertStatus(reply, 422, 'Invalid', 'Pod "empty" is invalid: spec.containers: Required value');
    assert.deepEqual(reply.body.details.causes, [
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' },
    ]);
  });

  it('a pod with two containers of one name is 422', async () => {
    const reply = await admin.post(`/api/v1/namespaces/${ns}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'twins' },
      spec: {
        containers: [
          { name: 'a', image: 'x' },
          { name: 'a', image: 'x' },
        ],
      },
    });
    assertStatus(reply, 422, 'Invalid', /spec\.containers\[1\]\.name: Duplicate value: "a"/);
  });

  it('the containers of a pod cannot be changed, but for their image', async () => {
    const pods = `/api/v1/namespaces/${ns}/pods`;
    await admin.post(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'set' },
      spec: { schedulerName: 'nobody', containers: [{ name: 'a', image: 'x' }] },
    });
    const reply = await admin.patch(`${pods}/set`, MERGE_PATCH, {
      spec: { containers: [{ name: 'a', image: 'x', command: ['y'] }] },
    });
    assertStatus(
      reply,
      422,
      'Invalid',
      /spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/,
    );
    assertCode(
      await admin.patch(`${pods}/set`, STRATEGIC_PATCH, {
        spec: { containers: [{ name: 'a', image: 'z' }] },
      }),
      200,
    );
  });

  it('a service with a port out of range is 422', async () => {
    const reply = await admin.post(`/api/v1/namespaces/${ns}/services`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { ports: [{ port: 70_000 }] },
    });
    assertStatus(
      reply,
      422,
      'Invalid',
      /spec\.ports\[0\]\.port: Invalid value: 70000: must be between 1 and 65535, inclusive/,
    );
  });

  it('a namespaced resource without its namespace can be listed but not made', async () => {
    const reply = await admin.post('/api/v1/configmaps', configMap('nowhere'));
    assert.equal(reply.status, 405);
  });

  it('a cluster resource below a namespace is 404', async () => {
    assertCode(await admin.get(`/api/v1/namespaces/${ns}/nodes`), 404);
  });

  it('an unknown subresource is 404', async () => {
    await admin.post(maps, configMap('plain'));
    assertCode(await admin.get(`${maps}/plain/status`), 404);
  });

  it('a quota that is used up is 403', async () => {
    const own = await target.namespace('quota');
    await admin.post(`/api/v1/namespaces/${own}/resourcequotas`, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none' },
      spec: { hard: { secrets: '0' } },
    });
    const made: number[] = [];
    for (let i = 0; i < 100 && !made.includes(403); i++) {
      const reply = await admin.post(`/api/v1/namespaces/${own}/secrets`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `s-${i}` },
      });
      made.push(reply.status);
      if (reply.status === 403)
        assertStatus(reply, 403, 'Forbidden', /exceeded quota: none|status unknown for quota: none/);
    }
    assert.ok(made.includes(403), 'the quota was never felt');
  });
});
