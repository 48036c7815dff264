import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { configMap, widget, widgetCrd } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { consoleFixture, namesOf, rowOf, untilLive } from './console-fixture.ts';

const LIMIT = { timeout: 180_000 };
const fixture = await consoleFixture();
const { target } = fixture;
const namespace = await target.bareNamespace('explore');
const maps = `/api/v1/namespaces/${namespace}/configmaps`;
for (let index = 0; index < 12; index += 1)
  await target.make(maps, configMap(`map-${String(index).padStart(2, '0')}`));
const admin = await fixture.person(namespace, 'boss', 'admin');
const page = `/resources/configmaps?ns=${namespace}&sort=name`;

test('[EX1] rows are chosen by keyboard, acted on together, and all that match can be', LIMIT, async () => {
  const opened = await fixture.open(page, { token: admin.token });
  const { page: tab } = opened;
  const { keyboard } = tab;
  await untilLive(tab);
  await rowOf(tab, 'map-00').waitFor();
  await keyboard.press('j');
  await keyboard.press('Space');
  await keyboard.press('j');
  await keyboard.press('j');
  await keyboard.press('X');
  const bar = tab.getByRole('region', { name: 'Selection' });
  await bar.getByText('3 selected').waitFor();
  assert.equal(await tab.locator('.row[aria-selected="true"]').count(), 3);
  assert.deepEqual(await axeFindings(tab), []);
  await keyboard.press('Escape');
  await bar.waitFor({ state: 'detached' });
  await keyboard.press('x');
  await bar.getByRole('button', { name: /^Select all \d+ that match/ }).click();
  await bar.getByText(/^\d\d selected/).waitFor();
  await bar.getByRole('button', { name: 'Labels' }).click();
  await tab.getByRole('textbox', { name: 'Set' }).fill('team=blue');
  await tab.getByRole('button', { name: 'Apply' }).click();
  await tab.getByText(/^Label \d+ configmaps: team=blue: done/).waitFor({ timeout: 60_000 });
  const labelled = await target.admin.get(maps, { labelSelector: 'team=blue' });
  assert.ok((labelled.body.items as unknown[]).length >= 12);
  await opened.close();
});

test(
  '[UI32] what is opened before the rows follow the filter stays open; clearing it keeps the focus',
  LIMIT,
  async () => {
    const opened = await fixture.open(page, { token: admin.token });
    const { page: tab } = opened;
    const { keyboard } = tab;
    await untilLive(tab);
    await keyboard.press('/');
    await keyboard.type('map-0');
    await keyboard.press('Enter');
    await keyboard.press('j');
    await keyboard.press('Enter');
    await rowOf(tab, 'map-11').waitFor({ state: 'detached' });
    await tab.getByRole('complementary').waitFor();
    assert.deepEqual([...new URL(tab.url()).searchParams.keys()].toSorted(), ['ns', 'open', 'q', 'sort']);
    await tab.getByRole('button', { name: 'Clear the filter' }).press('Enter');
    await tab.getByRole('textbox', { name: 'Filter' }).and(tab.locator(':focus')).waitFor();
    await rowOf(tab, 'map-11').waitFor();
    await opened.close();
  },
);

test('[EX2] columns are chosen, last over a reload, and come back', LIMIT, async () => {
  const opened = await fixture.open(page, { token: admin.token });
  const { page: tab } = opened;
  await untilLive(tab);
  const heads = async (): Promise<string[]> =>
    (await tab.getByRole('columnheader').allTextContents()).map((text) => text.replace('Sort by ', ''));
  await pollUntil('all columns', async () => (await heads()).includes('Keys'));
  await tab.getByRole('button', { name: /^Columns/ }).click();
  assert.deepEqual(await axeFindings(tab), []);
  await tab.getByRole('option', { name: 'Keys' }).click();
  await pollUntil('one fewer', async () => !(await heads()).includes('Keys'));
  await tab.reload();
  await untilLive(tab);
  await pollUntil(
    'still one fewer',
    async () => (await heads()).includes('Name') && !(await heads()).includes('Keys'),
  );
  await tab.getByRole('button', { name: /^Columns/ }).click();
  await tab.getByRole('option', { name: 'As usual' }).click();
  await pollUntil('all again', async () => (await heads()).includes('Keys'));
  await opened.close();
});

