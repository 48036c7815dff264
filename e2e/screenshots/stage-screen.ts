import type { Page } from 'playwright-core';
import type { GatewayProcess } from '../harness/gateway-process.ts';
import { openPage } from '../harness/browser.ts';
import { settle } from './stages.ts';

const SCREEN_PX = 560;

/** The screen of `name` in the tray, from the list of machines, while a colleague asks for control of it. */
export async function sharedScreen(page: Page, gateway: GatewayProcess, name: string): Promise<void> {
  const row = page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
  await row.hover();
  await page.keyboard.press('j');
  while (!(await row.getAttribute('data-current').then((is) => is !== null))) {
    await page.keyboard.press('j');
    await page.waitForTimeout(200);
  }
  await page.keyboard.press('v');
  await page.locator('.session-keys[data-control="mine"]').waitFor();
  await taller(page);
  await settle(page);
  await page.keyboard.type('cat /etc/os-release\n', { delay: 20 });
  await settle(page);
  await page.keyboard.type('uname -a\n', { delay: 20 });
  const colleague = await openPage(page.context().browser()!, { baseURL: gateway.origin });
  await colleague.context.request.post('/api/session', { data: { person: 'alice' } });
  await colleague.page.goto(`/vms/team-a/${name}/screen`);
  await colleague.page.getByRole('button', { name: 'Ask for control' }).click();
  await page.locator('[data-band="asks"]').waitFor();
}

async function taller(page: Page): Promise<void> {
  const edge = (await page.getByRole('separator').last().boundingBox())!;
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2);
  await page.mouse.down();
  await page.mouse.move(edge.x + edge.width / 2, 900 - SCREEN_PX, { steps: 5 });
  await page.mouse.up();
  await page.locator('.screen-live canvas').focus();
}
