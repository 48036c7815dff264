import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openPage } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import type { Scene } from './scene.ts';
import { ROOT, SIZES } from './shoot.ts';
import { sharedScreen } from './stage-screen.ts';
import { settle, settled, shell, wrong } from './stages.ts';

const README_FOLDER = path.join(ROOT, 'docs/images');
const README_MOST_BYTES = 250 * 1024;
/** The demo cluster has its crash loops and its usage by then. */
const README_SETTLE_MS = 120_000;

/** The list with what the machines use, two of them chosen. */
async function machines(page: Page): Promise<void> {
  await settle(page);
  await page.locator('.machine-use').first().waitFor();
  for (const key of ['j', 'j', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
  // Enough samples for a line.
  await setTimeout(60_000);
}

/** The README's pictures: of a cluster that has settled. */
const README_SCENES: readonly Scene[] = [
  { name: 'overview', path: '/overview', stage: wrong },
  {
    name: 'object',
    path: '/resource/deployments/checkout?ns=shop',
    stage: async (page) => {
      await page.locator('.object-head h1').waitFor();
      await settle(page);
      await page.keyboard.press('l');
      await settle(page);
    },
  },
  { name: 'shell', path: '/resources/pods?ns=shop', stage: (page) => shell(page, /checkout/) },
  { name: 'vms', path: '/vms', stage: machines },
  {
    name: 'screen',
    path: '/vms?ns=team-a',
    stage: (page, gateway) => sharedScreen(page, gateway, 'erp-vm'),
  },
];

/** With a gateway of its own: no other picture has changed what its cluster holds. */
export async function shootReadme(browser: Browser): Promise<void> {
  await mkdir(README_FOLDER, { recursive: true });
  const gateway = await GatewayProcess.start();
  try {
    await settled(gateway);
    // Usage is gathered while somebody looks.
    const looking = await openPage(browser, { baseURL: gateway.origin });
    await looking.context.request.post('/api/session', { data: { person: 'admin' } });
    await looking.page.goto('/resource/deployments/checkout?ns=shop');
    await setTimeout(README_SETTLE_MS);
    await looking.close();
    for (const scene of README_SCENES) await shootForReadme(browser, gateway, scene);
  } finally {
    await gateway.close();
  }
}

async function shootForReadme(browser: Browser, gateway: GatewayProcess, scene: Scene): Promise<void> {
  const { name, path: address = '/', stage } = scene;
  const opened = await openPage(browser, { baseURL: gateway.origin, ...SIZES.wide });
  await opened.context.request.post('/api/session', { data: { person: 'admin' } });
  await opened.page.goto(address);
  await stage?.(opened.page, gateway);
  // Rows that have just come glow.
  await opened.page.waitForTimeout(4000);
  const file = path.join(README_FOLDER, `${name}.png`);
  await opened.page.screenshot({ path: file });
  await opened.close();
  const { size } = await stat(file);
  if (size > README_MOST_BYTES)
    throw new Error(`${name}.png has ${size} bytes, more than ${README_MOST_BYTES}`);
}