test('[EX3, EX4] a view is copied as a command and taken away as a file', LIMIT, async () => {
  const opened = await fixture.open(`${page}&q=map-01`, { token: admin.token });
  const { page: tab } = opened;
  await untilLive(tab);
  await rowOf(tab, 'map-01').waitFor();
  await tab.getByRole('button', { name: 'This view' }).click();
  await tab.getByRole('menuitem', { name: 'Copy as kubectl' }).click();
  await tab.getByText(`kubectl get configmaps -n ${namespace}`).waitFor();
  assert.deepEqual(await axeFindings(tab), []);
  await tab.keyboard.press('Escape');
  await tab.getByRole('button', { name: 'This view' }).click();
  const [download] = await Promise.all([
    tab.waitForEvent('download'),
    tab.getByRole('menuitem', { name: 'Export as CSV' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'configmaps.csv');
  const text = await readFile(await download.path(), 'utf8');
  assert.deepEqual(
    text.split('\r\n').map((line) => line.split(',')[0]),
    ['Name', 'map-01', ''],
  );
  await opened.close();
});

test(
  '[EX5] columns of a custom kind follow its CRD; right-to-left and emoji texts stay in their cells',
  LIMIT,
  async () => {
    const group = `${target.unique('g')}.example.com`;
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const free = { name: 'Free', type: 'string', jsonPath: '.spec.free.text' };
    await target.make(crds, widgetCrd(group, { v1: { additionalPrinterColumns: [free] } }));
    const path = `/apis/${group}/v1/namespaces/${namespace}/widgets`;
    await pollUntil('the kind', async () => (await target.admin.get(path)).status === 200);
    const odd = `${'שלום עולם مرحبا '.repeat(20)}👩‍👩‍👧‍👦🏳️‍🌈<img src=x onerror=alert(1)>`;
    await target.make(path, widget(group, 'w', { size: 1, free: { text: odd } }));
    const { body } = await target.admin.post('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: target.unique('widgets') },
      rules: [{ apiGroups: [group], resources: ['widgets'], verbs: ['get', 'list', 'watch'] }],
    });
    const viewer = await fixture.person(namespace, 'widgeteer', body.metadata.name as string);
    const opened = await fixture.open(`/resources/${group}/v1/widgets?ns=${namespace}`, {
      token: viewer.token,
    });
    const { page: tab } = opened;
    await untilLive(tab);
    await rowOf(tab, 'w').waitFor();
    await tab.getByRole('columnheader', { name: 'Free' }).waitFor();
    const cell = (await tab.locator('.row .cell', { hasText: 'שלום' }).boundingBox())!;
    assert.ok(cell.height <= 40 && cell.x + cell.width <= 1440);
    assert.equal(await tab.locator('.row img').count(), 0);
    assert.deepEqual(await namesOf(tab), ['w']);
    const renamed = [{ name: 'Renamed', type: 'string', jsonPath: '.spec.free.text' }];
    await target.admin.patch(`${crds}/widgets.${group}`, 'application/json-patch+json', [
      { op: 'replace', path: '/spec/versions/0/additionalPrinterColumns', value: renamed },
    ]);
    await tab.getByRole('columnheader', { name: 'Renamed' }).waitFor();
    await opened.close();
  },
);

test('[EX6] every kind stands in its group, is found by typing, and is one step away', LIMIT, async () => {
  const opened = await fixture.open('/kinds', { token: admin.token });
  const { page: tab } = opened;
  await tab.getByRole('heading', { name: 'Workloads' }).waitFor();
  assert.deepEqual(await axeFindings(tab), []);
  await tab.getByRole('textbox', { name: 'Filter' }).fill('configm');
  await pollUntil('one kind', async () => (await tab.locator('.kinds-groups a').count()) === 1);
  await tab
    .locator('.kinds-groups')
    .getByRole('link', { name: /^ConfigMap/ })
    .click();
  await tab.waitForURL('**/resources/configmaps**');
  await untilLive(tab);
  await opened.close();
});

test(
  '[EX6] where no kind may be listed the page of kinds says so, and where one’s rights are',
  LIMIT,
  async () => {
    const nobody = await fixture.open('/kinds', { token: (await fixture.person(namespace, 'nobody')).token });
    await nobody.page.getByRole('heading', { name: 'There is no kind that you may list' }).waitFor();
    assert.deepEqual(await axeFindings(nobody.page), []);
    await nobody.page.getByRole('link', { name: 'See your rights' }).click();
    await nobody.page.waitForURL('**/me');
    await nobody.close();
  },
);

test('[EX6] kinds come and go while the page of all kinds is open, and its filter stays', LIMIT, async () => {
  const group = `${target.unique('g')}.example.com`;
  const rules = [{ apiGroups: [group], resources: ['widgets'], verbs: ['list', 'watch'] }];
  const { body } = await target.admin.post('/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: target.unique('widgets') },
    rules: [...rules, { apiGroups: [''], resources: ['pods', 'configmaps'], verbs: ['list', 'watch'] }],
  });
  const { token } = await fixture.person(namespace, 'follower', body.metadata.name as string);
  const opened = await fixture.open('/kinds', { token });
  const { page: tab } = opened;
  const facts = tab.locator('.kinds .filter-facts');
  await facts.locator('[data-truth="live"]').waitFor();
  await facts.getByText('2 kinds', { exact: true }).waitFor();
  await tab.keyboard.press('/');
  await tab.keyboard.type(group);
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { name: 'No kind matches' }).waitFor();
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await target.make(crds, widgetCrd(group));
  await tab
    .getByRole('region', { name: group })
    .getByRole('link', { name: /^Widget/ })
    .waitFor();
  await facts.getByText('1 of 3 kinds').waitFor();
  assert.equal(new URL(tab.url()).searchParams.get('q'), group);
  await tab.reload();
  await tab.getByRole('link', { name: /^Widget/ }).waitFor();
  await target.admin.delete(`${crds}/widgets.${group}`);
  await tab.getByRole('heading', { name: 'No kind matches' }).waitFor();
  await tab.getByRole('button', { name: 'Clear the filter' }).first().click();
  await facts.getByText('2 kinds', { exact: true }).waitFor();
  await tab.keyboard.press('Escape');
  await tab.keyboard.press('j');
  await tab.keyboard.press('j');
  await tab.keyboard.press('Enter');
  await tab.waitForURL('**/resources/configmaps');
  await opened.close();
});

