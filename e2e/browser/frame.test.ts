import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, openPage, PHONE } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { untilLive } from './console-fixture.ts';
import { demoFixture } from './demo-fixture.ts';

/** The frame by keyboard alone: tray, tasks, dialogs, menus, what is said when links are down. */
const LIMIT = { timeout: 120_000 };
const { gateway, browser, openAs } = await demoFixture();

/** A tray with tabs that need nobody else, as an earlier visit would have left it. */
async function leaveTabs(page: Page, owner: string, count: number, shown: readonly string[]): Promise<void> {
  const tabs = Array.from({ length: count }, (_, index) => ({
    id: `t${String(index).padStart(2, '0')}`,
    type: index === 0 ? 'tasks' : 'not-of-this-console',
    title: index === 0 ? 'Tasks' : `tab number ${index}`,
    params: {},
  }));
  const saved = JSON.stringify({ version: 1, owner, tabs, shown, heightPx: 300, full: false });
  await page.evaluate(`sessionStorage.setItem('krateyard.tray', ${JSON.stringify(saved)})`);
  await page.reload();
}

const tabsOf = (page: Page) => page.getByRole('tab');
const titlesOf = (page: Page) => page.locator('.tray-strip [role="tab"] > .middle-cut').allTextContents();
const focusName = (page: Page) =>
  page.evaluate<string>(
    `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`,
  );

test(
  '[UF4, UF5] the tray opens, moves, splits, folds and comes back after a reload, by keys alone',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/pods');
    const { page } = opened;
    const { keyboard } = page;
    await untilLive(page);
    assert.equal(await page.locator('.tray').count(), 0, 'no tray without tabs');
    await keyboard.press('g');
    await keyboard.press('t');
    await page.getByRole('tabpanel', { name: 'Tasks' }).waitFor();
    await page.getByText('Nothing under way').waitFor();
    await leaveTabs(page, 'admin', 4, ['t00']);
    await untilLive(page);
    await page.getByRole('tabpanel', { name: 'Tasks' }).waitFor();
    await page.getByRole('tab', { name: 'Tasks' }).focus();
    await keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'tab number 1' }).waitFor();
    assert.equal(await page.getByRole('tab', { selected: true }).count(), 1);
    await pollUntil('the focus to follow', async () => (await focusName(page)) === 'tab number 1');
    await keyboard.press('Shift+ArrowRight');
    assert.deepEqual(await titlesOf(page), ['Tasks', 'tab number 2', 'tab number 1', 'tab number 3']);
    await pollUntil('the focus to stay', async () => (await focusName(page)) === 'tab number 1');
    await keyboard.press('End');
    await page.getByRole('tabpanel', { name: 'tab number 3' }).waitFor();
    await pollUntil('the focus to follow', async () => (await focusName(page)) === 'tab number 3');
    await keyboard.press('Shift+F10');
    await page.getByRole('menu', { name: 'tab number 3' }).waitFor();
    assert.deepEqual(await axeFindings(page), [], 'menu');
    await keyboard.press('Escape');
    await pollUntil('the focus to come back', async () => (await focusName(page)) === 'tab number 3');
    await keyboard.press('ArrowLeft');
    await pollUntil('the focus to follow', async () => (await focusName(page)) === 'tab number 1');
    await page.locator('#tray-tab-t00').focus();
    await keyboard.press('Shift+F10');
    await keyboard.type('show b');
    await keyboard.press('Enter');
    await pollUntil('two beside each other', async () => (await page.getByRole('tabpanel').count()) === 2);
    assert.deepEqual(await axeFindings(page), [], 'two tabs');
    await page.getByRole('separator').focus();
    const before = (await page.locator('.tray').boundingBox())!.height;
    await keyboard.press('ArrowUp');
    assert.equal((await page.locator('.tray').boundingBox())!.height, before + 24);
    await keyboard.press('f');
    await pollUntil('full screen', async () => (await page.locator('.tray').boundingBox())!.height === 900);
    assert.equal(
      await page.getByRole('navigation', { name: 'Rooms' }).count(),
      0,
      'what is covered is not read',
    );
    assert.deepEqual(await axeFindings(page), [], 'full screen');
    await keyboard.press('Escape');
    await page.reload();
    await pollUntil('the two to come back', async () => (await page.getByRole('tabpanel').count()) === 2);
    assert.equal((await page.locator('.tray').boundingBox())!.height, before + 24);
    await keyboard.press('Control+`');
    await pollUntil('the focus in the tray', () =>
      page.evaluate<boolean>("document.querySelector('.tray').contains(document.activeElement)"),
    );
    await keyboard.press('Control+`');
    await pollUntil(
      'the focus on the page',
      async () => (await page.evaluate('document.activeElement.id')) === 'page',
    );
    await page.getByRole('button', { name: 'Fold the tray' }).press('Enter');
    assert.equal(await page.getByRole('tabpanel').count(), 0);
    await keyboard.press('Control+`');
    await pollUntil('the two again', async () => (await page.getByRole('tabpanel').count()) === 2);
    await opened.close();
  },
);

