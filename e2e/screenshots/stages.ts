import type { Page } from 'playwright-core';
import type { GatewayProcess } from '../harness/gateway-process.ts';
import { pollUntil } from '../harness/poll-until.ts';

/** Waits until the table says that it is current. */
export const live = (page: Page): Promise<void> =>
  page.locator('.filter-facts [data-truth="live"]').waitFor({ timeout: 20_000 });

/** Waits until the overview shows what is wrong in the demo cluster. */
export async function wrong(page: Page): Promise<void> {
  await overviewLive(page);
  await page.locator('[data-cause="crash-loop"]').waitFor({ timeout: 60_000 });
}

const overviewLive = (page: Page): Promise<void> =>
  page.locator('.overview-bar [data-truth="live"]').waitFor({ timeout: 20_000 });

/** Waits for what stands in the place of something that cannot be shown. */
export const noticed = (page: Page): Promise<void> => page.locator('.notice').first().waitFor();

/** For what comes a moment later and has no sign of its own. */
export const settle = (page: Page): Promise<void> => page.waitForTimeout(1500);

/** Waits for a heading. */
export async function headline(page: Page, text: RegExp): Promise<void> {
  await page.getByRole('heading', { name: text }).waitFor();
}

/** A text in the spotlight, and its answer. */
export async function find(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find anything' }).fill(text);
  await page.getByRole('option').first().waitFor();
  await page.waitForTimeout(800);
}

/** Runs an action on the best object that a text finds. */
export async function act(page: Page, text: string, action: string): Promise<void> {
  await find(page, text);
  // Kinds and pages are found at once, objects when the gateway has answered.
  await page.locator('[role="option"][data-at]', { hasText: text.split(' ')[0]! }).waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: action }).first().waitFor();
  await page.getByRole('combobox').last().fill(action);
  // Until the rights are known nothing can be done.
  await page.locator('[role="option"][data-at]:not([aria-disabled])', { hasText: action }).waitFor();
  await page.keyboard.press('Enter');
}

/** A shell in the tray, into a pod of the table, with something typed. */
export async function shell(page: Page, pod: RegExp = /cart-api/): Promise<void> {
  await live(page);
  await page.locator('.row', { hasText: pod }).first().click();
  await page.keyboard.press('s');
  await page.locator('.terminal-screen[data-renderer]').waitFor();
  await settle(page);
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('ls -la /\n');
  await settle(page);
}

/** The demo cluster needs a moment to bring its pods up. */
export async function settled(gateway: GatewayProcess): Promise<void> {
  await pollUntil('the gateway to be ready', async () => (await fetch(`${gateway.origin}/readyz`)).ok);
}
