import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage, type OpenPage } from '../harness/browser.ts';
import type { GatewayProcess } from '../harness/gateway-process.ts';
import type { Scene } from './scene.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const FOLDER = path.join(ROOT, '.cache/screenshots');

export const SIZES = {
  wide: { viewport: { width: 1440, height: 900 } },
  // No finer pixels: where they are only played, canvases are measured wrongly, and terminals stay empty.
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;
const THEMES = ['dark', 'light'] as const;

type Theme = (typeof THEMES)[number];
type Size = keyof typeof SIZES;

/** Scenes that could not be brought to what was to be seen, or whose page complained: told at the end. */
export const failed: string[] = [];

export function isCombination(word: string): boolean {
  return Object.keys(SIZES).some((size) => THEMES.some((theme) => word === `${size}-${theme}`));
}

/** One scene in all combinations, or those named; side by side, unless it kills the gateway. */
export async function shoot(
  browser: Browser,
  gateway: GatewayProcess,
  scene: Scene,
  combinations: readonly string[],
): Promise<void> {
  const under: Promise<void>[] = [];
  for (const size of Object.keys(SIZES) as Size[]) {
    for (const theme of THEMES) {
      if (combinations.length > 0 && !combinations.includes(`${size}-${theme}`)) continue;
      if (scene.kills) await gateway.start();
      const picture = shootOne(browser, gateway, scene, size, theme);
      if (scene.kills) await picture;
      else under.push(picture);
    }
  }
  await Promise.all(under);
}

async function shootOne(
  browser: Browser,
  gateway: GatewayProcess,
  scene: Scene,
  size: Size,
  theme: Theme,
): Promise<void> {
  const opened = await openPage(browser, { baseURL: gateway.origin, colorScheme: theme, ...SIZES[size] });
  opened.expectNetworkFailures();
  opened.expectRefusals();
  const picture = `${scene.name}-${size}-${theme}`;
  const miss = (error: unknown): void => {
    failed.push(`${picture}: ${String(error).split('\n')[0]}`);
  };
  // One that cannot be taken is no reason to lose those that follow.
  await take(opened, gateway, scene, path.join(FOLDER, `${picture}.png`), miss).catch(miss);
  await opened.close().catch((error: unknown) => {
    failed.push(`${picture}: ${String(error)}`);
  });
}

async function take(
  { page, context }: OpenPage,
  gateway: GatewayProcess,
  scene: Scene,
  file: string,
  miss: (error: unknown) => void,
): Promise<void> {
  if (scene.person !== undefined) {
    await context.request.post('/api/session', { data: { person: scene.person } });
  }
  await page.goto(scene.path ?? '/');
  // What came instead is worth looking at.
  await scene.stage?.(page, gateway).catch(miss);
  await filled(page).catch(miss);
  await page.evaluate('document.fonts.ready');
  // The glow of rows that have just come would be in the picture.
  await page.waitForTimeout(1600);
  await page.screenshot({ path: file });
}

/** Waits until something stands on the page: its part of the program is loaded when it is first used. */
async function filled(page: Page): Promise<void> {
  const place = page.locator('.page').or(page.locator('#console:not(:has(.page))'));
  // Also below a tray that covers it.
  await place.filter({ hasText: /\S/ }).first().waitFor({ state: 'attached' });
}
