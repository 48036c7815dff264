import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIResponse, BrowserContext, Page } from 'playwright-core';
import { axeFindings } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { untilLive } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

/** Pages of single objects, on the embedded cluster: it has a living object of nearly every kind. */
const LIMIT = { timeout: 240_000 };
const { gateway, openAs } = await demoFixture();

const ORIGIN = { origin: gateway.origin };

async function make(context: BrowserContext, kind: string, namespace: string, object: object): Promise<void> {
  const query = namespace === '' ? '' : `?ns=${namespace}`;
  const answer = await context.request.post(`/api/resources/${kind}${query}`, {
    data: object,
    headers: ORIGIN,
  });
  assert.equal(answer.status(), 201, await answer.text());
}

const patch = (context: BrowserContext, path: string, change: object): Promise<APIResponse> =>
  context.request.patch(path, {
    data: JSON.stringify(change),
    headers: { ...ORIGIN, 'content-type': 'application/merge-patch+json' },
  });

/** Follows an address as a link of the page does. Resolves when the page is that of its object. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
  const name = decodeURIComponent(path.replace(/\?.*/, '').split('/').at(-1)!);
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

async function firstOf(context: BrowserContext, kind: string, query = ''): Promise<string | undefined> {
  const answer = await context.request.get(`/api/resources/${kind}?limit=1&sort=name${query}`);
  const { items } = (await answer.json()) as { items?: { metadata: { name: string; namespace?: string } }[] };
  const [first] = items ?? [];
  if (!first) return undefined;
  const { name, namespace } = first.metadata;
  return `/resource/${kind}/${encodeURIComponent(name)}${namespace === undefined ? '' : `?ns=${namespace}`}`;
}

const KINDS = [
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'apps/v1/replicasets',
  'batch/v1/jobs',
  'batch/v1/cronjobs',
  'services',
  'ingresses',
  'configmaps',
  'secrets',
  'pvcs',
  'v1/persistentvolumes',
  'storage.k8s.io/v1/storageclasses',
  'v1/nodes',
  'namespaces',
  'events',
  'crds',
  'v1/serviceaccounts',
  'v1/resourcequotas',
  'policy/v1/poddisruptionbudgets',
  'autoscaling/v2/horizontalpodautoscalers',
  'rbac.authorization.k8s.io/v1/clusterroles',
  'rbac.authorization.k8s.io/v1/clusterrolebindings',
  'rbac.authorization.k8s.io/v1/rolebindings',
  'coordination.k8s.io/v1/leases',
] as const;

const OVERFLOW = 'document.scrollingElement.scrollWidth > innerWidth';

test('[OP7] the page of every kind opens without a complaint', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page, context } = opened;
  let seen = 0;
  for (const kind of KINDS) {
    const path = await firstOf(context, kind);
    if (path === undefined) continue;
    await follow(page, path);
    await page.locator('.object-page .summary').waitFor();
    assert.equal(await page.evaluate(OVERFLOW), false, kind);
    seen += 1;
  }
  assert.ok(seen >= 18, `${seen} kinds`);
  await opened.close();
});

test(
  '[OP10] each tab of a page is reached by its key, says what it is, and has no serious finding',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resource/deployments/storefront?ns=shop');
    const { page } = opened;
    await page.locator('.summary .verdict').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    for (const [key, ready] of [
      ['2', '.graph-node'],
      ['3', '.events, .notice'],
      ['4', '.cm-content'],
      ['5', '.object-body-history'],
      ['6', '.mini-table'],
    ] as const) {
      await page.keyboard.press(key);
      await page.locator(ready).first().waitFor();
      assert.deepEqual(await axeFindings(page), [], key);
    }
    assert.match(page.url(), /tab=access/);
    await page.keyboard.press('1');
    await page.locator('.summary').waitFor();
    await opened.close();
  },
);

test(
  '[OP10] relations are walked by arrow keys, and what is gone to can be come back from',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resource/services/storefront?ns=shop&tab=relations');
    const { page } = opened;
    const node = page.locator('.graph-to .graph-node').filter({ hasText: 'storefront-' }).first();
    await node.waitFor();
    const first = page.locator('.graph-node').first();
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/tab=relations/);
    await page.waitForURL((url) => !url.pathname.endsWith('/services/storefront'));
    await page.locator('.graph-node').first().waitFor();
    await page.goBack();
    await page.locator('.graph-self', { hasText: 'storefront' }).waitFor();
    await opened.close();
  },
);

const ODD = 'مرحبا 👩‍🚀 <img src=x onerror=alert(1)>';

