import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, PHONE, type OpenPage } from '../harness/browser.ts';
import { Cable } from '../harness/cable.ts';
import { BUSYBOX, pod, podWithoutShell } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { goToRow, untilLive, type ConsoleFixture } from './console-fixture.ts';

const LIMIT = { timeout: 120_000 };

/** Terminals in the console, on any cluster: sandbox and real. Called at the top level of a test file. */
export async function shellCases(fixture: ConsoleFixture): Promise<void> {
  const { target, gateway } = fixture;

  const namespace = await target.namespace('shells');
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  for (const name of ['web-0', 'web-1']) await target.make(pods, pod(name, 'sleep 100000'));
  await pollUntil(
    'the pods to run',
    async () => {
      const { body } = await target.admin.get(pods);
      return body.items.every((one: { status: { phase: string } }) => one.status.phase === 'Running');
    },
    { deadlineMs: 60_000 },
  );
  const owner = await fixture.person(namespace, 'owner', 'admin');
  const guest = await fixture.person(namespace, 'guest', 'admin');
  const viewer = await fixture.person(namespace, 'viewer', 'view');
  const cable = await Cable.to(gateway.origin);
  after(() => cable.close());

  /** Text is read from the page, so the DOM draws it; one test looks at the other way. */
  async function open(
    path: string,
    options: { token?: string; browser?: object; renderer?: 'dom' | 'auto' } = {},
  ): Promise<OpenPage> {
    const { token = owner.token, browser, renderer = 'dom' } = options;
    const opened = await fixture.open('/nothing-yet', { token, ...(browser && { browser }) });
    opened.page.setDefaultTimeout(20_000);
    await opened.page.evaluate(`localStorage.setItem('krateyard.terminal', '{"renderer":"${renderer}"}')`);
    await opened.page.goto(path);
    return opened;
  }

  const shellOf = (name: string): string => `/shell?ns=${namespace}&pod=${name}`;
  const inPhase = (page: Page, phase: string) => page.locator(`[data-phase="${phase}"]`).first().waitFor();
  const screen = (page: Page) => page.locator('.xterm-rows').first();
  const textOf = async (page: Page): Promise<string> =>
    (await screen(page).locator('> div').allTextContents()).map((line) => line.trimEnd()).join('\n');

  async function sees(page: Page, text: string | RegExp): Promise<string> {
    return pollUntil(`the terminal to show ${text}`, async () => {
      const shown = await textOf(page);
      return (typeof text === 'string' ? shown.includes(text) : text.test(shown)) && shown;
    });
  }

  async function run(page: Page, command: string): Promise<void> {
    await page.keyboard.type(`${command}\n`);
  }

  const viewOnly = (page: Page) => page.locator('.session-looking').waitFor();
  /** The built-in roles do not hold the right to add debug containers. */
  async function letDebug(account: string): Promise<void> {
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    const metadata = { name: 'debugs' };
    await target.make(`${rbac}/roles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods/ephemeralcontainers'], verbs: ['patch'] }],
    });
    await target.make(`${rbac}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'debugs' },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    });
  }

  const countOf = (text: string, part: string): number => text.split(part).length - 1;

  test(
    '[TM14][TM1] s opens a shell from a table; it stays over other pages and a reload',
    LIMIT,
    async () => {
      const opened = await open(`/resources/pods?ns=${namespace}`);
      const { page } = opened;
      await untilLive(page);
      await goToRow(page, 'web-1');
      await page.keyboard.press('s');
      await inPhase(page, 'live');
      await run(page, 'echo one-$((40+2))');
      await sees(page, 'one-42');
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('link', { name: /^ConfigMaps/ }).click();
      await page.waitForURL('**/resources/configmaps**');
      await sees(page, 'one-42');
      await page.reload();
      await inPhase(page, 'live');
      const shown = await sees(page, 'one-42');
      assert.equal(countOf(shown, 'one-42'), 1);
      await page.locator('.xterm-screen').click();
      await run(page, 'echo two-$((1+1))');
      await sees(page, 'two-2');
      await page.locator('.tray-tab-close').click();
      await pollUntil('the shell to be over', async () => {
        const { items } = (await (await opened.context.request.get('/api/shells')).json()) as {
          items: { pod: string }[];
        };
        return items.every((one) => one.pod !== 'web-1');
      });
      await opened.close();
    },
  );

  test(
    '[TM1] container and command are chosen, and the shell is listed for who may join',
    LIMIT,
    async () => {
      const opened = await open(shellOf('web-0'));
      const { page } = opened;
      await inPhase(page, 'live');
      await page.getByRole('button', { name: /^Terminal settings/ }).click();
      await page.getByRole('button', { name: 'Open another shell here' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Container').selectOption({ index: 1 });
      await dialog.getByLabel('Command').fill("sh -c 'echo chosen-$((3*3)); sleep 1000'");
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press('Enter');
      await sees(page, 'chosen-9');
      const other = await open('/shells', { token: guest.token });
      await other.page
        .locator('.listing-rows li', { hasText: 'chosen' })
        .getByRole('link', { name: 'Join' })
        .click();
      await sees(other.page, 'chosen-9');
      await other.close();
      await opened.close();
    },
  );

  test('[TM1] a container without a shell offers a debug container', LIMIT, async () => {
    await target.make(pods, podWithoutShell('bare', target.kind));
    await pollUntil('the pod to run', async () => {
      const { body } = await target.admin.get(`${pods}/bare`);
      return body.status.phase === 'Running';
    });
    const opened = await open(shellOf('bare'));
    const { page } = opened;
    opened.expectRefusals();
    await page.getByRole('heading', { name: 'The container has no shell' }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel('Image').fill(BUSYBOX);
    await page.getByRole('button', { name: 'Add a debug container' }).click();
    await page.getByText(/cannot patch resource "pods\/ephemeralcontainers"/).waitFor();
    await letDebug('owner');
    await page.getByRole('button', { name: 'Add a debug container' }).click();
    await inPhase(page, 'live');
    await run(page, 'echo in-the-debug-container');
    await sees(page, /^in-the-debug-container/m);
    await opened.close();
  });

  test('[TM1] a shell has a page of its own, whose address joins it', LIMIT, async () => {
    const opened = await open(shellOf('web-0'));
    const { page } = opened;
    await inPhase(page, 'live');
    await page.waitForURL(/session=/);
    assert.doesNotMatch(page.url(), /key=/);
    await run(page, 'echo "size $(stty size)"');
    await page.reload();
    await inPhase(page, 'live');
    await sees(page, /\$ |# /);
    await run(page, 'exit 7');
    await page.locator('[data-exit="7"]').waitFor();
    await page.getByText('The shell has ended with code 7.').first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: 'Open again' }).click();
    await inPhase(page, 'live');
    await opened.close();
  });

  test('[TM6][TM7] two people in one shell: view only, asking, handing over, removing', LIMIT, async () => {
    const first = await open(shellOf('web-0'));
    await inPhase(first.page, 'live');
    await first.page.waitForURL(/session=/);
    const second = await open(new URL(first.page.url()).pathname + new URL(first.page.url()).search, {
      token: guest.token,
      browser: { viewport: { width: 1000, height: 700 } },
    });
    await inPhase(second.page, 'live');
    await viewOnly(second.page);
    assert.deepEqual(await axeFindings(second.page), []);
    await run(first.page, 'echo from-the-owner');
    await sees(second.page, 'from-the-owner');
    const rows = (page: Page) => screen(page).locator('> div').count();
    await pollUntil(
      'both to see the same size',
      async () => (await rows(second.page)) === (await rows(first.page)),
    );
    await second.page.locator('.xterm-screen').click();
    await second.page.keyboard.type('nobody-hears-this');

    await second.page.getByRole('button', { name: 'Ask for the keyboard' }).click();
    await first.page
      .getByText(/asks for the keyboard/)
      .first()
      .waitFor();
    await first.page.getByRole('button', { name: 'Give', exact: true }).click();
    await viewOnly(first.page);
    await second.page.locator('.session-keys', { hasText: 'You type' }).waitFor();
    await second.page.locator('.xterm-screen').click();
    await run(second.page, 'echo from-the-guest');
    const shown = await sees(first.page, /^from-the-guest/m);
    assert.ok(!shown.includes('nobody-hears-this'));

    await first.page.getByRole('button', { name: 'Take the keyboard' }).click();
    await viewOnly(second.page);
    await first.page.getByRole('button', { name: /^People in this shell/ }).click();
    await first.page.getByRole('button', { name: /^Remove .*guest/ }).click();
    await second.page.getByText('You were removed from this shell.').first().waitFor();
    await inPhase(first.page, 'live');
    await second.close();
    await first.close();
  });

  test(
    '[TM4][TM5] with the cable pulled what was drawn stays, and nothing is lost when it is plugged in',
    LIMIT,
    async () => {
      const opened = await open(shellOf('web-0'), { browser: { baseURL: cable.origin } });
      const { page } = opened;
      opened.expectNetworkFailures();
      await inPhase(page, 'live');
      await page.waitForURL(/session=/);
      await run(page, 'for i in 1 2 3 4 5 6 7 8; do echo tick-$i; sleep 0.3; done; echo all-done');
      await sees(page, /^tick-2/m);
      cable.pull();
      await inPhase(page, 'reconnecting');
      await page.getByText(/is held for \d+ s more/).waitFor();
      assert.match(await textOf(page), /^tick-2/m);
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.type('lost-keys');
      cable.plug();
      await inPhase(page, 'live');
      const shown = await sees(page, /^all-done/m);
      const ticks = [...shown.matchAll(/^tick-(\d)/gm)].map(([, tick]) => tick);
      assert.deepEqual(ticks, ['1', '2', '3', '4', '5', '6', '7', '8']);
      assert.ok(!shown.includes('lost-keys'));
      await opened.close();
    },
  );

  test('[TM12] a right click pastes, several lines only after they were shown', LIMIT, async () => {
    const opened = await open(shellOf('web-0'));
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await inPhase(page, 'live');
    const copy = (text: string) => page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await copy('echo pasted-$((2*21))');
    await page.locator('.xterm-screen').click({ button: 'right' });
    await sees(page, 'echo pasted-');
    await page.keyboard.press('Enter');
    await sees(page, 'pasted-42');
    await copy('echo line-$((1+0))\necho line-$((1+1))\n');
    await page.locator('.xterm-screen').click({ button: 'right' });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Paste 2 lines?').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.ok(!(await textOf(page)).includes('line-'));
    await dialog.getByRole('button', { name: 'Paste', exact: true }).click();
    await sees(page, /^line-1/m);
    // Selecting copies: a double click takes the word.
    const word = await screen(page).getByText('pasted-42').first().boundingBox();
    await page.mouse.dblclick(word!.x + 12, word!.y + 6);
    await pollUntil('the word to be copied', async () =>
      (await page.evaluate<string>('navigator.clipboard.readText()')).startsWith('pasted'),
    );
    await opened.close();
  });

  test('[TM10] keys: searching, the text size, and the way out', LIMIT, async () => {
    const opened = await open(shellOf('web-0'));
    const { page } = opened;
    await inPhase(page, 'live');
    await run(page, 'echo needle; echo needle');
    await sees(page, /^needle/m);
    await page.keyboard.press('Control+Shift+F');
    await page.getByLabel('Find in the terminal').fill('needle');
    await page.getByText(/of [34]/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press('Escape');
    const before = await screen(page).locator('> div').count();
    await page.keyboard.press('Control+Equal');
    await page.keyboard.press('Control+Equal');
    await pollUntil('fewer lines', async () => (await screen(page).locator('> div').count()) < before);
    await page.keyboard.press('Control+0');
    await page.keyboard.press('Control+F6');
    await page.locator('.term:focus').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await opened.close();
  });

  test('[TM11] on a phone there is a row of keys', LIMIT, async () => {
    const opened = await open(shellOf('web-0'), { browser: PHONE });
    const { page } = opened;
    await inPhase(page, 'live');
    await run(page, 'sleep 1000');
    const keys = page.getByRole('toolbar', { name: 'Terminal keys' });
    await keys.getByRole('button', { name: /^Ctrl/ }).tap();
    await page.keyboard.type('c');
    await run(page, 'echo after-the-sleep');
    await sees(page, /^after-the-sleep/m);
    await keys.getByRole('button', { name: 'Up' }).tap();
    await page.keyboard.press('Enter');
    await pollUntil(
      'the command again',
      async () => ((await textOf(page)).match(/^after-the-sleep/gm) ?? []).length === 2,
    );
    for (const key of ['|', '~', '/']) await keys.getByRole('button', { name: key, exact: true }).tap();
    await sees(page, '|~/');
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  });

  test('[TM9] who may not exec is told so, in the words of the API server', LIMIT, async () => {
    const opened = await open(shellOf('web-0'), { token: viewer.token });
    const { page } = opened;
    opened.expectRefusals();
    await page.getByRole('heading', { name: 'You may not open a shell here' }).waitFor();
    await page.getByText(/cannot get resource "pods\/exec"/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  });

  test('[TM13] the graphics card draws where it can, the page where it cannot', LIMIT, async () => {
    const opened = await open(shellOf('web-0'), { renderer: 'auto' });
    const { page } = opened;
    await inPhase(page, 'live');
    await page.locator('.terminal-screen[data-renderer]').waitFor();
    await page.getByRole('button', { name: 'Terminal settings' }).click();
    await page.getByLabel('Draw without the graphics card').check();
    await page.locator('.terminal-screen[data-renderer="dom"]').waitFor();
    await page.getByLabel('Screen reader mode').check();
    await page.keyboard.press('Escape');
    await page.locator('.xterm-screen').click();
    await run(page, 'echo read-aloud');
    await pollUntil('the line to be readable', async () =>
      (await page.locator('.xterm-accessibility').textContent())?.includes('read-aloud'),
    );
    await opened.close();
  });

  test('[RC9][RC10] a shell is recorded, and replayed with what was seen and who typed', LIMIT, async () => {
    const opened = await open(shellOf('web-1'));
    const { page } = opened;
    await inPhase(page, 'live');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByRole('button', { name: /^Stop recording/ }).waitFor();
    await page.locator('.xterm-screen').click();
    await run(page, 'echo to-be-remembered');
    await sees(page, /^to-be-remembered/m);
    await run(page, 'exit 0');
    await page.getByRole('button', { name: 'Replay the recording' }).click();
    await page.waitForURL('**/recordings/**');
    await sees(page, /^to-be-remembered/m);
    await page.getByText(/owner types/).waitFor();
    await page.getByLabel('Find in the output').fill('REMEMBERED');
    await page.getByText(/matches?$/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.goto('/recordings');
    await page.getByRole('link', { name: /web-1/ }).first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  });
}