test('[UF4] with 24 tabs all can be reached, closed and listed', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  const { keyboard } = page;
  await untilLive(page);
  await leaveTabs(page, 'admin', 24, ['t23']);
  await tabsOf(page).nth(23).waitFor();
  assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole('button', { name: 'All 24 tabs' }).press('Enter');
  await keyboard.type('tab number 12');
  await keyboard.press('Enter');
  await page.getByRole('tabpanel', { name: 'tab number 12' }).waitFor();
  await pollUntil('the focus on its tab', async () => (await focusName(page)) === 'tab number 12');
  await keyboard.press('Delete');
  await page.getByRole('tabpanel', { name: 'tab number 13' }).waitFor();
  await pollUntil('the focus on the neighbour', async () => (await focusName(page)) === 'tab number 13');
  assert.equal(await tabsOf(page).count(), 23);
  await opened.close();
});

test('[UF5] whoever signs in next does not get the tray of the one before', LIMIT, async () => {
  const opened = await openAs('alice', '/resources/pods?ns=team-a');
  const { page, context } = opened;
  await untilLive(page);
  await leaveTabs(page, 'alice', 3, ['t01']);
  await page.getByRole('tabpanel', { name: 'tab number 1' }).waitFor();
  await context.request.post('/api/session', { data: { person: 'bob' } });
  await page.goto('/resources/pods');
  await untilLive(page);
  assert.equal(await page.locator('.tray').count(), 0);
  await opened.close();
});

test('[UF6] a task shows from requested to done, and its end is told with a way to it', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/configmaps?ns=shop');
  const { page } = opened;
  await untilLive(page);
  const name = await page.locator('.row .lead').first().textContent();
  // Before the task: its toast does not wait for the tray to be fetched.
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByText('Nothing under way').waitFor();
  const answer = await page.request.post('/api/actions/label', {
    headers: { origin: gateway.origin },
    data: { targets: [{ kind: 'configmaps', namespace: 'shop', name }], set: { seen: 'yes' } },
  });
  assert.equal(answer.status(), 202, await answer.text());
  const line = page.locator('.task').first();
  await line.locator('.task-state').waitFor();
  assert.match((await line.textContent())!, new RegExp(name!));
  const toast = page.getByRole('list', { name: 'Notifications' }).getByRole('listitem');
  await toast.filter({ hasText: /: done$|: done/ }).waitFor({ timeout: 60_000 });
  await toast.getByRole('button', { name: 'Show' }).press('Enter');
  await page.locator('.task[data-state="observed"]').waitFor();
  // Last: under load it takes longer than a toast stands.
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test(
  '[UF1, UF2] a dialog takes the focus, keeps it, lets no key through, and gives it back',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/deployments?ns=shop');
    const { page } = opened;
    const { keyboard } = page;
    await untilLive(page);
    await keyboard.press('j');
    await page.locator('.row[data-current]').waitFor();
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find anything' }).fill('checkout deployment');
    await page.locator('.spotlight [data-at]', { hasText: 'checkout' }).waitFor();
    await keyboard.press('Tab');
    await page.getByRole('option', { name: /Delete/ }).waitFor();
    await keyboard.type('delete');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: /Delete/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const url = page.url();
    for (const key of ['g', 'n', '?', 'j']) await keyboard.press(key);
    assert.equal(page.url(), url);
    for (let step = 0; step < 12; step += 1) {
      await keyboard.press('Tab');
      assert.equal(
        await page.evaluate(
          `document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement)`,
        ),
        true,
      );
    }
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await opened.close();
  },
);

test('a tab that fails leaves the page and the other tabs alone', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  opened.expectNetworkFailures();
  const { page } = opened;
  await untilLive(page);
  await page.route('**/assets/tasks-view*', (route) => route.abort());
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('heading', { name: 'This tab has failed' }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await page.waitForURL('**/v1/nodes**');
  await untilLive(page);
  // React writes what a guard has caught.
  await assert.rejects(opened.close(), /Unable to preload CSS|Failed to fetch/);
});

