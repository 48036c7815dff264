import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openBrowser, openPage } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { untilLive } from './console-fixture.ts';

const gateway = await GatewayProcess.start({ args: ['--scene', 'pods=10000'] });
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await gateway.close();
});

test(
  'ten thousand rows scroll to their end and back, by wheel and by keys, with few of them in the page',
  { timeout: 180_000 },
  async () => {
    const opened = await openPage(browser, { baseURL: gateway.origin });
    const { page, context } = opened;
    await context.request.post('/api/session', { data: { person: 'admin' } });
    await page.goto('/resources/pods');
    await untilLive(page);
    const grid = page.getByRole('grid');
    const total = Number(await grid.getAttribute('aria-rowcount')) - 1;
    assert.ok(total >= 10_000, `${total} rows`);
    const indexes = (): Promise<number[]> =>
      page
        .locator('.row:has(.lead)')
        .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex')) - 1));
    const names = new Set<string>();
    const box = (await grid.boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 200);
    for (let step = 0; step < 40; step += 1) {
      await page.mouse.wheel(0, 1400);
      await pollUntil(
        'the rows there to load',
        async () => (await page.locator('.cell-unknown').count()) === 0,
      );
      for (const name of await page.locator('.row .lead').allTextContents()) names.add(name);
    }
    assert.ok(names.size > 1000, `${names.size} names seen while scrolling`);
    assert.ok((await page.locator('.row').count()) < 120);
    await page.keyboard.press('End');
    await pollUntil('the last row', async () => (await indexes()).includes(total));
    await pollUntil('all in sight', async () => (await page.locator('.cell-unknown').count()) === 0);
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').locator('.facts').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await pollUntil('the first row', async () => (await indexes()).includes(1));
    await opened.close();
  },
);
