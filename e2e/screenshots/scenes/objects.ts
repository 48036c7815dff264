import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { live, noticed, settle } from '../stages.ts';

const OBJECT_TABS = ['summary', 'relations', 'events', 'yaml', 'history', 'access'];

/** Pages of objects. */
export const scenes: readonly Scene[] = [
  ...OBJECT_TABS.map((tab) => ({
    name: `object-${tab}`,
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: objectPage(tab),
  })),
  { name: 'object-pod', person: 'admin', path: '/resources/pods?ns=shop', stage: objectPage('summary') },
  { name: 'object-node', person: 'admin', path: '/resources/v1/nodes', stage: objectPage('summary') },
  { name: 'object-missing', person: 'admin', path: '/resource/pods/no-such-pod?ns=shop', stage: noticed },
  { name: 'object-forbidden', person: 'carol', path: '/resource/secrets/x?ns=payments', stage: noticed },
  { name: 'create', person: 'admin', path: '/create', stage: settle },
  { name: 'create-form', person: 'admin', path: '/create?ns=shop&kind=deployments', stage: dryRun },
];

/** Opens the object of the first row of a table on its own page. */
function objectPage(tab: string): (page: Page) => Promise<void> {
  return async (page) => {
    await live(page);
    const row = page.locator('.row', { hasText: /checkout|worker-1/ }).first();
    const name = await row.locator('.lead').innerText();
    const [, kind] = new URL(page.url()).pathname.split('/resources/');
    const ns = new URL(page.url()).searchParams.get('ns');
    await page.goto(`/resource/${kind}/${name}?${ns ? `ns=${ns}&` : ''}tab=${tab}`);
    await page.locator('.object-facts [data-truth="live"]').waitFor();
    await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
    await settle(page);
  };
}

/** What the form makes, as the API server would make it. */
async function dryRun(page: Page): Promise<void> {
  await page.getByRole('region', { name: /^Form/ }).waitFor();
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('will be created').first().waitFor();
}
