import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { untilLive } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

/** Finding anything, by keyboard alone. */
const LIMIT = { timeout: 90_000 };
const { openAs } = await demoFixture();

/** What is marked in the list now. */
const marked = (page: Page): Promise<string> =>
  page.locator('.spotlight [aria-selected="true"] .spotlight-name').innerText();

/** Waits until nothing more comes: what is marked stays where it is then. */
const untilFound = (page: Page) => page.locator('.spotlight-list[aria-busy="false"]').waitFor();

async function find(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
  await page.keyboard.type(text);
}

test(
  '[UF8] an object is found by part of its name and opened, and stands among the recent ones',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/pods');
    const { page } = opened;
    const { keyboard } = page;
    await untilLive(page);
    await find(page, 'ledger');
    await page.getByRole('option', { name: /^ledger .*StatefulSet/ }).waitFor();
    await untilFound(page);
    assert.deepEqual(await axeFindings(page), []);
    const field = page.getByRole('combobox', { name: 'Find anything' });
    const active = await field.getAttribute('aria-activedescendant');
    assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
    const first = await marked(page);
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    assert.equal(await marked(page), first);
    await field.fill('');
    await keyboard.type('sts ledger');
    await pollUntil('the one StatefulSet', async () => (await marked(page)) === 'ledger');
    await keyboard.press('Enter');
    await page.waitForURL('**/resource/statefulsets/ledger?ns=payments');
    await keyboard.press('Control+k');
    await page
      .getByRole('group', { name: 'Recent' })
      .getByRole('option', { name: /^ledger/ })
      .waitFor();
    await keyboard.press('Enter');
    await page.waitForURL('**/resource/statefulsets/ledger?ns=payments');
    await opened.close();
  },
);

test('[UF8] Enter right after typing waits for the answer', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  await find(page, 'sts ledger');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/resource/statefulsets/ledger?ns=payments');
  await opened.close();
});

test(
  '[UF8] Tab shows what can be done, with the reason where it may not be; Esc goes back',
  LIMIT,
  async () => {
    const opened = await openAs('bob', '/resources/pods');
    const { page } = opened;
    const { keyboard } = page;
    await untilLive(page);
    await find(page, await page.locator('.row .lead').first().innerText());
    const objects = page.getByRole('group', { name: 'Objects' }).getByRole('option');
    await objects.first().waitFor();
    await untilFound(page);
    for (let step = 0; step < 30 && !(await isObject(page)); step += 1) await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    const actions = page.getByRole('group', { name: 'Actions' }).getByRole('option');
    await actions.first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    // Bob may look and nothing else: deleting stands there, with what the API server would say.
    await page
      .locator('.spotlight [aria-disabled="true"]', { hasText: 'Delete' })
      .getByText(/cannot delete|forbidden/)
      .waitFor();
    const url = page.url();
    await keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(page.url(), url);
    await opened.close();
  },
);

test('[UF8] an action is run by its name before it is listed, and nothing else is', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/deployments?ns=shop');
  const { page } = opened;
  await untilLive(page);
  await find(page, 'checkout deployment');
  await page.locator('.spotlight [data-at]', { hasText: 'checkout' }).waitFor();
  const held = Promise.withResolvers<void>();
  await page.route('**/api/resource/deployments/checkout?*', async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.keyboard.press('Tab');
  // Kinds that were found before have names like this one, too.
  await page.keyboard.type('scale');
  await page.keyboard.press('Enter');
  await page.getByText('Asking what you may do').waitFor();
  held.resolve();
  await page.getByRole('dialog', { name: /^Scale/ }).waitFor();
  assert.match(page.url(), /deployments\?ns=shop$/);
  await opened.close();
});

const isObject = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(
    `document.querySelector('.spotlight [aria-selected="true"]').parentElement.getAttribute('aria-label') === 'Objects'`,
  );

test('[FR3] nobody finds the objects of others', LIMIT, async () => {
  const opened = await openAs('bob', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  await find(page, 'ledger');
  await page.getByText('Nothing is called “ledger”.').waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test('[UF8] kinds, pages, namespaces and everything with a key are found too', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  const { keyboard } = page;
  await untilLive(page);
  await find(page, 'netpol');
  await page.getByRole('option', { name: /^NetworkPolicy/ }).waitFor();
  await keyboard.press('Enter');
  await page.waitForURL('**/networkpolicies');
  await find(page, 'settings');
  await pollUntil('the settings', async () => (await marked(page)) === 'Settings');
  await keyboard.press('Enter');
  await page.waitForURL('**/settings');
  await page.goto('/resources/pods');
  await untilLive(page);
  await find(page, 'show all keys');
  await pollUntil('the key', async () => (await marked(page)) === 'Show all keys');
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await keyboard.press('Escape');
  await find(page, 'payments');
  await page.getByRole('group', { name: 'Namespaces' }).getByRole('option').waitFor();
  await untilFound(page);
  for (let step = 0; step < 30 && !/ns=payments/.test(page.url()); step += 1) {
    if (
      (await page.locator('.spotlight [aria-selected="true"]').innerText()).includes('only this namespace')
    ) {
      await keyboard.press('Enter');
      await page.waitForURL('**ns=payments**');
    } else await keyboard.press('ArrowDown');
  }
  assert.match(page.url(), /ns=payments/);
  await opened.close();
});

test('a gateway that does not answer is told, and pages are found all the same', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  opened.expectNetworkFailures();
  const { page } = opened;
  await untilLive(page);
  await page.route('**/api/search**', (route) => route.abort());
  await find(page, 'deploym');
  await page.getByText(/The objects could not be searched/).waitFor();
  await page
    .getByRole('option', { name: /^Deployment/ })
    .first()
    .waitFor();
  await opened.close();
});
