import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { act, find, headline, live, settle } from '../stages.ts';

/** The frame's own parts: settings, rights, spotlight, tray, dialogs. */
export const scenes: readonly Scene[] = [
  { name: 'settings', person: 'alice', path: '/settings', stage: settle },
  { name: 'me', person: 'alice', path: '/me?in=team-a', stage: settle },
  { name: 'me-nothing', person: 'carol', path: '/me', stage: settle },
  {
    name: 'person-menu',
    person: 'alice',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.getByRole('button', { name: /^Person/ }).click();
    },
  },
  {
    name: 'keys',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'unknown-page',
    person: 'admin',
    path: '/nowhere',
    stage: (page) => headline(page, /no such page/),
  },
  {
    name: 'spotlight-start',
    person: 'admin',
    path: '/resources/pods',
    stage: (page) => live(page).then(() => find(page, '')),
  },
  {
    name: 'spotlight',
    person: 'admin',
    path: '/resources/pods',
    stage: (page) => live(page).then(() => find(page, 'ledger')),
  },
  {
    name: 'spotlight-actions',
    person: 'alice',
    path: '/resources/pods?ns=team-a',
    stage: async (page) => {
      await live(page);
      await find(page, await page.locator('.row .lead').first().innerText());
      await page.keyboard.press('Tab');
      await page.getByRole('option').nth(3).waitFor();
    },
  },
  {
    name: 'spotlight-none',
    person: 'bob',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('ledger');
      await page.getByText('Nothing is called').waitFor();
    },
  },
  {
    name: 'tray-tasks-empty',
    person: 'carol',
    path: '/resources/pods',
    stage: async (page) => {
      await settle(page);
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.getByText('Nothing under way').waitFor();
    },
  },
  {
    name: 'tray-tasks',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page, gateway) => {
      await live(page);
      const names = await page.locator('.row .lead').allInnerTexts();
      for (const [action, name] of [
        ['restart', names[0]],
        ['restart', names[1]],
        ['scale', 'no-such-deployment'],
      ] as const) {
        await page.request.post(`/api/actions/${action}`, {
          headers: { origin: gateway.origin },
          data: {
            targets: [{ kind: 'deployments', namespace: 'shop', name }],
            ...(action === 'scale' && { replicas: 1 }),
          },
        });
      }
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.locator('.task').first().waitFor();
      await page.locator('button.task-title').first().click();
    },
  },
  { name: 'tray-many', person: 'admin', path: '/resources/pods', stage: (page) => manyTabs(page) },
  {
    name: 'dialog-delete',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page) => {
      await live(page);
      await act(page, 'checkout deployment', 'Delete');
      await page.getByRole('dialog').waitFor();
      await settle(page);
    },
  },
  {
    name: 'dialog-scale',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page) => {
      await live(page);
      await act(page, 'checkout deployment', 'Scale');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'dialog-drain',
    person: 'admin',
    path: '/resources/v1/nodes',
    stage: async (page) => {
      await live(page);
      await act(page, 'worker-1', 'Drain');
      await page.getByRole('dialog').waitFor();
      await settle(page);
    },
  },
];

async function manyTabs(page: Page): Promise<void> {
  await live(page);
  const tabs = Array.from({ length: 24 }, (_, index) => ({
    id: `t${index}`,
    type: index === 0 ? 'tasks' : 'logs',
    title: index === 0 ? 'Tasks' : `checkout-c474798dd-5sz${index}`,
    params: index === 0 ? {} : { ns: 'shop', pod: 'no-such-pod' },
  }));
  const saved = { version: 1, owner: 'admin', tabs, shown: ['t0', 't2'], heightPx: 360, full: false };
  await page.evaluate(`sessionStorage.setItem('krateyard.tray', ${JSON.stringify(JSON.stringify(saved))})`);
  await page.reload();
  await page.locator('.tray-panel:not([hidden])').first().waitFor();
  await settle(page);
}
