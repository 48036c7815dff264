import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Overview } from '@krateyard/workspace/contract/overview';
import { Api } from '../harness/api.ts';
import { axeFindings } from '../harness/browser.ts';
import { configMap, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { WatchClient } from '../rooms/watch-client.ts';
import { consoleFixture, rowOf, untilLive } from './console-fixture.ts';

/** A thousand namespaces, and one person who was given each of them by a binding of its own. */
const LIMIT = { timeout: 300_000 };
const COUNT = 1000;
const AT_ONCE = 20;
/** Some thousand questions to the API server, on a machine with much else to do. */
const PATIENCE = { deadlineMs: 120_000 };

const fixture = await consoleFixture();
const { target, gateway } = fixture;
const nameOf = (index: number): string => `tenant-${String(index).padStart(4, '0')}`;
const home = await target.bareNamespace('people');
const many = await fixture.person(home, 'many');
const boss = await bossOf('boss');
await fill();

/** Everybody waits for a real cluster's controllers, but no pod has to run here. */
async function fill(): Promise<void> {
  const left = Array.from({ length: COUNT }, (_, index) => nameOf(index));
  const work = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await fillOne(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function fillOne(name: string): Promise<void> {
  const core = `/api/v1/namespaces/${name}`;
  await target.make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await target.make(`${core}/configmaps`, configMap('here'));
  await target.make(`${core}/pods`, pod('waits', undefined, { schedulerName: 'nobody' }));
  await target.make(`/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'many' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'many', namespace: home }],
  });
}

async function bossOf(name: string): Promise<{ token: string }> {
  const found = await fixture.person(home, name);
  await target.make('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: target.unique('boss') },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name, namespace: home }],
  });
  return found;
}

const pickerLines = (page: Page) => page.locator('.picker-item');

test(
  '[WP16] rights in a thousand namespaces, one by one, are one watch and all their objects',
  LIMIT,
  async () => {
    const client = await WatchClient.open(gateway.origin, many.token);
    const stream = await client.subscribe({ id: 'all', kind: 'configmaps', search: 'here' }, PATIENCE);
    assert.equal(stream.total, COUNT);
    const later = nameOf(500);
    await target.make(`/api/v1/namespaces/${later}/configmaps`, configMap('here-too'));
    await pollUntil('the new one', () => stream.objects.has(`${later}/here-too`));
    const api = new Api({ server: gateway.origin, token: many.token });
    const metrics = (await api.get('/metrics')).text;
    const watches = metrics.match(/^krateyard_cache_objects\{[^}]*resource="configmaps"[^}]*\} /gm) ?? [];
    assert.ok(watches.length <= 1, `${watches.length} watches of config maps`);
    // What takes the gateway too long is left out, and known the next time.
    const { body } = await pollUntil(
      'the namespaces',
      async () => {
        const answer = await api.get('/api/cluster');
        return (answer.body as Wire).namespaces !== undefined && answer;
      },
      PATIENCE,
    );
    assert.equal((body as Wire).namespaces.length, COUNT);
    await api.close();
    await client.close();
  },
);

test('[WP16] 500 namespaces may be named at once, more are refused and nothing else is', LIMIT, async () => {
  const client = await WatchClient.open(gateway.origin, many.token);
  const names = Array.from({ length: 501 }, (_, index) => nameOf(index));
  const most = await client.subscribe({
    id: 'most',
    kind: 'configmaps',
    search: 'here',
    namespaces: names.slice(1),
  });
  assert.ok(most.total >= 500);
  client.send({ type: 'subscribe', id: 'more', kind: 'configmaps', namespaces: names });
  const refused = await client.frame('error');
  assert.equal(refused.status.reason, 'BadRequest');
  client.send({ type: 'ping', nonce: 'alive' });
  await client.frame('pong');
  await client.close();
});

test('[OV13] the overview of who was given each namespace has all of them', LIMIT, async () => {
  const api = new Api({ server: gateway.origin, token: many.token });
  const { status, body } = await api.get('/api/overview');
  assert.equal(status, 200);
  const { namespaces, ingredients } = body as Overview;
  assert.equal(namespaces.length, COUNT);
  const seen = Object.fromEntries(ingredients.map(({ name, namespaces: count }) => [name, count]));
  assert.equal(seen['pods'], COUNT);
  assert.equal(seen['deployments'], 100);
  await api.close();
});

test(
  '[EX7] a thousand namespaces are picked from by typing, and the chosen one is in sight',
  LIMIT,
  async () => {
    const opened = await fixture.open('/resources/configmaps', { token: boss.token });
    const { page } = opened;
    await untilLive(page);
    await page.keyboard.press('n');
    await page.getByText(/\d+ more: type to find them/).waitFor();
    assert.equal(await pickerLines(page).count(), 250);
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.type('0987');
    await pollUntil('one line', async () => (await pickerLines(page).count()) === 1);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.waitForURL('**/resources/configmaps?ns=tenant-0987');
    await rowOf(page, 'here').first().waitFor();
    await page.keyboard.press('n');
    const chosen = page.locator('.picker-item[aria-selected="true"]');
    await chosen.getByText('tenant-0987').waitFor();
    assert.ok(await chosen.isVisible());
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('ns'));
    await opened.close();
  },
);

test('[EX7] all kinds of a person with a thousand bindings are listed', LIMIT, async () => {
  const opened = await fixture.open('/kinds', { token: many.token });
  const { page } = opened;
  await page
    .getByRole('link', { name: /^Deployment/ })
    .first()
    .waitFor();
  await opened.close();
});

test(
  '[OV13] a thousand namespaces in the overview: a few rows first, a hundred more at a time',
  LIMIT,
  async () => {
    for (const { token } of [boss, many]) {
      const opened = await fixture.open('/overview', { token });
      const { page } = opened;
      await page.locator('.overview-bar [data-truth="live"]').waitFor({ timeout: PATIENCE.deadlineMs });
      const part = page.getByRole('region', { name: 'Namespaces' });
      await part
        .getByText(/^1,0\d\d$/)
        .first()
        .waitFor();
      const rows = part.locator('tbody tr');
      assert.equal(await rows.count(), 8);
      await part.getByRole('button', { name: /^Show 100 more of/ }).click();
      await pollUntil('more rows', async () => (await rows.count()) === 108);
      const told = page.getByText(/: in 100 of 1,000 namespaces/);
      if (token === many.token) await told.waitFor();
      else assert.equal(await told.count(), 0);
      await opened.close();
    }
  },
);
