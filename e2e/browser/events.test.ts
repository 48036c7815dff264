import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings, PHONE } from '../harness/browser.ts';
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

test('[EX9] events that are alike are one row, with how often, first and last', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/events?ns=shop&q=AlikeHere');
  const { page, context } = opened;
  await untilLive(page);
  const say = async (name: string, times: number, minutesAgo: number): Promise<void> => {
    const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const made = await context.request.post('/api/resources/v1/events?ns=shop', {
      data: {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace: 'shop' },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'alike' },
        type: 'Warning',
        reason: 'AlikeHere',
        message: `pulled ${times} times`,
        count: times,
        firstTimestamp: at,
        lastTimestamp: at,
      },
    });
    assert.equal(made.status(), 201);
  };
  const row = page.locator('.row', { hasText: 'AlikeHere' });
  await say('alike-one', 2, 200);
  await row.getByText('pulled 2 times').waitFor();
  await say('alike-two', 5, 10);
  await row.getByText('pulled 5 times').waitFor();
  await row.getByRole('gridcell', { name: '7', exact: true }).waitFor();
  assert.equal(await row.count(), 1);
  await page.locator('.filter-count', { hasText: /^1 / }).waitFor();
  await page.reload();
  await untilLive(page);
  await row.getByRole('gridcell', { name: '7', exact: true }).waitFor();
  assert.equal(await row.count(), 1);
  assert.deepEqual(await axeFindings(page), []);
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