test('[UF17] a part that came and failed does not load the page anew', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  await page.evaluate('globalThis.mark = true');
  await page.route('**/assets/tasks-view*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'throw new RangeError("this part is broken")' }),
  );
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('heading', { name: 'This tab has failed' }).waitFor();
  assert.ok(await page.evaluate('globalThis.mark'));
  await assert.rejects(opened.close(), /this part is broken/);
});

test('[UF1] the list of keys gives the focus back, by its button too', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  await page.keyboard.press('j');
  const table = page.getByRole('grid').and(page.locator(':focus'));
  await table.waitFor();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.getByRole('button', { name: 'Close the list of keys' }).press('Enter');
  await keys.waitFor({ state: 'detached' });
  await table.waitFor();
  await opened.close();
});

test('[UF17] a dialog that could not be fetched loads the page anew, and opens then', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  opened.expectNetworkFailures();
  const { page } = opened;
  await untilLive(page);
  await page.route('**/assets/delete-dialog*', (route) => route.abort(), { times: 1 });
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('j');
  await page.locator('.row[data-current]').waitFor();
  await page.keyboard.press('d');
  await loaded;
  await untilLive(page);
  await page.keyboard.press('j');
  await page.locator('.row[data-current]').waitFor();
  await page.keyboard.press('d');
  await page.getByRole('dialog', { name: /^Delete/ }).waitFor();
  await opened.close();
});

test('a gateway that is gone is told in the bar, and asked for again by a key', LIMIT, async () => {
  const own = await GatewayProcess.start();
  const opened = await openPage(browser, { baseURL: own.origin });
  opened.expectNetworkFailures();
  opened.expectRefusals();
  const { page, context } = opened;
  await context.request.post('/api/session', { data: { person: 'admin' } });
  after(() => own.close());
  await page.goto('/me');
  await page.locator('.rights').waitFor();
  await page.locator('[data-link="open"]').waitFor();
  await own.kill();
  await page.locator('[data-link="waiting"]').waitFor();
  assert.match((await page.locator('[data-link="waiting"]').textContent())!, /disconnected since \d\d:\d\d/);
  assert.deepEqual(await axeFindings(page), []);
  await own.start();
  await pollUntil('the link to be back', async () => {
    const waiting = page.locator('[data-link="waiting"]');
    if ((await waiting.count()) > 0) await waiting.press('Enter', { timeout: 500 }).catch(() => {});
    return (
      (await page.locator('[data-link="open"]').count()) > 0 ||
      (await page.getByLabel('Bearer token').count()) > 0
    );
  });
  await opened.close();
});

test(
  '[UF5] on a phone the tray is a sheet over everything, and the bar below leads to all',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/overview', PHONE);
    const { page } = opened;
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Resources' }).tap();
    await untilLive(page);
    await page.getByRole('button', { name: 'Tasks' }).tap();
    await page.getByRole('tabpanel', { name: 'Tasks' }).waitFor();
    await page.goBack();
    await page.getByRole('tabpanel', { name: 'Tasks' }).waitFor({ state: 'hidden' });
    await page.goForward();
    await untilLive(page);
    await page.getByRole('button', { name: 'Tasks' }).tap();
    await page.getByRole('tabpanel', { name: 'Tasks' }).waitFor();
    const box = await page.locator('.tray').boundingBox();
    assert.deepEqual([box?.x, box?.y, box?.width, box?.height], [0, 0, 390, 844]);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: 'Fold the tray' }).tap();
    await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    await page.getByRole('button', { name: 'Find' }).tap();
    await page.getByRole('dialog', { name: 'Spotlight' }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  },
);

test('[UI30] the bar names who else looks at the same object, and forgets who left', LIMIT, async () => {
  const path = '/resource/configmaps/kube-root-ca.crt?ns=team-a';
  const opened = await openAs('admin', path);
  const bar = opened.page.locator('.people-here');
  await opened.page.getByRole('heading', { name: 'kube-root-ca.crt' }).waitFor();
  assert.equal(await bar.textContent(), '');
  const other = await openAs('alice', path);
  await bar.getByText('alice').waitFor();
  await other.page.locator('.people-here').getByText('admin').waitFor();
  assert.deepEqual(await axeFindings(opened.page), []);
  await other.close();
  await bar.getByText('alice').waitFor({ state: 'detached' });
  assert.equal(await bar.textContent(), '', 'nobody is told of themselves');
  await opened.close();
});

