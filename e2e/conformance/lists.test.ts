import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { namesOf } from '../harness/names-of.ts';
import { configMap, pod } from '../harness/objects.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('lists');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
const pods = `/api/v1/namespaces/${ns}/pods`;

await admin.post(maps, configMap('l-1', {}, { labels: { tier: 'web', env: 'prod' } }));
await admin.post(maps, configMap('l-2', {}, { labels: { tier: 'db', env: 'prod' } }));
await admin.post(maps, configMap('l-3', {}, { labels: { tier: 'web' } }));
for (let i = 0; i < 7; i++) await admin.post(maps, configMap(`page-${i}`, {}, { labels: { page: 'yes' } }));
const unscheduled = { schedulerName: 'nobody' };
await admin.post(pods, pod('f-1', undefined, { ...unscheduled, restartPolicy: 'Never' }));
await admin.post(pods, pod('f-2', undefined, unscheduled));

cases('label selectors', target, (it) => {
  for (const [selector, expected] of [
    ['tier=web', ['l-1', 'l-3']],
    ['tier==web', ['l-1', 'l-3']],
    ['tier=web,env=prod', ['l-1']],
    ['tier!=web,tier', ['l-2']],
    ['tier in (web,db),env', ['l-1', 'l-2']],
    ['tier notin (web),tier', ['l-2']],
    ['tier,!env', ['l-3']],
    ['tier in (cache)', []],
  ] as const) {
    it(`${selector} selects ${expected.join(' and ') || 'nothing'}`, async () => {
      assert.deepEqual(namesOf((await admin.get(maps, { labelSelector: selector })).body), expected);
    });
  }

  it('a selector that cannot be parsed is 400', async () => {
    assertStatus(
      await admin.get(maps, { labelSelector: 'a in (' }),
      400,
      'BadRequest',
      /a in \(|requirement|found/,
    );
    assertStatus(await admin.get(maps, { labelSelector: '=,=' }), 400, 'BadRequest');
  });
});

cases('field selectors', target, (it) => {
  it('metadata.name selects one', async () => {
    assert.deepEqual(namesOf((await admin.get(maps, { fieldSelector: 'metadata.name=l-2' })).body), ['l-2']);
  });

  it('metadata.namespace selects over all namespaces', async () => {
    const { body } = await admin.get('/api/v1/configmaps', {
      fieldSelector: `metadata.namespace=${ns},metadata.name!=l-1`,
      labelSelector: 'tier',
    });
    assert.deepEqual(namesOf(body), ['l-2', 'l-3']);
  });

  for (const [selector, expected] of [
    ['status.phase=Pending', ['f-1', 'f-2']],
    ['status.phase!=Pending', []],
    ['spec.nodeName=', ['f-1', 'f-2']],
    ['spec.restartPolicy=Never', ['f-1']],
    ['spec.schedulerName=nobody,metadata.name=f-2', ['f-2']],
    ['spec.nodeName=elsewhere', []],
  ] as const) {
    it(`pods by ${selector}`, async () => {
      assert.deepEqual(namesOf((await admin.get(pods, { fieldSelector: selector })).body), expected);
    });
  }

  it('a field that is not selectable is 400', async () => {
    assertStatus(
      await admin.get(pods, { fieldSelector: 'spec.hostname=x' }),
      400,
      'BadRequest',
      /field label not supported: spec\.hostname/,
    );
    assertStatus(
      await admin.get(maps, { fieldSelector: 'data.a=x' }),
      400,
      'BadRequest',
      /not a known field selector|field label not supported/,
    );
  });

  it('a malformed field selector is 400', async () => {
    assertStatus(await admin.get(pods, { fieldSelector: 'nonsense' }), 400, 'BadRequest', /nonsense/);
  });

  it('secrets can be selected by type, events by the object involved', async () => {
    assertCode(await admin.get(`/api/v1/namespaces/${ns}/secrets`, { fieldSelector: 'type=Opaque' }), 200);
    assertCode(
      await admin.get(`/api/v1/namespaces/${ns}/events`, {
        fieldSelector: 'involvedObject.kind=Pod,involvedObject.name=f-1',
      }),
      200,
    );
  });
});

cases(
  'pages',
  target,
  (it) => {
    const page = { labelSelector: 'page=yes', limit: 3 };

    it('limit and continue walk the list once', async () => {
      const seen: string[] = [];
      let next = '';
      do {
        const { body } = await admin.get(maps, { ...page, continue: next });
        seen.push(...namesOf(body));
        next = body.metadata.continue ?? '';
      } while (next !== '');
      assert.deepEqual(
        seen,
        [0, 1, 2, 3, 4, 5, 6].map((i) => `page-${i}`),
      );
    });

    it('a page says how many are left, when no selector filters', async () => {
      const { body } = await admin.get(maps, { limit: 3 });
      assert.equal(body.items.length, 3);
      const all = (await admin.get(maps)).body.items.length;
      assert.equal(body.metadata.remainingItemCount, all - 3);
    });

    it('with a selector there is no count', async () => {
      const { body } = await admin.get(maps, page);
      assert.equal(body.items.length, 3);
      assert.equal('remainingItemCount' in body.metadata, false);
    });

    it('later pages show the state of the first', async () => {
      const first = (await admin.get(maps, page)).body;
      await admin.post(maps, configMap('page-9', {}, { labels: { page: 'yes' } }));
      const rest = (await admin.get(maps, { ...page, limit: 100, continue: first.metadata.continue })).body;
      await admin.delete(`${maps}/page-9`);
      assert.deepEqual(namesOf(rest), ['page-3', 'page-4', 'page-5', 'page-6']);
      assert.equal(rest.metadata.resourceVersion, first.metadata.resourceVersion);
      assert.equal(rest.metadata.continue, undefined);
    });

    it('a made-up continue token is 400', async () => {
      assertStatus(
        await admin.get(maps, { ...page, continue: 'bm9uc2Vuc2U' }),
        400,
        'BadRequest',
        /continue key is not valid/,
      );
    });

    it('continue with a resourceVersion is 400', async () => {
      const first = (await admin.get(maps, page)).body;
      const reply = await admin.get(maps, {
        ...page,
        continue: first.metadata.continue,
        resourceVersion: first.metadata.resourceVersion,
      });
      assertStatus(
        reply,
        400,
        'BadRequest',
        /specifying resource version is not allowed when using continue/,
      );
    });

    it('a negative limit is refused or ignored without harm', async () => {
      const reply = await admin.get(maps, { limit: 'many' });
      assertStatus(reply, 400, 'BadRequest', /many/);
    });
  },
  { concurrency: 1 },
);

cases('resource versions of lists and gets', target, (it) => {
  it('0 answers from the cache', async () => {
    const { status, body } = await admin.get(maps, { resourceVersion: 0 });
    assert.equal(status, 200);
    assert.ok(body.items.length >= 3);
  });

  it('Exact answers the state of then', async () => {
    const before = (await admin.get(maps, { labelSelector: 'tier' })).body.metadata.resourceVersion;
    await admin.post(maps, configMap('l-new', {}, { labels: { tier: 'new' } }));
    const { body } = await admin.get(maps, {
      labelSelector: 'tier',
      resourceVersion: before,
      resourceVersionMatch: 'Exact',
    });
    assert.equal(namesOf(body).includes('l-new'), false);
    assert.equal(body.metadata.resourceVersion, before);
    await admin.delete(`${maps}/l-new`);
  });

  it('NotOlderThan answers at least that state', async () => {
    const made = (await admin.post(maps, configMap('fresh', {}, { labels: { fresh: 'yes' } }))).body;
    const { body } = await admin.get(maps, {
      labelSelector: 'fresh',
      resourceVersion: made.metadata.resourceVersion,
      resourceVersionMatch: 'NotOlderThan',
    });
    assert.deepEqual(namesOf(body), ['fresh']);
    assert.ok(BigInt(body.metadata.resourceVersion) >= BigInt(made.metadata.resourceVersion));
  });

  it('a version of the future is 504 with a hint to retry', async () => {
    const future = String(BigInt((await admin.get(maps)).body.metadata.resourceVersion) + 1_000_000n);
    const reply = await admin.get(maps, { resourceVersion: future, resourceVersionMatch: 'NotOlderThan' });
    assertStatus(reply, 504, 'Timeout', /Too large resource version: \d+, current: \d+/);
    assert.equal(reply.body.details.causes[0].reason, 'ResourceVersionTooLarge');
    assert.equal(reply.body.details.retryAfterSeconds, 1);
  });

  it('resourceVersionMatch without resourceVersion is 422', async () => {
    const reply = await admin.get(maps, { resourceVersionMatch: 'Exact' });
    assertStatus(
      reply,
      422,
      'Invalid',
      /resourceVersionMatch is forbidden unless resourceVersion is provided/,
    );
  });

  it('Exact with 0 is 422', async () => {
    const reply = await admin.get(maps, { resourceVersion: 0, resourceVersionMatch: 'Exact' });
    assertStatus(reply, 422, 'Invalid', /resourceVersionMatch "exact" is forbidden for resourceVersion "0"/);
  });

  it('an unknown resourceVersionMatch is 422', async () => {
    const reply = await admin.get(maps, { resourceVersion: 5, resourceVersionMatch: 'About' });
    assertStatus(reply, 422, 'Invalid', /resourceVersionMatch: Unsupported value: "About"/);
  });

  it('a resourceVersion that is no number is 400', async () => {
    assertStatus(await admin.get(maps, { resourceVersion: 'abc' }), 400, 'BadRequest', /[Ii]nvalid/);
  });

  it('get takes a minimum version', async () => {
    const made = (await admin.post(maps, configMap('got'))).body;
    assertCode(await admin.get(`${maps}/got`, { resourceVersion: made.metadata.resourceVersion }), 200);
    assertCode(await admin.get(`${maps}/got`, { resourceVersion: 0 }), 200);
  });
});
