import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings } from '../harness/browser.ts';
import { deployment } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { consoleFixture, rowOf, untilLive } from './console-fixture.ts';

const LIMIT = { timeout: 180_000 };
const fixture = await consoleFixture();
const { target } = fixture;
const namespace = await target.namespace('act');
const apps = `/apis/apps/v1/namespaces/${namespace}/deployments`;
for (const name of ['alpha', 'beta', 'gamma']) await target.make(apps, deployment(name, 1));
const editor = await fixture.person(namespace, 'editor', 'edit');
const viewer = await fixture.person(namespace, 'viewer', 'view');
const page = `/resources/deployments?ns=${namespace}&sort=name`;

const replicasOf = async (name: string): Promise<number> =>
  (await target.admin.get(`${apps}/${name}`)).body.spec.replicas as number;

test(
  '[AC14, AC15] by keyboard alone: the menu, a dialog that says what happens, and the task until it is seen',
  LIMIT,
  async () => {
    const opened = await fixture.open(page, { token: editor.token });
    const { page: tab } = opened;
    const { keyboard } = tab;
    await untilLive(tab);
    await rowOf(tab, 'alpha').waitFor();
    await keyboard.press('j');
    await keyboard.press('.');
    const menu = tab.getByRole('menu', { name: `Actions on ${namespace}/alpha` });
    await menu.getByRole('menuitem', { name: 'Scale' }).waitFor();
    assert.deepEqual(await axeFindings(tab), [], 'menu');
    await keyboard.type('scale');
    await keyboard.press('Enter');
    await tab.getByRole('spinbutton', { name: 'Replicas' }).waitFor();
    assert.deepEqual(await axeFindings(tab), [], 'scale');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await tab.getByText('Scale alpha to 2: done').waitFor({ timeout: 60_000 });
    assert.equal(await replicasOf('alpha'), 2);
    await keyboard.press('d');
    const dialog = tab.getByRole('dialog', { name: 'Delete Deployment alpha' });
    await dialog.getByText('Takes along 2 × Pod').waitFor();
    assert.deepEqual(await axeFindings(tab), [], 'delete');
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await replicasOf('alpha'), 2);
    await opened.close();
  },
);

test('[AC15] before a rollback the difference shows', LIMIT, async () => {
  const opened = await fixture.open(page, { token: editor.token });
  const { page: tab } = opened;
  const { keyboard } = tab;
  await untilLive(tab);
  await rowOf(tab, 'beta').waitFor();
  await keyboard.press('j');
  await keyboard.press('j');
  await keyboard.press('R');
  await tab.getByRole('dialog', { name: 'Restart Deployment beta' }).waitFor();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  const restarted = tab.locator('.toast', { hasText: 'Restart beta: done' });
  await restarted.waitFor({ timeout: 60_000 });
  // Several that end within moments of each other are told in one line.
  await restarted.waitFor({ state: 'detached' });
  await keyboard.press('.');
  await tab.getByRole('menuitem', { name: 'Roll back' }).click();
  const dialog = tab.getByRole('dialog', { name: 'Roll Deployment beta back' });
  await dialog.locator('.diff-old', { hasText: 'restartedAt' }).waitFor();
  assert.deepEqual(await axeFindings(tab), []);
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await tab.getByText(/^Roll beta back.*: done/).waitFor({ timeout: 60_000 });
  await opened.close();
});

test(
  '[AC2, AC14] what a person may not do stays in the menu, disabled with the reason, and its key does nothing',
  LIMIT,
  async () => {
    const opened = await fixture.open(page, { token: viewer.token });
    const { page: tab } = opened;
    await untilLive(tab);
    await rowOf(tab, 'gamma').waitFor();
    await rowOf(tab, 'gamma').click({ button: 'right' });
    const item = tab.getByRole('menuitem', { name: 'Delete' });
    await pollUntil('the refusal', async () => (await item.getAttribute('aria-disabled')) === 'true');
    await tab.getByText(/cannot delete resource "deployments"/).waitFor();
    assert.deepEqual(await axeFindings(tab), []);
    await tab.keyboard.press('Escape');
    await tab.keyboard.press('d');
    await tab.locator('.toast', { hasText: 'cannot delete resource' }).waitFor();
    assert.equal(await tab.getByRole('dialog').count(), 0);
    await opened.close();
  },
);
