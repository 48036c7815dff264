import { AxeBuilder } from '@axe-core/playwright';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { chromiumPath } from './chromium.ts';

/** The narrowest screen that the console is drawn for. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Chromium from the npm package; one per test file, a context per test. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromiumPath(),
    // Not the package's own arguments: they are for one page in one process, with web security off.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    headless: true,
    // Without a language this Chromium says `en-US@posix`, which Intl refuses.
    env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' },
  });
}

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** From now on the network may fail: Chromium itself writes each failed request to the console. */
  expectNetworkFailures(): void;
  /** Answers with 401, 403, 404 … that the test means to get; they are written to the console too. */
  expectRefusals(): void;
  /** Closes the page and throws when anything was written to the console as an error or a promise was rejected uncaught. */
  close(): Promise<void>;
}

const NETWORK =
  /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket connection to|ERR_INCOMPLETE|ERR_ABORTED|ERR_FAILED|503 \(/;
/** Pods that come and go on this machine (a cluster runs beside the tests) change its network interfaces. */
const SURROUNDINGS = /ERR_NETWORK_CHANGED/;
const REFUSAL = /the server responded with a status of 4\d\d/;

/** A page whose every console error, warning about security, uncaught error and rejection fails the test at `close`. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'dark',
    reducedMotion: 'no-preference',
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const allowed: RegExp[] = [SURROUNDINGS];
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    problems.push(`${message.text()} (${message.location().url})`);
    if (SURROUNDINGS.test(message.text())) void reloadIfEmpty(page);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  return {
    page,
    context,
    expectNetworkFailures: () => allowed.push(NETWORK),
    expectRefusals: () => allowed.push(REFUSAL),
    close: async () => {
      await context.close();
      const left = problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
      if (left.length > 0) throw new Error(`the page complained:\n${left.join('\n')}`);
    },
  };
}

const reloading = new WeakSet<Page>();

/** What a person would do when the network changed while a page was loaded, and left it without its script. */
async function reloadIfEmpty(page: Page): Promise<void> {
  if (reloading.has(page)) return;
  reloading.add(page);
  try {
    await page
      .locator('#console > *')
      .first()
      .waitFor({ timeout: 3_000 })
      .catch(() => page.reload());
  } catch {
    // The page was closed or went elsewhere meanwhile; the test says what it misses.
  } finally {
    reloading.delete(page);
  }
}

/** Waits for colours that are on their way to others, and glows; what turns for ever is left to it. */
const STANDS = `Promise.all(
  document.getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity)
    .map(({ finished }) => finished.catch(() => undefined)),
).then(() => undefined)`;

/** Serious and critical findings of axe in the page as it stands, one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(STANDS);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}
