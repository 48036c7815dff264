import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Overview } from '@krateyard/workspace/contract/overview';
import { Api } from '../harness/api.ts';
import { axeFindings } from '../harness/browser.ts';
import { configMap, deployment } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { consoleFixture, rowOf, untilLive, untilOverview } from './console-fixture.ts';

/** An API server of which only the oldest parts are there: no metrics, no CustomResourceDefinitions, discovery group by group. */
const LIMIT = { timeout: 180_000 };
const fixture = await consoleFixture({ without: ['metrics', 'custom-resources', 'aggregated-discovery'] });
const { target, gateway } = fixture;
const namespace = await target.namespace('bare');
await target.make(`/api/v1/namespaces/${namespace}/configmaps`, configMap('here'));
await target.make(`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment('web', 2));
const admin = await fixture.person(namespace, 'boss', 'admin');
await target.make('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: target.unique('boss') },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', name: 'boss', namespace }],
});

test(
  '[WR10] kinds are known from discovery group by group, with their short names and subresources',
  LIMIT,
  async () => {
    const api = new Api({ server: gateway.origin, token: admin.token });
    const { body } = await api.get('/api/resources');
    const kinds = (body as { items: Wire[] }).items;
    const deployments = kinds.find(({ resource }) => resource === 'deployments')!;
    assert.deepEqual(deployments['shortNames'], ['deploy']);
    assert.ok((deployments['subresources'] as string[]).includes('scale'));
    assert.ok(!kinds.some(({ group }) => group === 'apiextensions.k8s.io' || group === 'metrics.k8s.io'));
    const missing = await api.get('/api/resources/crds');
    assert.equal(missing.status, 404);
    assert.equal((missing.body as Wire).reason, 'NotFound');
    await api.close();
  },
);

test('[WR10] the overview says that usage is not measured, and nothing else is missing', LIMIT, async () => {
  const api = new Api({ server: gateway.origin, token: admin.token });
  const { ingredients } = await pollUntil('the overview', async () => {
    const { status, body } = await api.get('/api/overview');
    return status === 200 && (body as Overview);
  });
  const dark = ingredients.filter(({ state }) => state !== 'all');
  assert.deepEqual(dark.map(({ name }) => name).toSorted(), ['nodeUsage', 'podUsage']);
  await api.close();
});

test('[WR10] every page of the console works without metrics and custom resources', LIMIT, async () => {
  const opened = await fixture.open('/overview', { token: admin.token });
  opened.expectRefusals();
  const { page } = opened;
  await untilOverview(page);
  await page
    .getByText(/metrics.k8s.io|metrics-server|not measured/i)
    .first()
    .waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.goto(`/resources/pods?ns=${namespace}`);
  await untilLive(page);
  await page.locator('.row').nth(1).waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'CPU used' }).count(), 0);
  await page.goto(`/resource/deployments/web?ns=${namespace}`);
  await page.locator('.summary .verdict').waitFor();
  await page.goto('/kinds');
  await page
    .getByRole('link', { name: /^ConfigMap/ })
    .first()
    .waitFor();
  assert.equal(await page.getByRole('link', { name: /^CustomResourceDefinition/ }).count(), 0);
  await page.goto('/resources/crds');
  await page.getByRole('heading', { name: /serves no/ }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find anything' }).fill('web');
  await page.getByRole('option', { name: /web/ }).first().waitFor();
  await page.keyboard.press('Escape');
  await page.goto(`/resources/configmaps?ns=${namespace}`);
  await rowOf(page, 'here').waitFor();
  await opened.close();
});

test('[WR10] the room of machines is dark and says which definitions are missing', LIMIT, async () => {
  const opened = await fixture.open('/overview', { token: admin.token });
  const { page } = opened;
  await untilOverview(page);
  const features = await opened.context.request.get('/api/features');
  const { features: rooms } = (await features.json()) as { features: Wire[] };
  const vms = rooms.find(({ name }) => name === 'vms')!;
  assert.equal(vms['state'], 'dark');
  await opened.close();
});
