import type { Page } from 'playwright-core';
import type { Scene } from '../scene.ts';
import { headline, live, settle } from '../stages.ts';

/** Tables, the panel beside them, and what stands in their place. */
export const scenes: readonly Scene[] = [
  { name: 'table', person: 'admin', path: '/resources/pods', stage: live },
  { name: 'table-filtered', person: 'admin', path: '/resources/pods?q=status:failed,pending', stage: live },
  { name: 'table-one-namespace', person: 'bob', path: '/resources/pods?ns=team-b', stage: live },
  { name: 'nodes', person: 'admin', path: '/resources/v1/nodes', stage: live },
  { name: 'events', person: 'admin', path: '/resources/events', stage: live },
  { name: 'events-warnings', person: 'admin', path: '/resources/events?q=status:warning', stage: live },
  { name: 'table-by-use', person: 'admin', path: '/resources/pods?sort=-memory-used', stage: live },
  { name: 'secrets', person: 'admin', path: '/resources/secrets', stage: live },
  { name: 'crds', person: 'admin', path: '/resources/crds', stage: live },
  { name: 'custom', person: 'admin', path: '/resources/pki.yard.example/v1/certificates', stage: live },
  { name: 'deployments', person: 'admin', path: '/resources/deployments', stage: live },
  { name: 'detail', person: 'admin', path: '/resources/pods', stage: openBadRow },
  {
    name: 'detail-event',
    person: 'admin',
    path: '/resources/events',
    stage: openBadRow,
  },
  {
    name: 'detail-yaml',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await openBadRow(page);
      await page.getByRole('tab', { name: 'YAML' }).click();
      await page.locator('.yaml pre, .cm-editor').first().waitFor();
    },
  },
  { name: 'kinds', person: 'admin', path: '/kinds', stage: settle },
  {
    name: 'kind-picker',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.getByRole('button', { name: /^Kind/ }).click();
      await page.getByRole('option').nth(8).waitFor();
    },
  },
  {
    name: 'namespace-picker',
    person: 'admin',
    path: '/resources/pods?ns=team-a,team-b',
    stage: async (page) => {
      await live(page);
      await page.getByRole('button', { name: /^Namespaces/ }).click();
      await page.getByRole('option').nth(2).waitFor();
    },
  },
  {
    name: 'bulk-bar',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page) => {
      await live(page);
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.getByRole('region', { name: 'Selection' }).waitFor();
      await settle(page);
    },
  },
  { name: 'empty', person: 'admin', path: '/resources/ingresses?ns=kube-system', stage: live },
  { name: 'no-match', person: 'admin', path: '/resources/pods?q=nothing-is-called-so', stage: live },
  {
    name: 'bad-filter',
    person: 'admin',
    path: '/resources/pods?q=label=a%3D%3D%3Db',
    stage: (page) => headline(page, /understood/),
  },
  {
    name: 'unknown-kind',
    person: 'admin',
    path: '/resources/example.com/v1/unicorns',
    stage: (page) => headline(page, /serves no/),
  },
  {
    name: 'forbidden',
    person: 'carol',
    path: '/resources/secrets',
    stage: (page) => headline(page, /may not/),
  },
];

async function openBadRow(page: Page): Promise<void> {
  await live(page);
  const bad = page.locator('.row', { has: page.locator('[data-shape="triangle"]') }).first();
  await ((await bad.count()) > 0 ? bad : page.locator('.row').first()).click();
  await page.locator('.panel .facts').first().waitFor();
  await page.mouse.move(700, 20);
}
