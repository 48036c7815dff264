import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import { axeFindings } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { addNamespace, untilLive, untilOverview } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

const LIMIT = { timeout: 240_000 };
const { gateway, openAs } = await demoFixture();

const group = (page: Page, cause: string) => page.locator(`[data-cause="${cause}"]`);
const lines = (page: Page) => page.locator('.change-line');

test(
  '[OV1] what is wrong comes first, grouped, and leads to the object, by keyboard too',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/');
    const { page } = opened;
    await page.waitForURL('**/overview');
    await untilOverview(page);
    await group(page, 'crash-loop').waitFor({ timeout: 60_000 });
    await group(page, 'image-pull').getByText('ImagePullBackOff').first().waitFor({ timeout: 60_000 });
    const severities = await page
      .locator('.problem-group')
      .evaluateAll((groups) => groups.map(({ className }) => className.includes('critical')));
    assert.deepEqual(
      severities,
      severities.toSorted((a, b) => Number(b) - Number(a)),
      'critical groups come first',
    );
    await page.keyboard.press('j');
    const focused = () => page.evaluate<string>('document.activeElement?.getAttribute("href") ?? ""');
    const first = await focused();
    assert.match(first, /^\/resource\//);
    await page.keyboard.press('j');
    assert.notEqual(await focused(), first);
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${first}`);
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await untilOverview(page);
    await opened.close();
  },
);

test('[OV4] capacity, phases and the rows of nodes and namespaces, with what they use', LIMIT, async () => {
  const opened = await openAs('admin', '/overview');
  const { page } = opened;
  await untilOverview(page);
  await page.getByRole('region', { name: 'Nodes' }).getByText('worker-3').waitFor();
  await page.getByRole('region', { name: 'Namespaces' }).getByText('payments').waitFor();
  await page.locator('.capacity-total').first().getByText(/used/).waitFor({ timeout: 40_000 });
  const plots = page
    .getByRole('region', { name: 'Nodes' })
    .getByRole('img', { name: /^CPU, worker-1: .* now/ });
  await plots.waitFor({ timeout: 40_000 });
  // What was measured is still there after a reload, also before the gateway has told of it again.
  const kept = await page.evaluate<string>(
    '(dispatchEvent(new Event("pagehide")), sessionStorage.getItem("krateyard.history"))',
  );
  assert.match(kept, /usage nodes worker-1/);
  await page.getByRole('link', { name: /^Running/ }).click();
  await page.waitForURL('**/resources/pods?q=status*');
  await untilLive(page);
  await opened.close();
});

test(
  '[OV5, OV14] changes are filtered, paused and linked to, and the address holds the filter',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/overview');
    const { page } = opened;
    await untilOverview(page);
    await lines(page).nth(3).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('payments pod');
    await page.waitForURL('**/overview?q=payments*');
    await pollUntil('only those', async () => {
      const texts = await lines(page).allTextContents();
      return texts.length > 0 && texts.every((text) => text.includes('payments') && /pod/i.test(text));
    });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Warnings' }).click();
    await page.waitForURL('**/overview?changes=warnings');
    await pollUntil('only warnings', async () => {
      const marks = await lines(page).locator('[data-shape="triangle"]').count();
      return marks > 0 && marks === (await lines(page).count());
    });
    await page.getByRole('button', { name: 'Warnings' }).click();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    const before = await lines(page).allTextContents();
    await page.getByText(/\d+ new entr/).waitFor({ timeout: 60_000 });
    const names = (texts: readonly string[]): string[] => texts.map((text) => text.replace(/\d+[smhd]/g, ''));
    assert.deepEqual(names(await lines(page).allTextContents()), names(before));
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    // What stands under the pointer stands, and what comes meanwhile is counted.
    await lines(page).nth(1).hover();
    await page.mouse.move(1200, 300);
    await page.mouse.move(1201, 301);
    await page.getByText(/\d+ new entr/).waitFor({ timeout: 60_000 });
    await page.mouse.move(400, 20);
    await page.getByText(/\d+ new entr/).waitFor({ state: 'detached' });
    await opened.close();
  },
);

test('[OV8] who sees little gets that, calmly; who sees nothing is told what to ask for', LIMIT, async () => {
  const bob = await openAs('bob', '/overview');
  await bob.page.getByText('Nothing is wrong').waitFor({ timeout: 30_000 });
  await bob.page.getByText('You may not list nodes').waitFor();
  assert.equal(await bob.page.getByText('payments').count(), 0);
  await bob.close();
  const carol = await openAs('carol', '/overview');
  carol.expectRefusals();
  await carol.page.getByRole('heading', { name: 'You may not see an overview here' }).waitFor();
  await carol.page.getByText(/cannot list resource "pods"/).waitFor();
  await carol.close();
});

test('it follows the namespaces that are chosen', LIMIT, async () => {
  const opened = await openAs('admin', '/overview?ns=data');
  const { page } = opened;
  await untilOverview(page);
  await group(page, 'pending-volume').getByText('archive', { exact: true }).waitFor();
  assert.equal(await group(page, 'image-pull').count(), 0);
  await addNamespace(page, 'payments');
  await group(page, 'image-pull').first().waitFor({ timeout: 60_000 });
  await opened.close();
});

test('[PL7, MT5] tables of pods and nodes show what each uses, where that is measured', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/v1/nodes');
  const { page } = opened;
  await untilLive(page);
  const head = page.getByRole('columnheader', { name: 'CPU used' });
  await head.waitFor({ timeout: 40_000 });
  const cell = page.getByRole('row').filter({ hasText: 'worker-1' }).locator('.usage-cell').first();
  await cell.getByText(/^\d/).waitFor();
  assert.match((await cell.locator('.sparkline-line').getAttribute('d'))!, /^M\d/);
  await page.goto('/resources/pods');
  await page.getByRole('columnheader', { name: 'Memory used' }).waitFor({ timeout: 40_000 });
  await page.locator('.usage-cell').first().waitFor();
  await opened.close();
});

/** The rows follow with every look, and what they show a moment before or after. */
function untilUsed(
  page: Page,
  how: string,
  order: (used: readonly number[]) => readonly number[],
): Promise<unknown> {
  return pollUntil(
    how,
    async () => {
      const shown = await page.locator('.row .usage-cell').allTextContents();
      const used = shown.filter((text) => text.includes('i')).map(quantityValue);
      return used.length >= 5 && used.join() === order(used).join();
    },
    { deadlineMs: 60_000 },
  );
}

test(
  '[UI19, WC6] a press of the head sorts by use, most first, and the address restores it',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/v1/nodes');
    const { page } = opened;
    const head = page.getByRole('columnheader', { name: 'Memory used' });
    await head.waitFor({ timeout: 40_000 });
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=-memory-used/);
    await page.locator('[aria-sort="descending"]', { hasText: 'Memory used' }).waitFor();
    const most = (used: readonly number[]) => used.toSorted((a, b) => b - a);
    await untilUsed(page, 'most first', most);
    await page.keyboard.press('Enter');
    await page.locator('[aria-sort="ascending"]', { hasText: 'Memory used' }).waitFor();
    const least = (used: readonly number[]) => most(used).toReversed();
    await untilUsed(page, 'least first', least);
    await page.reload();
    await untilUsed(page, 'least first, again', least);
    await page.goto('/resources/deployments');
    await untilLive(page);
    assert.equal(await page.getByRole('columnheader', { name: 'CPU used' }).count(), 0);
    await opened.close();
  },
);

for (const colorScheme of ['dark', 'light'] as const) {
  test(`nothing is in the way of assistive technology, ${colorScheme}`, LIMIT, async () => {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const opened = await openAs('admin', '/overview', { colorScheme, viewport });
      await untilOverview(opened.page);
      await lines(opened.page).first().waitFor();
      assert.deepEqual(await axeFindings(opened.page), [], `${viewport.width} px`);
      const overflow = await opened.page.evaluate<number>(
        'Math.max(...[...document.querySelectorAll(".overview, .overview *")].map((e) => e.getBoundingClientRect().right)) - innerWidth',
      );
      assert.ok(overflow <= 1, `something sticks out by ${overflow} px at ${viewport.width} px`);
      await opened.close();
    }
  });
}

test(
  'while the gateway is away what was known stays and is said to be old; then it goes on',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/overview');
    opened.expectNetworkFailures();
    const { page } = opened;
    await untilOverview(page);
    await page.getByRole('region', { name: 'Nodes' }).getByText('worker-3').waitFor();
    await gateway.kill();
    await page.getByText('Disconnected from the gateway').waitFor();
    await page.getByRole('region', { name: 'Nodes' }).getByText('worker-3').waitFor();
    await gateway.start();
    await untilOverview(page);
    await opened.close();
  },
);
