import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings } from '../harness/browser.ts';
import { pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { consoleFixture } from './console-fixture.ts';

const LIMIT = { timeout: 120_000 };
const fixture = await consoleFixture();
const { target, gateway } = fixture;
const namespace = await target.namespace('lists');
await target.make(`/api/v1/namespaces/${namespace}/pods`, pod('web-0', 'sleep 100000'));
const { token } = await fixture.person(namespace, 'owner', 'admin');

const saysOf = (page: Page, state: string) => page.locator(`.listing-head [data-truth="${state}"]`);
const rows = (page: Page) => page.locator('.listing-rows li', { hasText: 'web-0' });

test('[UI34, SH36] open shells come by themselves, and say how current they are', LIMIT, async () => {
  const opened = await fixture.open('/shells', { token });
  const { page, context } = opened;
  await saysOf(page, 'live').waitFor();
  await page.getByText('No shell is open').waitFor();
  await pollUntil('the shell to be open', async () => {
    const made = await context.request.post('/api/shells', { data: { ns: namespace, pod: 'web-0' } });
    return made.status() === 201;
  });
  await rows(page).waitFor();
  assert.deepEqual(await axeFindings(page), []);

  opened.expectNetworkFailures();
  await gateway.kill();
  await saysOf(page, 'disconnected').waitFor();
  assert.match(await saysOf(page, 'disconnected').innerText(), /^disconnected since \d\d:\d\d$/);
  await page
    .getByText(/^Disconnected from the gateway since \d\d:\d\d, showing what was known then/)
    .waitFor();
  assert.equal(await rows(page).count(), 1, 'what was known stays');
  assert.ok(await page.locator('.listing-stale').count());
  assert.deepEqual(await axeFindings(page), []);
  await gateway.start();
  await saysOf(page, 'live').waitFor();
  await page.getByText('No shell is open').waitFor();
  assert.equal(await page.locator('.stale-band').count(), 0);
  await opened.close();
});

test('[UI34, SH36] a list that is asked for in vain is lagging, then disconnected', LIMIT, async () => {
  const opened = await fixture.open('/shells', { token });
  const { page } = opened;
  await saysOf(page, 'live').waitFor();
  await page.route('**/api/shells', () => {
    // Nobody answers.
  });
  await saysOf(page, 'lagging').waitFor();
  assert.match(await saysOf(page, 'lagging').innerText(), /^lagging \d+ s$/);
  await page.unroute('**/api/shells');
  await page.evaluate("dispatchEvent(new Event('online'))");
  await saysOf(page, 'live').waitFor();
  opened.expectNetworkFailures();
  await page.route('**/api/shells', (route) =>
    route.fulfill({
      status: 503,
      json: { kind: 'Status', reason: 'ServiceUnavailable', code: 503, message: 'the API server is away' },
    }),
  );
  await saysOf(page, 'disconnected').waitFor();
  await page.getByText(/showing what was known then. the API server is away/).waitFor();
  await page.unroute('**/api/shells');
  await saysOf(page, 'live').waitFor();
  await opened.close();
});

test('[UI34, SH36] recordings come by themselves, and say how current they are', LIMIT, async () => {
  const opened = await fixture.open('/recordings', { token });
  const { page } = opened;
  await saysOf(page, 'live').waitFor();
  const shell = await fixture.open(`/shell?ns=${namespace}&pod=web-0`, { token });
  await shell.page.locator('[data-phase="live"]').first().waitFor();
  await shell.page.getByRole('button', { name: 'Record', exact: true }).click();
  await shell.page.getByRole('button', { name: /^Stop recording/ }).waitFor();
  await rows(page).getByText('being made').waitFor();
  await shell.page.getByRole('button', { name: /^Stop recording/ }).click();
  await rows(page).waitFor();
  await rows(page).getByText('being made').waitFor({ state: 'detached' });
  await shell.close();
  opened.expectNetworkFailures();
  await gateway.kill();
  await saysOf(page, 'disconnected').waitFor();
  assert.equal(await rows(page).count(), 1, 'what was known stays');
  await page.getByLabel('Filter recordings').fill('nothing like it');
  await page.getByText('Nothing matches').waitFor();
  await page.getByLabel('Filter recordings').fill('web-0');
  await rows(page).waitFor();
  await gateway.start();
  await saysOf(page, 'live').waitFor();
  await rows(page).waitFor();
  await opened.close();
});
