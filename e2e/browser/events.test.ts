import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { axeFindings, PHONE, type OpenPage } from '../harness/browser.ts';
import { namesOf, untilLive } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

const { openAs } = await demoFixture();
const LIMIT = { timeout: 240_000 };

test(
  '[EX8] w leaves only warnings, the address restores it, and a leads to what one is about',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/events');
    const { page } = opened;
    await untilLive(page);
    const toggle = page.getByRole('button', { name: 'Warnings' });
    await page.keyboard.press('w');
    await page.waitForURL(/q=status%3Awarning/);
    assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
    await page.locator('.row', { hasText: 'BackOff' }).first().waitFor();
    await page.locator('.row', { hasText: 'Normal' }).first().waitFor({ state: 'detached' });
    assert.deepEqual(await axeFindings(page), []);
    await page.reload();
    await untilLive(page);
    assert.equal(await toggle.getAttribute('aria-pressed'), 'true');
    await page.keyboard.press('j');
    await page.locator('.row[data-current] a.lead').waitFor();
    await page.keyboard.press('a');
    await page.waitForURL(/\/resource\//);
    await page.goBack();
    await untilLive(page);
    await toggle.click();
    await page.locator('.row', { hasText: 'Normal' }).first().waitFor();
    assert.ok(!page.url().includes('status'));
    await opened.close();
  },
);

test('[EX8, WP6] events are found by what they say, and a name leads to its page', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/events?q=ImagePullBackOff');
  const { page } = opened;
  await untilLive(page);
  await page.locator('.row a.lead', { hasText: 'pod/receipts-' }).first().waitFor();
  assert.ok((await namesOf(page)).every((name) => name.startsWith('pod/receipts-')));
  await page.locator('.row a.lead').first().click();
  await page.getByRole('heading', { name: /^receipts-/ }).waitFor();
  assert.match(page.url(), /\/resource\/.*pods.*receipts-/);
  await opened.close();
});

test('[EX8] what comes leaves the links of the rows that stand there as they are', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/events?ns=shop');
  const { page, context } = opened;
  await untilLive(page);
  const link = (await page.locator('.row a.lead').first().elementHandle())!;
  const lastTimestamp = new Date().toISOString();
  const made = await context.request.post('/api/resources/v1/events?ns=shop', {
    data: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'came-later', namespace: 'shop' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'came-later' },
      type: 'Normal',
      reason: 'CameLater',
      lastTimestamp,
    },
  });
  assert.equal(made.status(), 201);
  await page.locator('.row a.lead', { hasText: 'came-later' }).waitFor();
  assert.ok(await link.evaluate((element) => element.isConnected));
  await opened.close();
});

interface Said {
  readonly reason: string;
  readonly name: string;
  readonly times: number;
  readonly minutesAgo: number;
}

async function say({ context }: OpenPage, { reason, name, times, minutesAgo }: Said): Promise<void> {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const made = await context.request.post('/api/resources/v1/events?ns=shop', {
    data: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'shop' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'alike' },
      type: 'Warning',
      reason,
      message: `pulled ${times} times`,
      count: times,
      firstTimestamp: at,
      lastTimestamp: at,
    },
  });
  assert.equal(made.status(), 201);
}

