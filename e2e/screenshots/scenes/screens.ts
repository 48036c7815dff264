import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { settle } from '../stages.ts';

/** Screens of machines, and their wall. */
export const scenes: readonly Scene[] = [
  { name: 'screen', person: 'admin', path: '/vms/team-a/erp-vm/screen', stage: (page) => drawn(page) },
  {
    name: 'screen-people',
    person: 'alice',
    path: '/vms/team-a/erp-vm/screen',
    stage: (page) => press(page, /^People/),
  },
  {
    name: 'screen-share',
    person: 'alice',
    path: '/vms/team-a/build-agent/screen',
    stage: (page) => press(page, /^Share/),
  },
  {
    name: 'screen-keys',
    person: 'alice',
    path: '/vms/team-a/build-agent/screen',
    stage: (page) => press(page, /^Send keys/),
  },
  { name: 'screen-off', person: 'alice', path: '/vms/team-a/spare/screen', stage: settle },
  { name: 'screen-forbidden', person: 'bob', path: '/vms/team-b/jump-host/screen', stage: refused },
  { name: 'screen-nobody', person: 'alice', path: '/vms/team-a/nobody/screen', stage: refused },
  {
    name: 'screen-tray',
    person: 'admin',
    path: '/vms/wall',
    stage: async (page) => {
      await page.locator('.wall-tile', { hasText: 'erp-vm' }).focus();
      await page.keyboard.press('v');
      await drawn(page);
    },
  },
  {
    name: 'wall',
    person: 'admin',
    path: '/vms/wall',
    stage: async (page) => {
      await page.locator('.wall-tile[data-picture="shown"]').first().waitFor();
      await settle(page);
    },
  },
];

/** Waits for the first picture. */
async function drawn(page: Page): Promise<void> {
  await page.locator('.phase-mark[data-state="live"]').waitFor();
  await page.locator('.screen-live canvas').waitFor();
  await settle(page);
}

/** Waits until it is known why there is none. */
async function refused(page: Page): Promise<void> {
  await page.locator('.screen .notice').waitFor();
  await settle(page);
}

async function press(page: Page, name: RegExp): Promise<void> {
  await drawn(page);
  await page.getByRole('button', { name }).click();
  await settle(page);
}