test(
  '[OP7] odd objects show as what they are: names, texts, sizes and shapes of every sort',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/configmaps');
    const { page, context } = opened;
    const name = `odd.${'a-b.'.repeat(58)}z`;
    await make(context, 'configmaps', 'shop', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, annotations: { 'example.com/odd': ODD } },
      data: { large: '0123456789'.repeat(90_000), odd: ODD },
    });
    const role = 'krateyard:Odd_Role.v1';
    await make(context, 'rbac.authorization.k8s.io/v1/clusterroles', '', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: role },
      rules: [],
    });
    let deep: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < 30; level += 1)
      deep = { type: 'object', properties: { [`level${level}`]: deep } };
    await make(context, 'crds', '', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'odds.odd.example.com' },
      spec: {
        group: 'odd.example.com',
        scope: 'Namespaced',
        names: { plural: 'odds', singular: 'odd', kind: 'Odd' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
                properties: { spec: { ...deep, 'x-kubernetes-preserve-unknown-fields': true } },
              },
            },
            additionalPrinterColumns: [{ name: 'Broken', type: 'date', jsonPath: '.spec.none[?(@.x=="]' }],
          },
        ],
      },
    });
    await pollUntil('the kind', async () => {
      const answer = await context.request.get('/api/resources/odd.example.com/v1/odds');
      return answer.ok();
    });
    await make(context, 'odd.example.com/v1/odds', 'shop', {
      apiVersion: 'odd.example.com/v1',
      kind: 'Odd',
      metadata: { name: 'odd' },
      spec: { text: ODD, when: '2199-01-01T00:00:00Z' },
      status: {
        conditions: [
          'none',
          { type: 'Ready', status: 'True', lastTransitionTime: '2199-01-01T00:00:00Z' },
          7,
        ],
      },
    });
    for (const path of [
      `/resource/configmaps/${name}?ns=shop`,
      `/resource/rbac.authorization.k8s.io/v1/clusterroles/${role}`,
      '/resource/crds/odds.odd.example.com',
      '/resource/odd.example.com/v1/odds/odd?ns=shop',
    ]) {
      for (const tab of ['', 'relations', 'yaml', 'access']) {
        const at = `${path}${path.includes('?') ? '&' : '?'}tab=${tab}`;
        await (tab === '' ? page.goto(at) : follow(page, at));
        await page.locator('.object-page h1').waitFor();
        await page.locator('.summary, .graph, .cm-content, .mini-table, .notice').first().waitFor();
        assert.equal(await page.evaluate(OVERFLOW), false, at);
        assert.equal(await page.locator('.object-page img:not(.cm-widgetBuffer)').count(), 0);
      }
    }
    await opened.close();
  },
);