test('[EX9] events that are alike are one row, with how often, first and last', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/events?ns=shop&q=AlikeHere');
  const { page } = opened;
  await untilLive(page);
  const row = page.locator('.row', { hasText: 'AlikeHere' });
  await say(opened, { reason: 'AlikeHere', name: 'alike-one', times: 2, minutesAgo: 200 });
  await row.getByText('pulled 2 times').waitFor();
  await say(opened, { reason: 'AlikeHere', name: 'alike-two', times: 5, minutesAgo: 10 });
  await row.getByText('pulled 5 times').waitFor();
  await row.getByRole('gridcell', { name: '7', exact: true }).waitFor();
  assert.equal(await row.count(), 1);
  await page.locator('.filter-count', { hasText: /^1 row/ }).waitFor();
  await page.reload();
  await untilLive(page);
  await row.getByRole('gridcell', { name: '7', exact: true }).waitFor();
  assert.equal(await row.count(), 1);
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

/** Three that say the same, as one row. */
async function threeAlike(reason: string): Promise<OpenPage & { readonly row: Locator }> {
  const opened = await openAs('admin', `/resources/events?ns=shop&q=${reason}`);
  const { page } = opened;
  const name = reason.toLowerCase();
  await say(opened, { reason, name: `${name}-1`, times: 2, minutesAgo: 200 });
  await say(opened, { reason, name: `${name}-2`, times: 5, minutesAgo: 10 });
  await say(opened, { reason, name: `${name}-3`, times: 1, minutesAgo: 30 });
  await untilLive(page);
  const row = page.locator('.row', { hasText: reason });
  await row.getByRole('gridcell', { name: '8', exact: true }).waitFor();
  return { ...opened, row };
}

test(
  '[EX9] a row of several opens with the latest of them, what it stands for, and goes on',
  LIMIT,
  async () => {
    const opened = await threeAlike('AlikeOpen');
    const { page, context, row } = opened;
    await row.getByText('pulled 5 times').click();
    const panel = page.getByRole('complementary', { name: /^Details/ });
    await panel.getByRole('heading', { name: 'alikeopen-2', exact: true }).waitFor();
    const told = panel.locator('.told');
    assert.match(
      await told.innerText(),
      /^The latest of 3 events that say the same: 8 times in all, first 3h\d+m ago, last 1\dm ago$/,
    );
    assert.deepEqual(await panel.locator('.events .object-link').allInnerTexts(), [
      'alikeopen-2',
      'alikeopen-3',
      'alikeopen-1',
    ]);
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press('y');
    await panel.getByText('name: alikeopen-2').waitFor();
    await page.getByRole('tab', { name: 'Summary' }).click();
    await say(opened, { reason: 'AlikeOpen', name: 'alikeopen-4', times: 9, minutesAgo: 1 });
    await panel.getByRole('heading', { name: 'alikeopen-4', exact: true }).waitFor();
    const gone = await context.request.delete('/api/resource/v1/events/alikeopen-1?ns=shop');
    assert.equal(gone.status(), 200, await gone.text());
    await page.waitForURL(/open=shop\/alikeopen-2/);
    await told.getByText('15 times in all').waitFor();
    assert.equal(await panel.getByText('was deleted').count(), 0);
    await page.reload();
    await told.getByText('15 times in all').waitFor();
    await panel.getByRole('link', { name: 'alikeopen-3' }).click();
    await page.waitForURL(/\/resource\/events\/alikeopen-3/);
    await opened.close();
  },
);

test(
  '[EX9] what is deleted with a row of several are all of them, and the dialog says how many',
  LIMIT,
  async () => {
    const opened = await threeAlike('AlikeGone');
    const { page, context, row } = opened;
    await page.keyboard.press('j');
    await page.locator('.row[data-current]').waitFor();
    await page.keyboard.press('d');
    const dialog = page.getByRole('dialog', { name: 'Delete 3 events' });
    await dialog.getByText('The row stands for 3 events that say the same; all of them go.').waitFor();
    await dialog.getByText('shop/alikegone-1, shop/alikegone-3, shop/alikegone-2').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await row.waitFor({ state: 'detached' });
    const { total } = (await (
      await context.request.get('/api/resources/events?ns=shop&search=AlikeGone')
    ).json()) as { total: number };
    assert.equal(total, 0);
    await opened.close();
  },
);

test('[EX10] what is taken away of merged events says what it has', LIMIT, async () => {
  const opened = await threeAlike('AlikeFile');
  const { page } = opened;
  const fileOf = async (item: string): Promise<string> => {
    await page.getByRole('button', { name: 'This view' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ]);
    return readFile(await download.path(), 'utf8');
  };
  const csv = (await fileOf('Export as CSV, rows as shown')).trim().split('\r\n');
  assert.equal(csv.length, 2);
  assert.match(csv[1]!, /AlikeFile,pod\/alike,pulled 5 times,shop,8,/);
  const yaml = await fileOf('Export as YAML, each event');
  assert.deepEqual(Array.from(yaml.matchAll(/ name: (alikefile-\d)/g), ([, name]) => name!).toSorted(), [
    'alikefile-1',
    'alikefile-2',
    'alikefile-3',
  ]);
  assert.doesNotMatch(yaml, /^alike:/m);
  await page.getByRole('button', { name: 'This view' }).click();
  await page.getByRole('menuitem', { name: 'Copy as kubectl' }).click();
  await page.getByText('# the console shows what says the same as one row, kubectl each event').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.locator('.row[data-current]').waitFor();
  await page.keyboard.press('c');
  await page.getByText('kubectl describe events -n shop alikefile-1 alikefile-3 alikefile-2').waitFor();
  await opened.close();
});

test('[EX8] on a phone the button is there, and nothing runs over', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/events', PHONE);
  const { page } = opened;
  await untilLive(page);
  await page.getByRole('button', { name: 'Warnings' }).tap();
  await page.waitForURL(/q=status%3Awarning/);
  await page.locator('.two-lines', { hasText: 'Warning' }).first().waitFor();
  assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'));
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});
