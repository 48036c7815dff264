import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { addNamespace, namesOf, rowOf, untilLive, untilOverview } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

/** What the embedded cluster is needed for: its people, its scene, and states that no real cluster is put into. */
const LIMIT = { timeout: 120_000 };
const { gateway, open, openAs } = await demoFixture();

const groundOf = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor');

/** The element that has the focus: its name, and whether it or the table's head in it is drawn as having it. */
const FOCUS = `(() => {
  const here = document.activeElement;
  if (here === null || here === document.body) return undefined;
  const drawn = (element) => {
    const { outlineStyle, boxShadow } = getComputedStyle(element);
    return outlineStyle !== 'none' || boxShadow !== 'none';
  };
  const head = here.querySelector('.table-head');
  return {
    name: (here.getAttribute('aria-label') ?? here.textContent).trim(),
    shown: drawn(here) || (head !== null && drawn(head)),
  };
})()`;

/** Presses Tab until the focus is on the element so named; every stop on the way has to show that it has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate<{ name: string; shown: boolean } | undefined>(FOCUS);
    if (stop === undefined) continue;
    assert.ok(stop.shown, `the focus on "${stop.name}" is not seen`);
    if (name.test(stop.name)) return;
  }
  assert.fail(`Tab does not reach ${name}`);
}

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
    const cells = await page.locator('.row > div:nth-of-type(3)').allTextContents();
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

test('what is wrong stands first, events by when they were last seen', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  await page.locator('[aria-sort="ascending"]', { hasText: 'Status' }).waitFor();
  await page.locator('.row').first().locator('[data-shape="triangle"]').waitFor({ timeout: 60_000 });
  await page.getByRole('link', { name: /^Events/ }).click();
  await page.locator('[aria-sort="descending"]', { hasText: 'Last seen' }).waitFor();
  const heads = await page.getByRole('columnheader').allTextContents();
  assert.deepEqual(
    heads
      .filter((head) => head !== '')
      .slice(0, 5)
      .map((head) => head.replace('Sort by ', '')),
    ['Last seen', 'Type', 'Reason', 'Object', 'Message'],
  );
  assert.match((await namesOf(page))[0]!, /^[a-z]+\//);
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`pages without rows have no serious findings of axe, ${colorScheme}`, LIMIT, async () => {
    const admin = await openAs('admin', '/resources/ingresses?ns=kube-system', { colorScheme });
    await admin.page.getByRole('heading', { name: /^No ingresses/ }).waitFor();
    assert.deepEqual(await axeFindings(admin.page), [], 'empty');
    await admin.page.goto('/resources/pods?q=nothing-is-called-so');
    await admin.page.getByRole('button', { name: 'Clear the filter' }).last().waitFor();
    assert.deepEqual(await axeFindings(admin.page), [], 'no match');
    await admin.page.goto('/nowhere');
    await admin.page.getByRole('heading', { name: /no such page/ }).waitFor();
    assert.deepEqual(await axeFindings(admin.page), [], 'unknown page');
    await admin.page.routeWebSocket('**/ws/watch', () => {});
    await admin.page.goto('/resources/pods');
    await admin.page.locator('.loading-rows').waitFor();
    assert.deepEqual(await axeFindings(admin.page), [], 'loading');
    await admin.close();
    const carol = await openAs('carol', '/resources/secrets', { colorScheme });
    await carol.page.getByRole('heading', { name: 'You may not list secrets' }).waitFor();
    assert.deepEqual(await axeFindings(carol.page), [], 'forbidden');
    await carol.close();
  });
}

test('from signing in to signing out by keyboard alone, the focus always seen', LIMIT, async () => {
  const opened = await open();
  const { page } = opened;
  const { keyboard } = page;
  await page.goto('/');
  await page.getByRole('button', { name: /^admin/ }).waitFor();
  await tabTo(page, /^admin/);
  await keyboard.press('Enter');
  await untilOverview(page);
  await keyboard.press('g');
  await keyboard.press('p');
  await untilLive(page);
  await addNamespace(page, 'payments');
  await page.waitForURL('**/resources/pods?ns=payments');
  await pollUntil('the rows of one namespace', async () => {
    const cells = await page.locator('.row > div:nth-of-type(3)').allTextContents();
    return cells.length > 0 && cells.every((cell) => cell === 'payments');
  });
  await keyboard.press('j');
  await keyboard.press('Enter');
  const panel = page.getByRole('complementary');
  await panel.locator('.facts').first().waitFor();
  await tabTo(page, /^Summary/);
  await keyboard.press('ArrowRight');
  await panel.getByRole('tab', { name: 'Relations', selected: true }).waitFor();
  await keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await keyboard.press('g');
  await keyboard.press('n');
  await page.waitForURL('**/resources/v1/nodes**');
  await untilLive(page);
  await tabTo(page, /^Sort by Status/);
  await keyboard.press('Enter');
  await page.waitForURL('**sort=-status**');
  await tabTo(page, /^Person/);
  await keyboard.press('Enter');
  await tabTo(page, /^Sign out$/);
  await keyboard.press('Enter');
  await page.getByRole('button', { name: /^bob/ }).waitFor();
  await opened.close();
});

test('[UI29] an API server that is slow is told, with since when and what it means', LIMIT, async () => {
  const opened = await openAs('admin', '/settings');
  const { page } = opened;
  await page.routeWebSocket('**/ws/watch', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { type: string };
      const apiServer = { state: 'slow', since: new Date().toISOString(), reason: 'Its answers take long.' };
      if (frame.type !== 'heartbeat')
        socket.send(JSON.stringify(frame.type === 'hello' ? { ...frame, apiServer } : frame));
    });
  });
  await page.reload();
  const banner = page.getByRole('region', { name: 'API server' });
  await banner.getByText(/^The API server is slow since \d\d:\d\d/).waitFor();
  await banner.getByText(/some seconds old/).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

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
  const held = await namesOf(page);
  const count = async (): Promise<number> =>
    Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
  const before = await count();
  await make(`a-${Math.random().toString(36).slice(2)}`);
  await pollUntil('another row to be known', async () => (await count()) > before);
  assert.deepEqual(await namesOf(page), held);
  await page.mouse.move(700, 20);
  await page.getByText('Order held while you point').waitFor({ state: 'detached' });
  assert.match((await namesOf(page))[0]!, /^a-/);
  await opened.close();
});
