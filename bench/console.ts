import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openBrowser } from '../e2e/harness/browser.ts';
import { measureFirstView } from './console/first-view.ts';
import { measureMemory } from './console/memory.ts';
import { measureOpening } from './console/opening.ts';
import { measureScrolling, measureTyping } from './console/table.ts';
import { startProgram } from './lists/child.ts';

const ROOT = join(import.meta.dirname, '..');
const PODS = 10_000;
const CHANGES_PER_S = 500;

/** What a comparison with it would take, and why there is none. */
const HEADLAMP =
  'Headlamp: not measured. It is published as container images and desktop builds. npm has the kit for its plugins ' +
  '(@kinvolk/headlamp-plugin: types and library code, no page), PyPI and Debian have nothing of it; a page put together from ' +
  'those parts, without its own server, would not be what people run.';

/**
 * The built console in Chromium before the built gateway on the sandbox: first view, a table of 10,000 pods while 500 of them
 * change every second, and opening objects. `--quick` shortens the watch over memory from 5 minutes to 40 s.
 */
export async function run(): Promise<void> {
  const quick = process.argv.includes('--quick');
  spawnSync(process.execPath, ['tools/build.ts', '--if-stale'], { cwd: ROOT, stdio: 'inherit' });
  const folder = await mkdtemp(join(tmpdir(), 'krateyard-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const sandbox = await startProgram('bench/console/busy-sandbox.ts', [
    '--pods',
    String(PODS),
    '--changes',
    String(CHANGES_PER_S),
    '--write-kubeconfig',
    kubeconfig,
  ]);
  const gateway = await startProgram('dist/gateway/main.js', [
    '--port',
    '0',
    '--kubeconfig',
    kubeconfig,
    '--state-dir',
    folder,
  ]);
  const browser = await openBrowser();
  try {
    const options = await signedIn(browser, gateway.printed, gateway.origin);
    await measureFirstView(browser, options);
    await measureTable(browser, options, quick);
    console.log(HEADLAMP);
  } finally {
    await browser.close();
    gateway.child.kill();
    sandbox.child.kill();
    await once(sandbox.child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureTable(browser: Browser, options: BrowserContextOptions, quick: boolean): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto('/resources/pods');
  await page.locator('.row .lead').first().waitFor({ timeout: 60_000 });
  await measureScrolling(page);
  await measureTyping(page);
  await measureOpening(page);
  await measureMemory(page, quick ? 40_000 : 300_000);
  await context.close();
}

/** The ticket of the printed URL is good for one sign-in: its cookie serves every context. */
async function signedIn(browser: Browser, printed: string, origin: string): Promise<BrowserContextOptions> {
  const options = { baseURL: origin, viewport: { width: 1440, height: 900 } };
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(/http:\S+/.exec(printed)?.[0] ?? origin);
  await page.locator('.top-bar').waitFor();
  const storageState = await context.storageState();
  await context.close();
  return { ...options, storageState };
}
