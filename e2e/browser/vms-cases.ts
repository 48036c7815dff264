import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { machine } from '../rooms/vms-cases.ts';
import { rowOf, untilLive, type ConsoleFixture } from './console-fixture.ts';

/** A guest under emulation takes its time. */
const LIMIT = { timeout: 300_000 };
export const RUN = { timeout: 150_000 };

export const machines = (namespace: string): string =>
  `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;

/** Waits until the row of a machine shows the status. */
export const untilStatus = (page: Page, name: string, status: string) =>
  rowOf(page, name).getByText(status, { exact: true }).waitFor(RUN);

/** Waits until the gateway has seen that KubeVirt is there. */
export async function untilLit({ gateway }: ConsoleFixture, namespace: string, token: string): Promise<void> {
  await pollUntil(
    'the room to be lit',
    async () => {
      const answer = await fetch(`${gateway.origin}/api/vms?namespace=${namespace}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.ok;
    },
    { deadlineMs: 60_000 },
  );
}

const header = (page: Page) => page.locator('.object-facts');

/** What people do with machines, on any cluster that runs KubeVirt. Called at the top level of a test file. */
export async function vmsCases(fixture: ConsoleFixture): Promise<void> {
  const { target } = fixture;
  const namespace = await target.namespace('console-vms');
  const { token } = await fixture.person(namespace, 'operator', 'admin');
  const list = `/vms?ns=${namespace}`;
  await untilLit(fixture, namespace, token);
  // A real one keeps its machines until their guests have ended: they go before their namespace.
  target.undo(async () => {
    await fixture.kubectl('-n', namespace, 'delete', 'virtualmachines.kubevirt.io', '--all', '--wait=false');
  });

  test('[VP1, VP4] machines show as they are made, and start and stop by key as tasks', LIMIT, async () => {
    const opened = await fixture.open(list, { token });
    const { page } = opened;
    const { keyboard } = page;
    await page.getByRole('heading', { name: 'No machines here' }).waitFor();
    await target.make(machines(namespace), machine('web'));
    await rowOf(page, 'web').waitFor();
    await untilLive(page);
    await untilStatus(page, 'web', 'Stopped');
    await keyboard.press('j');
    await keyboard.press('B');
    await untilStatus(page, 'web', 'Running');
    await page.getByText(/^Start .*\/web: done/).waitFor(RUN);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'web', level: 1 }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/vms/${namespace}/web`);
    await page.getByText('It runs.', { exact: true }).waitFor(RUN);
    await page.getByRole('link', { name: /^virt-launcher-web-/ }).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Whoever is connected to it loses the connection.', { exact: false }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await header(page).getByText('Stopped', { exact: true }).waitFor(RUN);
    await page.getByText(/^It is off: with the run strategy Manual/).waitFor();
    await opened.close();
  });

  test(
    '[VP6, VP7] a snapshot is taken, put back into its machine and into a new one, and deleted',
    LIMIT,
    async () => {
      await target.make(machines(namespace), machine('db'));
      const opened = await fixture.open(`/vms/${namespace}/db?tab=snapshots`, { token });
      const { page } = opened;
      await header(page).getByText('Stopped', { exact: true }).waitFor(RUN);
      await page.getByRole('button', { name: 'Take a snapshot' }).last().click();
      await page.getByRole('textbox', { name: 'Name' }).fill('before');
      await page.getByRole('button', { name: 'Take it' }).click();
      const taken = page.getByRole('listitem').filter({ hasText: 'before' }).first();
      await taken.getByText('Ready', { exact: true }).waitFor(RUN);
      assert.deepEqual(await axeFindings(page), []);
      await restoreInto(page, 'db');
      await page.getByText('Restored into db from before').waitFor(RUN);
      await page.getByRole('button', { name: 'Restore before' }).click();
      await page.getByText('Under a new name').click();
      await page.getByRole('textbox', { name: 'Name of the new machine' }).fill('db');
      await page.getByText('There is “db” already.').waitFor();
      await page.getByRole('textbox', { name: 'Name of the new machine' }).fill('db-copy');
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('button', { name: 'Restore', exact: true }).click();
      await page.getByText('Restored into db-copy from before').waitFor(RUN);
      await page.getByRole('button', { name: 'Delete before' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('before');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('button', { name: 'Delete before' }).waitFor({ state: 'detached', ...RUN });
      await page.goto(list);
      await rowOf(page, 'db-copy').waitFor();
      await opened.close();
    },
  );

  test(
    '[VP4] a machine is deleted by typing its name, and its page says that it is gone',
    LIMIT,
    async () => {
      await target.make(machines(namespace), machine('old'));
      const opened = await fixture.open(`/vms/${namespace}/old`, { token });
      const { page } = opened;
      await header(page).getByText('Stopped', { exact: true }).waitFor(RUN);
      await page.keyboard.press('d');
      const dialog = page.getByRole('dialog');
      const confirm = dialog.getByRole('button', { name: 'Delete', exact: true });
      assert.equal(await confirm.isDisabled(), true);
      await dialog.getByRole('textbox').fill('old');
      await confirm.click();
      await page.getByText('This machine was deleted.', { exact: false }).waitFor(RUN);
      await pollUntil('the machine to be gone', async () => {
        const { status } = await target.admin.get(`${machines(namespace)}/old`);
        return status === 404;
      });
      await page.reload();
      await page.getByRole('heading', { name: '“old” is not there' }).waitFor(RUN);
      assert.equal(await page.getByRole('tab').count(), 0);
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('link', { name: `Machines of ${namespace}` }).click();
      await page.waitForURL((url) => url.pathname === '/vms');
      await opened.close();
    },
  );
}

/** Says that it goes back, and wants the name. */
async function restoreInto(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Restore before' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('What was written since then is lost for good.', { exact: false }).waitFor();
  const confirm = dialog.getByRole('button', { name: 'Restore', exact: true });
  assert.equal(await confirm.isDisabled(), true);
  await dialog.getByRole('textbox').fill(name);
  await confirm.click();
}
