import type { Page } from 'playwright-core';
import { median, print, quantile } from './stats.ts';
import { undisturbed } from './undisturbed.ts';

const TIMES = 15;
const MOST_MS = 150;

/** From the key to the object's facts on screen. */
export async function measureOpening(page: Page): Promise<void> {
  await undisturbed(() =>
    measure(page, 'opening an object beside the table', 'Enter', '.panel-body dl, .panel-body section'),
  );
  await undisturbed(() => measure(page, 'opening the page of an object', 'o', '.object-page .object-facts'));
}

async function measure(page: Page, what: string, key: string, ready: string): Promise<void> {
  const all: number[] = [];
  for (let time = 0; time <= TIMES; time += 1) {
    await page.keyboard.press('j');
    // A row that is still on its way cannot be opened.
    await page.locator('.row[data-current] .lead').waitFor();
    // Set up before the key is pressed: the two take different ways into the page.
    await page.evaluate(`void (globalThis.shown = new Promise((resolve, reject) => {
      let from;
      document.addEventListener('keydown', (event) => { from = event.timeStamp; }, { once: true, capture: true });
      const look = () => {
        if (from !== undefined && document.querySelector(${JSON.stringify(ready)}))
          requestAnimationFrame(() => resolve(performance.now() - from));
        else requestAnimationFrame(look);
      };
      look();
      setTimeout(() => reject(new Error('not shown within 20 s')), 20_000);
    }))`);
    await page.keyboard.press(key);
    const ms = await page.evaluate<number>('globalThis.shown');
    // The first one loads the code.
    if (time > 0) all.push(ms);
    await back(page, key);
  }
  print(`${what}: median`, `${median(all).toFixed(0)} ms`, '< 150 ms', median(all) < MOST_MS);
  print(`${what}: p95`, `${quantile(all, 0.95).toFixed(0)} ms`, '', true);
}

async function back(page: Page, key: string): Promise<void> {
  if (key === 'Enter') await page.keyboard.press('Escape');
  else await page.goBack();
  await page.locator('.row .lead').first().waitFor();
  await page.locator('.panel').waitFor({ state: 'detached' });
}
