import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { live, noticed } from '../stages.ts';

const phone = (page: Page): boolean => (page.viewportSize()?.width ?? 0) < 640;

const onPage = async (page: Page): Promise<void> => {
  await page.locator('.object-facts [data-truth="live"]').waitFor();
  await page.getByRole('tabpanel').locator('.verdict, .snapshots, .notice').first().waitFor();
};

/** Takes a snapshot. */
async function snapshots(page: Page): Promise<void> {
  await onPage(page);
  await page.keyboard.press('T');
  const dialog = page.getByRole('dialog');
  // The one it would be given has the second in it: those of the other pictures are taken at the same time.
  const field = dialog.getByLabel('Name');
  await field.fill(`${await field.inputValue()}-${randomUUID().slice(0, 4)}`);
  await dialog.getByRole('button', { name: 'Take it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.snapshot-moment[data-status="Succeeded"]').first().waitFor();
}

/** Machines: the list, one machine, its snapshots, and what is asked before things are done. */
export const scenes: readonly Scene[] = [
  { name: 'machines', person: 'admin', path: '/vms', stage: live },
  {
    name: 'machines-chosen',
    person: 'admin',
    path: '/vms?q=status:running',
    stage: async (page) => {
      await live(page);
      if (!phone(page)) for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      else await page.getByText('build-agent').click({ button: 'right' });
    },
  },
  {
    name: 'machines-menu',
    person: 'alice',
    path: '/vms?ns=team-a',
    stage: async (page) => {
      await live(page);
      for (const key of ['j', '.']) await page.keyboard.press(key);
      await page.getByRole('menu').waitFor();
    },
  },
  { name: 'machines-none', person: 'admin', path: '/vms?ns=default', stage: live },
  { name: 'machines-forbidden', person: 'carol', path: '/vms?ns=team-a', stage: noticed },
  { name: 'machine', person: 'admin', path: '/vms/team-a/build-agent', stage: onPage },
  { name: 'machine-why', person: 'admin', path: '/vms/platform/render', stage: onPage },
  {
    name: 'machine-snapshots',
    person: 'admin',
    path: '/vms/team-a/legacy-crm?tab=snapshots',
    stage: snapshots,
  },
  {
    name: 'machine-restore',
    person: 'admin',
    path: '/vms/team-b/jump-host?tab=snapshots',
    stage: async (page) => {
      await snapshots(page);
      await page
        .getByRole('button', { name: /^Restore / })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
];
