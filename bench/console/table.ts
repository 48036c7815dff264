import type { CDPSession, Page } from 'playwright-core';
import { print, quantile } from './stats.ts';

const SCROLL_MS = 5_000;
const SCROLL_PX_PER_S = 2_400;
const PRESSES = 120;
const PRESS_EVERY_MS = 60;

/** Frames drawn while the table is scrolled by wheel, down and up, as Chromium itself makes the gesture. */
export async function measureScrolling(page: Page): Promise<void> {
  const box = (await page.getByRole('grid').boundingBox())!;
  const session = await page.context().newCDPSession(page);
  await page.evaluate(`
    globalThis.frames = [];
    globalThis.framing = true;
    requestAnimationFrame(function frame(at) {
      globalThis.frames.push(at);
      if (globalThis.framing) requestAnimationFrame(frame);
    });`);
  // Processor time, not time on the clock: a busy machine must not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await busyMs(session);
  for (const direction of [-1, 1]) {
    await session.send('Input.synthesizeScrollGesture', {
      x: Math.round(box.x + box.width / 2),
      y: Math.round(box.y + box.height / 2),
      yDistance: direction * Math.round((SCROLL_PX_PER_S * SCROLL_MS) / 2000),
      speed: SCROLL_PX_PER_S,
      gestureSourceType: 'mouse',
    });
  }
  const frames = await page.evaluate<number[]>('globalThis.framing = false, globalThis.frames');
  const gaps = frames.slice(1).map((at, index) => at - frames[index]!);
  const fps = ((frames.length - 1) * 1000) / (frames.at(-1)! - frames[0]!);
  print('scrolling 10,000 pods: frames a second', fps.toFixed(1), '≥ 55', fps >= 55);
  const busy = ((await busyMs(session)) - before) / frames.length;
  // What the page itself takes: below 16.7 ms it can draw 60 a second, wherever the machine lets it.
  print(
    'scrolling 10,000 pods: main thread for each frame',
    `${busy.toFixed(1)} ms`,
    '< 16.7 ms',
    busy < 16.7,
  );
  print(
    'scrolling 10,000 pods: slowest of 20 frames (p95)',
    `${quantile(gaps, 0.95).toFixed(1)} ms`,
    '',
    true,
  );
  await session.detach();
}

async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** From the key to the paint that follows it (Event Timing); shorter than 16 ms is told as 16. */
export async function measureTyping(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.presses = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') globalThis.presses.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });`);
  await page.keyboard.press('Home');
  for (let press = 0; press < PRESSES; press += 1) {
    await page.keyboard.press(press % 20 === 19 ? 'PageDown' : 'j');
    await page.waitForTimeout(PRESS_EVERY_MS);
  }
  const told = await page.evaluate<number[]>('globalThis.presses');
  const all = [...told, ...Array.from({ length: Math.max(0, PRESSES - told.length) }, () => 16)];
  const p95 = quantile(all, 0.95);
  print(
    'moving by key while pods change: key to paint, p95',
    `≤ ${p95.toFixed(0)} ms`,
    '< 100 ms',
    p95 < 100,
  );
}
