import type { Page } from 'playwright-core';
import { print } from './stats.ts';

const EVERY_MS = 5_000;
/** Growth that is no leak: strings of ages and counts come and go. */
const MOST_GROWTH = 0.1;

/** The tab's JavaScript heap after collection, while pods change: the last third beside the first. */
export async function measureMemory(page: Page, forMs: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('Performance.enable');
  const sizes: number[] = [];
  for (let at = 0; at <= forMs; at += EVERY_MS) {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    sizes.push(metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0);
    await page.waitForTimeout(EVERY_MS);
  }
  await session.detach();
  const third = Math.max(1, Math.floor(sizes.length / 3));
  const [first, last] = [mean(sizes.slice(0, third)), mean(sizes.slice(-third))];
  const growth = last / first - 1;
  const seconds = Math.round(forMs / 1000);
  print(
    `heap of the tab over ${seconds} s: ${(first / 1e6).toFixed(1)} MB, then ${(last / 1e6).toFixed(1)} MB`,
    `${(growth * 100).toFixed(1)} %`,
    'flat (< 10 %)',
    growth < MOST_GROWTH,
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