test(
  '[UF16] who goes to a page by key or link is in it: its heading or its table has the focus',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/resources/pods?ns=team-a');
    const { page } = opened;
    const { keyboard } = page;
    const focused = page.locator(':focus');
    const table = (name: string) => page.getByRole('grid', { name }).and(focused);
    const heading = (name: string) => page.getByRole('heading', { level: 1, name }).and(focused);
    await untilLive(page);
    await keyboard.press('g');
    await keyboard.press('n');
    await table('Node').waitFor();
    await keyboard.press('j');
    await page.locator('.row[data-current]').waitFor();
    await keyboard.press('g');
    await keyboard.press('o');
    await heading('Overview').waitFor();
    await page
      .getByRole('navigation', { name: 'Rooms' })
      .getByRole('link', { name: 'All kinds' })
      .press('Enter');
    await heading('Kinds of this cluster').waitFor();
    await page.getByRole('link', { name: /^ConfigMap/ }).press('Enter');
    await table('ConfigMap').waitFor();
    await page.goBack();
    await heading('Kinds of this cluster').waitFor();
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find anything' }).fill('settings');
    await page
      .getByRole('option', { name: /^Settings/ })
      .first()
      .waitFor();
    await keyboard.press('Enter');
    await heading('Settings').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  },
);

test('[UF15] the key to the tray leads into a log’s lines, whose keys work at once', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods?ns=team-a');
  const { page } = opened;
  const { keyboard } = page;
  await untilLive(page);
  await page.locator('.row').first().click();
  await page.getByRole('complementary').waitFor();
  await keyboard.press('l');
  const lines = page.getByRole('log').and(page.locator(':focus'));
  await lines.waitFor();
  await keyboard.press('Control+`');
  await lines.waitFor({ state: 'detached' });
  await keyboard.press('Control+`');
  await lines.waitFor();
  const wrapped = page.locator('.logs-wrap');
  const before = await wrapped.count();
  await keyboard.press('w');
  await (before === 0 ? wrapped.waitFor() : wrapped.waitFor({ state: 'detached' }));
  await opened.close();
});

test('[UF14] tabs of pods that begin alike show where they differ, and are named whole', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/pods');
  const { page } = opened;
  await untilLive(page);
  const titles = ['aaaaa', 'bbbbb', 'ccccc'].map((end) => `a-workload-with-a-name-7d9c6f5b8-${end}`);
  const tabs = titles.map((title, index) => ({
    id: `t${index}`,
    type: 'not-of-this-console',
    title,
    params: {},
  }));
  const saved = JSON.stringify({
    version: 1,
    owner: 'admin',
    tabs,
    shown: ['t0'],
    heightPx: 300,
    full: false,
  });
  await page.evaluate(`sessionStorage.setItem('krateyard.tray', ${JSON.stringify(saved)})`);
  await page.setViewportSize({ width: 700, height: 844 });
  await page.reload();
  for (const title of titles) {
    const tab = page.getByRole('tab', { name: title, exact: true });
    await tab.waitFor();
    assert.equal(await tab.textContent(), title);
    const cut = (part: string) =>
      tab
        .locator(`.middle-cut-${part}`)
        .evaluate((one: { scrollWidth: number; clientWidth: number }) => one.scrollWidth > one.clientWidth);
    assert.deepEqual([await cut('start'), await cut('end')], [true, false]);
  }
  await opened.close();
});

test('[UF13] a phone’s bar says cluster, namespace and kind whole, in one height', LIMIT, async () => {
  const opened = await openAs('admin', '/resources/crds?ns=team-a', PHONE);
  const { page } = opened;
  await untilLive(page);
  const bar = page.locator('.top-bar');
  await bar.getByText('CustomResourceDefinition').waitFor();
  const look = async (width: number): Promise<number> => {
    await page.setViewportSize({ width, height: 844 });
    const cut = await bar
      .locator('.clip')
      .evaluateAll((texts) =>
        (texts as { scrollWidth: number; clientWidth: number; textContent: string }[])
          .filter((text) => text.scrollWidth > text.clientWidth)
          .map(({ textContent }) => textContent),
      );
    assert.deepEqual(cut, [], `cut at ${width}`);
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    return (await bar.boundingBox())!.height;
  };
  const height = await look(390);
  assert.ok(height <= 56, `the bar is ${height} high`);
  assert.equal(await look(360), height);
  assert.deepEqual(await axeFindings(page), []);
  opened.expectNetworkFailures();
  await gateway.kill();
  const band = page.locator('.stale-band');
  await band.waitFor();
  assert.equal(await look(390), height);
  assert.equal(await look(360), height);
  const box = (await band.boundingBox())!;
  assert.ok(box.height <= 72, `the band is ${box.height} high`);
  await opened.close();
});
