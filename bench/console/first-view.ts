import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { median, print } from './stats.ts';
import { undisturbed } from './undisturbed.ts';

const REPEATS = 5;
const MOST_BYTES = 250 * 1024;
const MOST_MS = 1000;

/** What stands there when the page can be used. */
const VIEWS = [
  { name: 'table of pods', path: '/resources/pods', ready: '.row .lead' },
  { name: 'overview', path: '/overview', ready: 'main h1, main h2' },
] as const;

/** Cold cache, cold JavaScript: a new context each time. */
export async function measureFirstView(browser: Browser, options: BrowserContextOptions): Promise<void> {
  for (const view of VIEWS) {
    const runs: { bytes: number; ms: number }[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      runs.push(await undisturbed(() => inNewContext(browser, options, (page) => firstView(page, view))));
    }
    const bytes = median(runs.map((run) => run.bytes));
    const ms = median(runs.map((run) => run.ms));
    print(
      `first view, ${view.name}: script, gzipped`,
      `${(bytes / 1024).toFixed(0)} KB`,
      '< 250 KB',
      bytes < MOST_BYTES,
    );
    print(`first view, ${view.name}: interactive after`, `${ms.toFixed(0)} ms`, '< 1,000 ms', ms < MOST_MS);
  }
}

async function inNewContext<T>(
  browser: Browser,
  options: BrowserContextOptions,
  measure: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    return await measure(await context.newPage());
  } finally {
    await context.close();
  }
}

async function firstView(
  page: Page,
  { path, ready }: { path: string; ready: string },
): Promise<{ bytes: number; ms: number }> {
  const scripts: Promise<Buffer | undefined>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body().catch(() => undefined));
  });
  // Interactive: what was asked for is drawn, and the main thread takes the next task at once.
  await page.addInitScript(`
    globalThis.interactiveAt = new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector(${JSON.stringify(ready)})) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
      };
      requestAnimationFrame(look);
    });`);
  await page.goto(path);
  const ms = await page.evaluate<number>('globalThis.interactiveAt');
  const bodies = (await Promise.all(scripts)).filter((body) => body !== undefined);
  return { bytes: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0), ms };
}