test(
  '[UI31] without heads a picker says and chooses the order, by touch and by key, and the address keeps it',
  LIMIT,
  async () => {
    const opened = await fixture.open(`/resources/configmaps?ns=${namespace}&q=map-`, {
      token: admin.token,
      browser: PHONE,
    });
    const { page: tab } = opened;
    await untilLive(tab);
    await rowOf(tab, 'map-00').waitFor();
    const picker = (order: string) => tab.getByRole('button', { name: `Sort by: ${order}`, exact: true });
    const first = async (name: string): Promise<void> => {
      await pollUntil(`${name} to be first`, async () => (await namesOf(tab))[0] === name);
    };
    await picker('Name, ascending').tap();
    const chosen = tab.getByRole('option', { name: 'Name ascending' });
    await chosen.waitFor();
    assert.deepEqual(await axeFindings(tab), []);
    assert.equal(await tab.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    await chosen.tap();
    await tab.waitForURL(/sort=-name/);
    await first('map-11');
    await tab.reload();
    await untilLive(tab);
    await picker('Name, descending').waitFor();
    await first('map-11');
    await picker('Name, descending').focus();
    await tab.keyboard.press('Enter');
    await tab.getByRole('combobox', { name: 'Sort by' }).fill('age');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/sort=age/);
    await picker('Age, ascending').waitFor();
    assert.match(await tab.evaluate<string>('document.activeElement.textContent'), /^Sort by: Age/);
    await tab.setViewportSize({ width: 1440, height: 900 });
    await tab.getByRole('columnheader', { name: 'Age' }).waitFor();
    await tab.getByRole('button', { name: /^Sort by: / }).waitFor({ state: 'detached' });
    await opened.close();
  },
);
