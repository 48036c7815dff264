import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { settle, shell } from '../stages.ts';

/** Logs, shells and recordings. */
export const scenes: readonly Scene[] = [
  {
    name: 'logs',
    person: 'admin',
    path: '/logs?ns=shop&kind=deployments&name=checkout',
    stage: async (page) => {
      await page.locator('.logs-state-live').waitFor();
      await settle(page);
    },
  },
  { name: 'logs-forbidden', person: 'carol', path: '/logs?ns=payments&pod=ledger-0', stage: settle },
  { name: 'shells', person: 'admin', path: '/shells', stage: settle },
  { name: 'shell', person: 'admin', path: '/resources/pods?ns=shop', stage: (page) => shell(page) },
  {
    name: 'shell-guests',
    person: 'admin',
    path: '/resources/pods?ns=shop',
    stage: async (page) => {
      await shell(page);
      await page
        .getByRole('button', { name: /people|in this shell/i })
        .first()
        .click();
      await settle(page);
    },
  },
  {
    name: 'tray-two',
    person: 'admin',
    path: '/resources/pods?ns=shop',
    stage: async (page) => {
      await shell(page);
      await page.keyboard.press('Control+Shift+Escape');
      await page.evaluate('document.activeElement?.blur()');
      await page.keyboard.press('l');
      await page.locator('.tray-panel:not([hidden]) .logs-rows').first().waitFor();
      await settle(page);
    },
  },
  { name: 'recordings', person: 'admin', path: '/recordings', stage: settle },
  { name: 'replay', person: 'admin', path: '/resources/pods?ns=shop', stage: (page) => replay(page) },
];

async function replay(page: Page): Promise<void> {
  await shell(page);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('button', { name: /^Stop recording/ }).waitFor();
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('cat /etc/os-release\n');
  await settle(page);
  await page.keyboard.type('exit 0\n');
  await page.getByRole('button', { name: 'Replay the recording' }).click();
  await page.waitForURL('**/recordings/**');
  await settle(page);
}
