import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { untilLive } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

/** Settings that last, and the page of one's own rights; by keyboard. */
const LIMIT = { timeout: 90_000 };
const { openAs } = await demoFixture();

const groundOf = (page: Page): Promise<string> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor');

test(
  '[UF10] theme, rows, zone and first namespaces hold at once, last, and are each person’s own',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/pods', { timezoneId: 'Europe/Berlin' });
    const { page, context } = opened;
    const { keyboard } = page;
    await untilLive(page);
    const dark = await groundOf(page);
    await keyboard.press('g');
    await keyboard.press(',');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await pollUntil('its title', async () => (await page.title()) === 'Settings · Krateyard');
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('radio', { name: 'As the system' }).focus();
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    assert.notEqual(await groundOf(page), dark);
    assert.deepEqual(await axeFindings(page), [], 'light');
    await page.getByRole('radio', { name: /^Dense/ }).focus();
    await keyboard.press('ArrowRight');
    await page.getByRole('radio', { name: /^This computer/ }).focus();
    await keyboard.press('ArrowRight');
    await page.getByText(/^Now: .* UTC$/).waitFor();
    await keyboard.press('ArrowRight');
    await page.getByLabel('Zone', { exact: true }).fill('Nowhere/Land');
    await page.getByText('There is no such zone.').waitFor();
    assert.deepEqual(await axeFindings(page), [], 'an error');
    await page.getByLabel('Zone', { exact: true }).fill('Asia/Kathmandu');
    await page.getByText(/^Now: .*5:45/).waitFor();
    await page.getByRole('button', { name: /^Namespaces at the start/ }).press('Enter');
    await page.getByRole('combobox', { name: 'Namespaces at the start' }).fill('shop');
    await page.getByRole('option', { name: 'shop', exact: true }).waitFor();
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    await page.goto('/');
    await page.waitForURL('**ns=shop**');
    await page.goto('/resources/pods?ns=shop');
    await untilLive(page);
    assert.equal((await page.locator('.row').first().boundingBox())!.height, 32);
    assert.notEqual(await groundOf(page), dark);
    await context.request.post('/api/session', { data: { person: 'alice' } });
    await page.goto('/resources/pods');
    await untilLive(page);
    assert.equal(
      (await page.locator('.row').first().boundingBox())!.height,
      28,
      'another person has their own',
    );
    await opened.close();
  },
);

test('[UF10] settings that were broken by something else are as usual', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  for (const broken of ['{', '{"version":1,"rowPx":"x","timeZone":"Mars"}', '[]']) {
    await page.evaluate(`localStorage.setItem('krateyard.settings.admin', ${JSON.stringify(broken)})`);
    await page.reload();
    await untilLive(page);
    assert.equal((await page.locator('.row').first().boundingBox())!.height, 28);
  }
  await opened.close();
});

test('signing out everywhere is a button of the settings', LIMIT, async () => {
  const opened = await openAs('carol', '/settings');
  const { page, context } = opened;
  opened.expectRefusals();
  opened.expectNetworkFailures();
  const other = await context.newPage();
  await other.goto('/settings');
  await other.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere' }).press('Enter');
  await page.getByRole('button', { name: /^carol/ }).waitFor();
  await other.getByText('Your session has ended').waitFor({ timeout: 30_000 });
  await opened.close();
});

test(
  '[FR6] what I am allowed to do: one question with its reason, and all kinds by verb',
  LIMIT,
  async () => {
    const opened = await openAs('bob', '/resources/pods');
    const { page } = opened;
    const { keyboard } = page;
    await untilLive(page);
    await keyboard.press('g');
    await keyboard.press('m');
    await page.getByRole('heading', { name: 'What am I allowed to do?' }).waitFor();
    await page.getByText(/^You are bob/).waitFor();
    await page.getByRole('button', { name: /^Rights in/ }).press('Enter');
    await page.getByRole('combobox', { name: 'Rights in' }).fill('team-b');
    await keyboard.press('Enter');
    await page.waitForURL('**in=team-b**');
    const list = page.getByRole('row', { name: /^Pod / }).locator('[data-verb="list"]');
    await list.getByText('allowed', { exact: true }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await keyboard.press('/');
    await keyboard.type('configmap');
    await pollUntil('one kind', async () => (await page.locator('.rights tbody tr').count()) === 1);
    await page.getByLabel('Verb').selectOption('delete');
    await page.getByLabel('Kind', { exact: true }).fill('nodes');
    await keyboard.press('Enter');
    await page.getByText('No, you may not delete nodes in the cluster.').waitFor();
    await page.getByLabel('Kind', { exact: true }).fill('pods');
    await page.getByLabel('Verb').selectOption('list');
    await page.getByRole('button', { name: 'Ask', exact: true }).press('Enter');
    await page.getByText('Yes, you may list pods in team-b.').waitFor();
    await page.getByText(/RBAC: allowed by RoleBinding/).waitFor();
    await page.reload();
    await pollUntil(
      'the address to restore it',
      async () => (await page.locator('.rights tbody tr').count()) === 1,
    );
    await opened.close();
  },
);

test('settings and rights on a phone: nothing overflows, axe is content', LIMIT, async () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    const opened = await openAs('alice', '/settings', { ...PHONE, colorScheme });
    const { page } = opened;
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    await page.goto('/me?in=team-a');
    await page.locator('.rights tr').nth(3).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    await opened.close();
  }
});