/** Presses Tab until what is so named has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    const here = await page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
    if (here === name) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${name}`);
}

test(
  '[YE1, YE3, YE4, YE6] an edit by keyboard: kept over a reload, in conflict with another, decided, reviewed and saved',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/configmaps');
    const { page, context } = opened;
    opened.expectRefusals();
    await make(context, 'configmaps', 'shop', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'edited' },
      data: { a: 'same', z: 'red' },
    });
    await page.goto('/resource/configmaps/edited?ns=shop');
    await page.locator('.summary').waitFor();
    await page.keyboard.press('e');
    const text = page.locator('.cm-content');
    await text.getByText('red').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Backspace');
    for (let count = 0; count < 3; count += 1) await page.keyboard.press('Backspace');
    await page.keyboard.type('blue');
    await text.getByText('blue').waitFor();
    await page.reload();
    await page.locator('.cm-content').getByText('blue').waitFor();
    await page.getByText(/Your draft of/).waitFor();
    const path = '/api/resource/configmaps/edited?ns=shop';
    assert.equal((await patch(context, path, { data: { a: 'other', z: 'green' } })).status(), 200);
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { name: 'Changed by you and by somebody else' }).waitFor();
    assert.deepEqual(await page.locator('.conflict legend').allTextContents(), ['data.z']);
    assert.deepEqual(await axeFindings(page), []);
    await tabTo(page, 'All mine');
    await page.keyboard.press('Enter');
    await page.locator('.conflict-side[data-chosen]').first().waitFor();
    await page.getByRole('button', { name: 'All mine' }).and(page.locator(':focus')).waitFor();
    await tabTo(page, 'Go on with these');
    await page.keyboard.press('Enter');
    await page.locator('.cm-changedLine, .cm-deletedChunk').first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await page.getByText(/edited: saved/).waitFor();
    const saved = (await (await context.request.get(path)).json()) as { data: object };
    assert.deepEqual(saved.data, { a: 'other', z: 'blue' });
    await page.locator('.cm-content').getByText('blue').waitFor();
    await page.keyboard.press('5');
    await page.locator('.history-line').nth(1).waitFor();
    await opened.close();
  },
);

test('[YE1] what cannot be read or would be refused is said, and the text stays', LIMIT, async () => {
  const opened = await openAs('admin', '/resource/configmaps/shop-settings?ns=shop&tab=yaml&edit=1');
  const { page } = opened;
  opened.expectRefusals();
  await page.locator('.cm-content').getByText('CURRENCY').waitFor();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('nonsense: [');
  await page.keyboard.press('Control+s');
  await page
    .getByRole('alert')
    .filter({ hasText: /Line \d+/ })
    .waitFor();
  await page.locator('.cm-content').getByText('nonsense').waitFor();
  await page.getByRole('button', { name: 'Discard the draft' }).click();
  await page.getByRole('button', { name: 'Edit e' }).waitFor();
  await opened.close();
});

test('[OP6] the last events stand in the summary, and lead to the others', LIMIT, async () => {
  const opened = await openAs('admin', '/resource/pvcs/archive?ns=data');
  const { page } = opened;
  await page.locator('.summary .events').getByText('ProvisioningFailed').first().waitFor();
  assert.deepEqual(await axeFindings(page), []);
  // One for each of its pods: more than a summary has room for.
  await page.goto('/resources/events?ns=shop&q=storefront');
  await page.locator('.row a.lead', { hasText: 'replicaset/storefront-' }).first().click();
  await page
    .locator('.summary')
    .getByRole('link', { name: /^\d+ more$/ })
    .click();
  await page.waitForURL(/tab=events/);
  await page.locator('.events > li').nth(3).waitFor();
  await opened.close();
});

test('[OP9] a value of a Secret shows when asked for, and is gone again', LIMIT, async () => {
  const opened = await openAs('admin', '/resource/secrets/shop-database?ns=shop');
  const { page } = opened;
  await page.getByRole('button', { name: 'Reveal DATABASE_URL' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('audit log').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await dialog.getByRole('button', { name: 'Reveal', exact: true }).click();
  await page.getByText('postgres://shop').waitFor();
  await page.getByRole('button', { name: 'Hide', exact: true }).click();
  await page.getByRole('button', { name: 'Reveal DATABASE_URL' }).waitFor();
  assert.ok(!(await page.content()).includes('postgres://'));
  await opened.close();
});

test('[YE7] objects are made from a template: dry run, creation, and the way to them', LIMIT, async () => {
  const opened = await openAs('admin', '/create?ns=shop&template=configmap');
  const { page } = opened;
  await page.locator('.cm-content').getByText('LOG_LEVEL').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.keyboard.press('Control+s');
  await page.getByText('will be created').waitFor();
  await page.getByRole('button', { name: 'Create 1 object' }).click();
  await page.getByText('created', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'settings', exact: true }).click();
  await page.locator('.object-page .entries').getByText('LOG_LEVEL').waitFor();
  await opened.close();
});

test('[YE8] a form is reached, filled and sent by keyboard', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/deployments?ns=shop');
  const { page } = opened;
  await untilLive(page);
  await page.getByRole('button', { name: 'Create Deployment' }).waitFor();
  await page.keyboard.press('N');
  await page.getByRole('region', { name: 'Form: Deployment and Service' }).waitFor();
  await page.getByRole('textbox', { name: 'Name', exact: true }).and(page.locator(':focus')).waitFor();
  assert.ok(!page.url().includes('kind='));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Courier');
  await page.getByText('Lower case letters').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('courier');
  await page.locator('.cm-content').getByText('name: courier').first().waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.keyboard.press('Control+s');
  await page.getByText('will be created').first().waitFor();
  await page.getByRole('button', { name: 'Create 2 objects' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('created', { exact: true }).nth(1).waitFor();
  await opened.close();
});

test(
  '[YE8] a kind without a form begins with what every object has; who may not create is told why',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/create?kind=pki.yard.example/v1/certificates');
    await opened.page.locator('.cm-content').getByText('kind: Certificate').waitFor();
    assert.ok(!opened.page.url().includes('kind='));
    await opened.close();
    const other = await openAs('bob', '/resources/configmaps?ns=team-b');
    await untilLive(other.page);
    await other.page.locator('[aria-disabled="true"]', { hasText: 'Create' }).waitFor();
    await other.close();
  },
);

test('[OP10] on a phone relations are lists, and nothing overflows', LIMIT, async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const opened = await openAs('admin', '/resource/services/storefront?ns=shop&tab=relations', phone);
  const { page } = opened;
  await page.locator('.graph-node').first().waitFor();
  assert.equal(await page.locator('.graph-lines').isVisible(), false);
  for (const tab of ['', 'events', 'yaml', 'history', 'access']) {
    await follow(page, `/resource/services/storefront?ns=shop&tab=${tab}`);
    await page.locator('.object-page h1').waitFor();
    assert.equal(await page.evaluate(OVERFLOW), false, tab);
  }
  await opened.close();
});

test('[OP4] somebody with few rights is told what they cannot see, and may not edit', LIMIT, async () => {
  const opened = await openAs('bob', '/resources/pods');
  const { page, context } = opened;
  opened.expectRefusals();
  const path = await firstOf(context, 'pods', '&ns=team-b');
  assert.ok(path !== undefined);
  await follow(page, `${path}&tab=access`);
  await page.getByText(/You may not read .*clusterrolebindings/).waitFor();
  await follow(page, '/resource/v1/nodes/worker-1');
  await page
    .getByText(/is forbidden|is not there/)
    .first()
    .waitFor();
  await opened.close();
});
