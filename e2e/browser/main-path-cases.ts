import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings } from '../harness/browser.ts';
import { configMap } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { namesOf, rowOf, untilLive, untilOverview, type ConsoleFixture } from './console-fixture.ts';

const LIMIT = { timeout: 120_000 };

/** The paths that matter most, on any cluster: sandbox and real. Called at the top level of a test file. */
export function mainPathCases(fixture: ConsoleFixture): void {
  const { target, gateway } = fixture;

  test('the printed URL signs in, and the ticket leaves the address bar', LIMIT, async () => {
    const opened = await fixture.open('/');
    await opened.page.goto(gateway.signInUrl);
    await untilOverview(opened.page);
    assert.match(opened.page.url(), /\/overview$/);
    assert.deepEqual(await axeFindings(opened.page), []);
    await opened.close();
  });

  test('a token signs in through the form; a bad one says why', LIMIT, async () => {
    const namespace = await target.namespace('console');
    const { token } = await fixture.person(namespace, 'viewer', 'view');
    const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`);
    opened.expectRefusals();
    const { page } = opened;
    await page.getByLabel('Bearer token').fill('not-a-token');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('Unauthorized').waitFor();
    await page.getByLabel('Bearer token').fill(token);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await rowOf(page, 'kube-root-ca.crt').waitFor();
    assert.equal(new URL(page.url()).search, `?ns=${namespace}`);
    await opened.close();
  });

  test('what kubectl creates, changes and deletes shows as it happens', LIMIT, async () => {
    const namespace = await target.namespace('console');
    const { token } = await fixture.person(namespace, 'viewer', 'view');
    const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
    const { page } = opened;
    await untilLive(page);
    await fixture.kubectl('-n', namespace, 'create', 'configmap', 'crate', '--from-literal=a=1');
    const row = rowOf(page, 'crate');
    await row.getByRole('gridcell', { name: '1', exact: true }).waitFor();
    await fixture.kubectl(
      '-n',
      namespace,
      'patch',
      'configmap',
      'crate',
      '--type=merge',
      '-p',
      '{"data":{"b":"2"}}',
    );
    await row.getByRole('gridcell', { name: '2', exact: true }).waitFor();
    await fixture.kubectl('-n', namespace, 'delete', 'configmap', 'crate');
    await row.waitFor({ state: 'detached' });
    await opened.close();
  });

  test(
    'losing the right takes the rows away and says why; getting it back shows them again',
    LIMIT,
    async () => {
      const namespace = await target.namespace('console');
      const { token } = await fixture.person(namespace, 'viewer', 'view');
      const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
      const { page } = opened;
      await rowOf(page, 'kube-root-ca.crt').waitFor();
      await fixture.kubectl('-n', namespace, 'delete', 'rolebinding', 'viewer');
      await page.getByRole('heading', { name: 'You lost the right to see this' }).waitFor();
      assert.deepEqual(await namesOf(page), []);
      assert.deepEqual(await axeFindings(page), []);
      const account = `--serviceaccount=${namespace}:viewer`;
      await fixture.kubectl(
        '-n',
        namespace,
        'create',
        'rolebinding',
        'viewer',
        '--clusterrole=view',
        account,
      );
      await pollUntil('the rows to be back', async () => {
        const again = page.getByRole('button', { name: 'Try again' });
        // It goes when the page has asked again by itself.
        if (await again.isVisible()) await again.click({ timeout: 1_000 }).catch(() => {});
        return (await namesOf(page)).includes('kube-root-ca.crt');
      });
      await opened.close();
    },
  );

  test('what may not be listed says so, and what does not exist too', LIMIT, async () => {
    const namespace = await target.namespace('console');
    const { token } = await fixture.person(namespace, 'nobody');
    const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
    const { page } = opened;
    await page.getByRole('heading', { name: 'You may not list configmaps' }).waitFor();
    await page.goto('/resources/example.com/v1/unicorns');
    await page.getByRole('heading', { name: /serves no/ }).waitFor();
    await opened.close();
  });

  test(
    'filter, sort, namespaces and the open object stand in the address and come back from it',
    LIMIT,
    async () => {
      const namespace = await target.namespace('console');
      const maps = `/api/v1/namespaces/${namespace}/configmaps`;
      for (const name of ['crate-a', 'crate-b', 'plank']) {
        await target.make(maps, configMap(name, {}, { labels: { shape: name.split('-')[0] } }));
      }
      const { token } = await fixture.person(namespace, 'viewer', 'view');
      const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
      const { page } = opened;
      await rowOf(page, 'plank').waitFor();
      await page.getByRole('textbox', { name: 'Filter' }).fill('label=shape=crate');
      await rowOf(page, 'plank').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Sort by Name', exact: true }).click();
      await pollUntil(
        'the rows to turn round',
        async () => (await namesOf(page)).join() === 'crate-b,crate-a',
      );
      await rowOf(page, 'crate-a').click();
      await page.getByRole('tab', { name: 'YAML' }).click();
      await page.locator('.yaml pre').getByText('name: crate-a').waitFor();
      const address = page.url();
      await opened.close();

      const again = await fixture.open(address, { token });
      await again.page.locator('.yaml pre').getByText('name: crate-a').waitFor();
      await untilLive(again.page);
      assert.deepEqual(await namesOf(again.page), ['crate-b', 'crate-a']);
      assert.equal(
        await again.page.getByRole('textbox', { name: 'Filter' }).inputValue(),
        'label=shape=crate',
      );
      assert.deepEqual(await axeFindings(again.page), []);
      await again.close();
    },
  );

  test('a proof of identity that ends is told, and nothing is shown any more', LIMIT, async () => {
    const namespace = await target.namespace('console');
    const { token } = await fixture.person(namespace, 'leaver', 'view');
    const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
    opened.expectNetworkFailures();
    opened.expectRefusals();
    const { page } = opened;
    await rowOf(page, 'kube-root-ca.crt').waitFor();
    await target.admin.delete(`/api/v1/namespaces/${namespace}/serviceaccounts/leaver`);
    await page.getByText('Your session has ended').waitFor({ timeout: 90_000 });
    assert.deepEqual(await namesOf(page), []);
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  });

  test('the main path by keyboard alone', LIMIT, async () => {
    const namespace = await target.namespace('console');
    const maps = `/api/v1/namespaces/${namespace}/configmaps`;
    for (const name of ['anvil', 'barrel', 'crate']) await target.make(maps, configMap(name));
    const { token } = await fixture.person(namespace, 'viewer', 'view');
    const opened = await fixture.open(`/resources/pods?ns=${namespace}`, { token });
    const { page } = opened;
    await untilLive(page);
    await page.keyboard.type(':');
    await page.getByRole('combobox', { name: 'Kind' }).waitFor();
    await page.keyboard.type('configmap');
    await page.keyboard.press('Enter');
    await rowOf(page, 'barrel').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('r');
    await rowOf(page, 'anvil').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Details: barrel' }).waitFor();
    await page.keyboard.press('y');
    await page.locator('.yaml pre').getByText('name: barrel').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Next row').first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL(`**/resources/pods?ns=${namespace}`);
    await opened.close();
  });

  test('a killed gateway is told and the page heals by itself', LIMIT, async () => {
    const namespace = await target.namespace('console');
    const maps = `/api/v1/namespaces/${namespace}/configmaps`;
    const { token } = await fixture.person(namespace, 'viewer', 'view');
    const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
    opened.expectNetworkFailures();
    const { page } = opened;
    await rowOf(page, 'kube-root-ca.crt').waitFor();
    await gateway.kill();
    await page.getByText(/Disconnected from the gateway since \d\d:\d\d/).waitFor();
    await page
      .locator('.stale-band')
      .getByText(/in \d+ s/)
      .waitFor();
    assert.doesNotMatch(await page.locator('.stale-band').ariaSnapshot(), /in \d+ s/, 'no counting aloud');
    assert.deepEqual(await namesOf(page), ['kube-root-ca.crt'], 'what was known stays');
    assert.deepEqual(await axeFindings(page), []);
    await target.make(maps, configMap('made-meanwhile'));
    await gateway.start();
    await rowOf(page, 'made-meanwhile').waitFor({ timeout: 30_000 });
    await untilLive(page);
    assert.equal(await page.getByText(/Disconnected/).count(), 0);
    await opened.close();
  });

  test(
    '[UI29, WP17] an API server that goes is told and the page heals by itself',
    { timeout: 240_000 },
    async () => {
      const namespace = await target.namespace('console');
      const maps = `/api/v1/namespaces/${namespace}/configmaps`;
      const { token } = await fixture.person(namespace, 'viewer', 'view');
      const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token });
      opened.expectNetworkFailures();
      const { page } = opened;
      await rowOf(page, 'kube-root-ca.crt').waitFor();
      const restarted = target.restartApiServer(10);
      const banner = page.getByRole('region', { name: 'API server' });
      await banner.getByText(/The API server does not answer since \d\d:\d\d/).waitFor({ timeout: 60_000 });
      await banner.getByText(/as it was known then.*This page goes on by itself/).waitFor();
      assert.deepEqual(await namesOf(page), ['kube-root-ca.crt'], 'what was known stays');
      assert.equal(await page.locator('.stale-band').count(), 0, 'it is said once');
      assert.deepEqual(await axeFindings(page), []);
      await restarted;
      await pollUntil('the API server to be back', async () => {
        return (await target.admin.post(maps, configMap('made-after'))).status === 201;
      });
      await rowOf(page, 'made-after').waitFor({ timeout: 60_000 });
      await untilLive(page);
      await banner.waitFor({ state: 'detached', timeout: 30_000 });
      await opened.close();
    },
  );
}
