import assert from 'node:assert/strict';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { configMap } from '../harness/objects.ts';

// Version 1 is long gone on a real cluster; a sandbox of its own forgets it after a few changes.
const target = await suiteTarget({ historyLimit: 50 });
const { admin } = target;
const ns = await target.namespace('expired');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
for (let i = 0; i < 80; i++) assertCode(await admin.post(maps, configMap(`m-${i}`)), 201);

/**
 * Kubernetes has etcd forget what is older than five to ten minutes, and its watch cache starts with the API server: a cluster
 * that just came up still knows all.
 */
const young = {
  skip:
    target.kind === 'cluster' && (await remembersAll())
      ? 'this cluster is too young to have forgotten anything'
      : undefined,
};

async function remembersAll(): Promise<boolean> {
  const exact = await admin.get(maps, { resourceVersion: 1, resourceVersionMatch: 'Exact' });
  const watch = await admin.open('GET', maps, { query: { watch: 1, resourceVersion: 1, timeoutSeconds: 1 } });
  return exact.status === 200 || !(await watch.body.text()).includes('"code":410');
}

cases('what is too old', target, (define) => {
  const it = (title: string, body: () => Promise<void>): void => define(title, body, young);
  it('a resourceVersion of long ago gets an ERROR event with 410', async () => {
    const response = await admin.open('GET', maps, { query: { watch: 1, resourceVersion: 1 } });
    const text = await response.body.text();
    assert.equal(response.statusCode, 200, text);
    const event = JSON.parse(text);
    assert.equal(event.type, 'ERROR');
    assert.equal(event.object.kind, 'Status');
    assert.equal(event.object.code, 410);
    assert.equal(event.object.reason, 'Expired');
    assert.match(event.object.message, /too old resource version: 1 \(\d+\)/);
  });

  it('a continue token of long ago is 410 Expired and offers an inconsistent one', async () => {
    const token = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 1, start: 'page-2\u0000' })).toString(
      'base64url',
    );
    const reply = await admin.get(maps, { limit: 3, continue: token });
    assertStatus(
      reply,
      410,
      'Expired',
      /The provided continue parameter is too old to display a consistent list result/,
    );
    const again = await admin.get(maps, { limit: 3, continue: reply.body.metadata.continue });
    assertCode(again, 200);
  });

  it('an exact version of long ago is 410 Expired', async () => {
    const reply = await admin.get(maps, { resourceVersion: 1, resourceVersionMatch: 'Exact' });
    assertStatus(
      reply,
      410,
      'Expired',
      /too old resource version|The resourceVersion for the provided list is too old/,
    );
  });
});
