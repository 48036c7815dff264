import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, openBrowser, openPage } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { namesOf, rowOf, untilLive } from './console-fixture.ts';

/** What the embedded cluster is needed for: its people, its scene, and states that no real cluster is put into. */
const LIMIT = { timeout: 120_000 };
const gateway = await GatewayProcess.start();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await gateway.close();
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const open = (options: Parameters<typeof openPage>[1] = {}) =>
  openPage(browser, { baseURL: gateway.origin, ...options });

async function openAs(person: string, path: string, options: Parameters<typeof openPage>[1] = {}) {
  const opened = await open(options);
  await opened.context.request.post('/api/session', { data: { person } });
  await opened.page.goto(path);
  return opened;
}

const groundOf = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor');

test(
  'a person of the embedded cluster signs in by a button, is sent back to the address, and signs out',
  LIMIT,
  async () => {
    const opened = await open();
    const { page } = opened;
    await page.goto('/resources/deployments?ns=team-a');
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: /^alice/ }).click();
    await untilLive(page);
    assert.match(page.url(), /\/resources\/deployments\?ns=team-a$/);
    await page.getByRole('button', { name: /^Person: alice/ }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('button', { name: /^bob/ }).waitFor();
    await opened.close();
  },
);

test(
  'somebody who may see one namespace gets its objects and no others, also with all namespaces',
  LIMIT,
  async () => {
    const opened = await openAs('bob', '/resources/pods');
    const { page } = opened;
    await untilLive(page);
    await page.getByText('in the one namespace that you may see').waitFor();
    const cells = await page.locator('.row > div:nth-of-type(2)').allTextContents();
    assert.ok(cells.length > 0);
    assert.deepEqual([...new Set(cells)], ['team-b']);
    await opened.close();
  },
);

test(
  'signing out elsewhere ends the page, says so, and signing in returns to where it was',
  LIMIT,
  async () => {
    const opened = await openAs('alice', '/resources/pods?ns=team-a');
    opened.expectRefusals();
    opened.expectNetworkFailures();
    const { page, context } = opened;
    await untilLive(page);
    await context.request.delete('/api/session?everywhere=true', { headers: { origin: gateway.origin } });
    await page.getByText('Your session has ended').waitFor();
    assert.deepEqual(await namesOf(page), []);
    await page.getByRole('button', { name: /^alice/ }).click();
    await untilLive(page);
    assert.match(page.url(), /ns=team-a$/);
    await opened.close();
  },
);

test('the theme follows the system until it is chosen, and the choice lasts', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods', { colorScheme: 'light' });
  const { page } = opened;
  await untilLive(page);
  const light = await groundOf(page);
  assert.deepEqual(await axeFindings(page), []);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await groundOf(page);
  assert.notEqual(dark, light);
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole('button', { name: /^Person/ }).click();
  await page.getByLabel('Light').check();
  assert.equal(await groundOf(page), light);
  assert.deepEqual(await axeFindings(page), []);
  await page.reload();
  await untilLive(page);
  assert.equal(await groundOf(page), light);
  await opened.close();
});

test('on a phone the rail is a bottom bar, tables are two-line lists, nothing overflows', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods', PHONE);
  const { page } = opened;
  await untilLive(page);
  const bar = await page.getByRole('navigation', { name: 'Rooms' }).boundingBox();
  assert.ok(bar && bar.y > 700 && bar.width === 390);
  assert.ok((await page.locator('.two-lines').count()) > 5);
  const overflow = 'document.scrollingElement.scrollWidth > innerWidth';
  assert.equal(await page.evaluate(overflow), false);
  assert.deepEqual(await axeFindings(page), []);
  await page.locator('.row').first().tap();
  await page.getByRole('complementary').waitFor();
  assert.equal(await page.evaluate(overflow), false);
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test(
  'kinds are found by typing short names, and custom resources have their printer columns',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/pods');
    const { page } = opened;
    await untilLive(page);
    await page.getByRole('button', { name: /^Kind/ }).click();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('combobox', { name: 'Kind' }).fill('crd');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/resources/crds');
    await untilLive(page);
    assert.ok((await namesOf(page)).length > 0);
    await opened.close();
  },
);

test('status: and node: filter by what the cells say', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods?q=status:running%20node:worker-1');
  const { page } = opened;
  await untilLive(page);
  const nodes = await page.locator('.row').evaluateAll((rows) => rows.map((row) => row.textContent));
  assert.ok(nodes.length > 0);
  for (const text of nodes) assert.match(text, /worker-1/);
  await page.getByRole('textbox', { name: 'Filter' }).fill('label=a===b');
  await page.getByRole('heading', { name: 'The filter cannot be understood' }).waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await untilLive(page);
  await opened.close();
});

test('markup in names and annotations is text, never markup', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/configmaps?ns=default');
  const { page, context } = opened;
  const evil = '<img src=x onerror="document.title=\'owned\'">\u202Egnp.exe 🚀';
  const made = await context.request.post('/api/resources/configmaps', {
    headers: { origin: gateway.origin },
    data: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'evil', namespace: 'default', annotations: { 'example.com/evil': evil } },
    },
  });
  assert.ok(made.ok(), await made.text());
  await rowOf(page, 'evil').click();
  await page.locator('.pairs').getByText('onerror').waitFor();
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.locator('.yaml pre').getByText('onerror').waitFor();
  assert.equal(await page.locator('.panel img').count(), 0);
  assert.equal(await page.title(), 'ConfigMap · Krateyard');
  await opened.close();
});

test('while the pointer rests the order is held, and let go when it leaves', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/configmaps?ns=kube-public');
  const { page, context } = opened;
  await untilLive(page);
  const make = async (name: string): Promise<void> => {
    const made = await context.request.post('/api/resources/configmaps', {
      headers: { origin: gateway.origin },
      data: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-public' } },
    });
    assert.ok(made.ok(), await made.text());
  };
  await make('m-first');
  await rowOf(page, 'm-first').hover();
  await page.mouse.move(400, 140);
  await page.mouse.move(401, 141);
  await pollUntil(
    'the order to be held',
    async () => {
      await make(`a-${Math.random().toString(36).slice(2)}`);
      return page.getByText('Order held while you point').isVisible();
    },
    { everyMs: 300 },
  );
  assert.equal(await page.locator('.row').first().locator('.lead').textContent(), (await namesOf(page))[0]);
  await page.mouse.move(700, 20);
  await page.getByText('Order held while you point').waitFor({ state: 'detached' });
  assert.match((await namesOf(page))[0]!, /^a-/);
  await opened.close();
});
