import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, PHONE, type OpenPage } from '../harness/browser.ts';
import { deployment, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { goToRow, untilLive, type ConsoleFixture } from './console-fixture.ts';

const LIMIT = { timeout: 120_000 };

/** Logs in the console, on any cluster: sandbox and real. Called at the top level of a test file. */
export async function logsCases(fixture: ConsoleFixture): Promise<void> {
  const { target, gateway } = fixture;

  /** 300 lines at once, some that are special, then five a second. */
  const TALK = `i=0
while [ $i -lt 300 ]; do echo "INFO number $i of many"; i=$((i+1)); done
echo '{"level":"error","msg":"boom","digits":12345678901234567890}'
printf '\\033[31mred words\\033[0m and plain <b>ones</b>\\n'
while true; do echo "tock $i"; i=$((i+1)); sleep 0.2; done`;

  const namespace = await target.namespace('logs');
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await target.make(pods, pod('talker', TALK));
  await target.make(pods, pod('quiet', 'sleep 100000'));
  await target.make(
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    deployment('crowd', 3, {}, 'echo "INFO here is $HOSTNAME"; while true; do sleep 1; echo still; done'),
  );
  await pollUntil(
    'the pods to run',
    async () => {
      const { body } = await target.admin.get(pods);
      return (
        body.items.length === 5 &&
        body.items.every((one: { status: { phase: string } }) => one.status.phase === 'Running')
      );
    },
    { deadlineMs: 60_000 },
  );
  const viewer = await fixture.person(namespace, 'viewer', 'admin');
  const stranger = await fixture.person(namespace, 'stranger');

  const open = (path: string, options?: Parameters<typeof fixture.open>[1]): Promise<OpenPage> =>
    fixture.open(path, { token: viewer.token, ...options });
  const logsOf = (name: string, more = ''): string =>
    `/logs?ns=${namespace}&pod=${name}&range=tail:100000${more}`;
  const state = (page: Page, word: string) => page.locator(`[data-log-state="${word}"]`).waitFor();
  const lineWith = (page: Page, text: string | RegExp) => page.locator('.log-line').filter({ hasText: text });
  const scroller = (page: Page) => page.getByRole('log');

  const lastTock = async (page: Page): Promise<number> =>
    Number(
      (
        await lineWith(page, /^.*tock \d+$/)
          .last()
          .locator('.log-text')
          .textContent()
      )?.split(' ')[1],
    );

  /** Not for one certain line: they pass, and a busy machine draws many at once. */
  async function untilMore(page: Page, count: number): Promise<void> {
    const before = await lastTock(page);
    await pollUntil(`${count} lines more`, async () => (await lastTock(page)) >= before + count);
  }

  async function download(page: Page): Promise<string[]> {
    await page.locator('.logs-tools').getByRole('button', { name: 'View', exact: true }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Download what is shown' }).click();
    return (await readFile(await (await saving).path(), 'utf8')).trimEnd().split('\n');
  }

  test(
    '[LV1] l opens the log of a row in the tray; it follows, and lives on over other pages',
    LIMIT,
    async () => {
      const opened = await open(`/resources/pods?ns=${namespace}`);
      const { page } = opened;
      await untilLive(page);
      await goToRow(page, 'talker');
      await page.keyboard.press('l');
      const tray = page.getByRole('region', { name: 'Tray' });
      await tray.getByRole('tab', { name: /talker/ }).waitFor();
      await state(page, 'live');
      await lineWith(page, 'tock').last().waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await untilMore(page, 12);
      await page.goto(`/resources/v1/nodes`);
      await tray.getByRole('tab', { name: /talker/ }).waitFor();
      await lineWith(page, 'tock').last().waitFor();
      await opened.close();
    },
  );

  test('[LV17] scrolled up it stays and says how many came; at the end it follows again', LIMIT, async () => {
    const opened = await open(logsOf('talker'));
    const { page } = opened;
    await lineWith(page, 'tock').last().waitFor();
    const box = (await scroller(page).boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.wheel(0, -2000);
    const catchUp = page.getByRole('button', { name: /lines? came since/ });
    await catchUp.waitFor();
    const inSight = (): Promise<string> =>
      page.evaluate(
        `document.elementFromPoint(${box.x + 200}, ${box.y + 50}).closest('.log-line').textContent`,
      );
    const first = await inSight();
    const came = async (): Promise<number> => Number(/[\d,]+/.exec((await catchUp.textContent()) ?? '')?.[0]);
    const before = await came();
    await pollUntil('more lines to come', async () => (await came()) > before + 3);
    assert.equal(await inSight(), first);
    await catchUp.click();
    await catchUp.waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await lineWith(page, 'number 0 of').waitFor();
    await page.keyboard.press('G');
    await lineWith(page, 'tock').last().waitFor();
    await page.keyboard.press('p');
    await state(page, 'paused');
    await page.getByText(/lines? waiting/).waitFor();
    await page.keyboard.press('p');
    await state(page, 'live');
    await opened.close();
  });

  test(
    '[LV6] filter and severity ask the gateway, stand in the address, and say when nothing fits',
    LIMIT,
    async () => {
      const opened = await open(logsOf('talker'));
      const { page } = opened;
      await state(page, 'live');
      await page.keyboard.press('/');
      await page.keyboard.type('/number 1?7 /');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=/);
      await page.locator('.logs-scroll:focus').waitFor();
      await pollUntil('the lines that match', async () => (await page.locator('.log-line').count()) === 2);
      await page.reload();
      await pollUntil('the same after a reload', async () => (await page.locator('.log-line').count()) === 2);
      await page.getByRole('button', { name: 'Clear the filter' }).click();
      await page.getByRole('button', { name: /^Severity/ }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Errors' }).click();
      await page.waitForURL(/severity=error/);
      await state(page, 'live');
      await page.keyboard.press('Home');
      await lineWith(page, 'boom').waitFor();
      assert.equal(await lineWith(page, 'INFO').count(), 0);
      await page.goto(logsOf('talker', '&q=nothing-is-so'));
      await page.getByRole('heading', { name: 'No line matches' }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await opened.close();
    },
  );

  test(
    '[LV13] what is found is marked in the lines and beside the scroll bar, one after the other',
    LIMIT,
    async () => {
      const opened = await open(logsOf('talker'));
      const { page } = opened;
      await lineWith(page, 'tock').last().waitFor();
      await page.keyboard.press('Control+f');
      await page.getByRole('textbox', { name: 'Find in these lines' }).fill('NUMBER 12');
      const count = page.locator('.logs-find-count');
      await count.getByText('11').waitFor();
      await page.locator('.logs-marks i').first().waitFor({ state: 'attached' });
      await page.keyboard.press('Enter');
      await count.getByText(/^\d+ of 11$/).waitFor();
      const where = Number((await count.textContent())!.split(' ')[0]);
      await page.keyboard.press('Enter');
      await count.getByText(`${(where % 11) + 1} of 11`).waitFor();
      await page.keyboard.press('Shift+Enter');
      await count.getByText(`${where} of 11`).waitFor();
      await page.locator('mark.find-current').first().waitFor();
      assert.equal(await page.locator('mark.find-current').count(), 1);
      assert.match((await page.locator('mark.find-current').textContent())!, /^number 12$/i);
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('textbox', { name: 'Find in these lines' }).fill('/(/');
      await count.getByText(/missing/i).waitFor();
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('.log-text mark').count(), 0);
      await opened.close();
    },
  );

  test(
    '[LV7] colours are drawn, markup is text; [LV14] JSON opens and folds; [LV16] times and wrapping change',
    LIMIT,
    async () => {
      const opened = await open(logsOf('talker', '&q=/boom%7Cred/'));
      const { page } = opened;
      const red = lineWith(page, 'red words').locator('.ansi-fg-1');
      assert.equal(await red.textContent(), 'red words');
      await lineWith(page, 'plain <b>ones</b>').waitFor();
      assert.equal(await page.locator('.log-text b').count(), 0);
      await lineWith(page, 'boom').click();
      await page.getByRole('button', { name: 'Show as JSON' }).click();
      await lineWith(page, '"digits": 12345678901234567890').waitFor();
      const isHigh = (px: number) => async (): Promise<boolean> =>
        (await lineWith(page, 'boom').boundingBox())?.height === px;
      await pollUntil('the line in its parts', isHigh(100));
      await page.keyboard.press('Enter');
      await pollUntil('the line as written', isHigh(20));
      const time = lineWith(page, 'boom').locator('time');
      assert.match((await time.textContent())!, /^\d\d:\d\d:\d\d\.\d{3}$/);
      await page.keyboard.press('t');
      await page.keyboard.press('t');
      await time.waitFor({ state: 'detached' });
      await page.keyboard.press('w');
      await page.locator('.logs-wrap').waitFor();
      await page.keyboard.press('?');
      await page.getByText('Wrap lines or not').waitFor();
      await page.keyboard.press('Escape');
      await opened.close();
    },
  );

  test('[LV6] a link to a line shows it, chosen, wherever it stands', LIMIT, async () => {
    const opened = await open(logsOf('talker'));
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await lineWith(page, 'tock').last().waitFor();
    await page.keyboard.press('Home');
    await lineWith(page, 'number 7 of').click();
    await page.getByRole('button', { name: 'Copy a link' }).click();
    await page.getByText('Copied.').waitFor();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(link, /line=talker\/main\/\d{4}-/);
    await page.goto(link);
    await page.locator('.log-line[data-current]').filter({ hasText: 'number' }).waitFor();
    const wanted = /line=talker\/main\/([^&]+)/.exec(link)![1];
    assert.equal(await page.locator('.log-line[data-current] time').getAttribute('datetime'), wanted);
    await page.goto(logsOf('talker', '&line=talker/main/2020-01-01T00:00:00Z&range=tail:1000'));
    await page.getByText('The line of this link is not among what was read').waitFor();
    await opened.close();
  });

  test(
    '[LV2] over a gateway that is killed and starts again no line is lost and none comes twice',
    LIMIT,
    async () => {
      const opened = await open(logsOf('talker'));
      opened.expectNetworkFailures();
      opened.expectRefusals();
      const { page } = opened;
      await lineWith(page, 'tock').last().waitFor();
      await gateway.kill();
      await state(page, 'reconnecting');
      await page.getByText('Disconnected from the gateway').first().waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await gateway.start();
      await state(page, 'live');
      await untilMore(page, 15);
      const rows = await download(page);
      const tocks = rows.flatMap((row) => /tock (\d+)$/.exec(row)?.[1] ?? []).map(Number);
      assert.ok(tocks.length > 20);
      assert.deepEqual(
        tocks,
        tocks.map((_, index) => tocks[0]! + index),
      );
      assert.match(rows[0]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z INFO number 0 of many$/);
      await opened.close();
    },
  );

  test(
    '[LV16] the pods of a workload are merged, named and coloured, and can be left out',
    LIMIT,
    async () => {
      const opened = await open(`/logs?ns=${namespace}&kind=deployments&name=crowd`);
      const { page } = opened;
      await page.getByRole('button', { name: /3 pods/ }).waitFor();
      await pollUntil('all three to be there', async () => {
        // It leads to the first of the lines that are there, and the pods are known before what they said.
        await page.keyboard.press('Home');
        return (await lineWith(page, 'INFO here is').count()) === 3;
      });
      const colors = await page
        .locator('.log-source')
        .evaluateAll((all) => [...new Set(all.map((one) => one.className))]);
      assert.equal(colors.length, 3);
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('button', { name: /3 pods/ }).click();
      await page
        .getByRole('menuitemcheckbox', { name: /^crowd-/ })
        .first()
        .click();
      await page.getByRole('button', { name: /2 of 3 pods/ }).waitFor();
      await pollUntil('two to be left', async () => (await lineWith(page, 'INFO here is').count()) === 2);
      assert.match(page.url(), /hidden=crowd-/);
      await opened.close();
    },
  );

  test('[LV4] empty, missing, forbidden and incomplete say so and what to do', LIMIT, async () => {
    const opened = await open(logsOf('quiet'));
    opened.expectRefusals();
    opened.expectNetworkFailures();
    const { page } = opened;
    await page.getByRole('heading', { name: 'Nothing has been written' }).waitFor();
    assert.deepEqual(await axeFindings(page), [], 'empty');
    await page.goto(logsOf('nobody'));
    await page.getByRole('heading', { name: 'It is not there' }).waitFor();
    await page.getByText('pods "nobody" not found').waitFor();
    assert.deepEqual(await axeFindings(page), [], 'missing');
    await page.goto('/logs?ns=x');
    await page.getByRole('heading', { name: 'This address names no log' }).waitFor();
    await opened.close();
    const other = await fixture.open(logsOf('talker'), { token: stranger.token });
    other.expectRefusals();
    other.expectNetworkFailures();
    await other.page.getByRole('heading', { name: 'You may not read this log' }).waitFor();
    assert.deepEqual(await axeFindings(other.page), [], 'forbidden');
    await other.close();
  });

  /** A gateway that says what the test wants. */
  async function told(page: Page, tell: (say: (frame: object) => void) => void): Promise<void> {
    await page.routeWebSocket(/\/ws\/logs/, (socket) => {
      const say = (frame: object): void => socket.send(JSON.stringify(frame));
      say({ type: 'hello', windowMs: 100, heartbeatMs: 30_000, follow: true });
      tell(say);
    });
  }

  const SOURCES = [{ pod: 'flood', container: 'main' }];
  const batch = (from: number, count: number): object => ({
    type: 'lines',
    sources: SOURCES,
    lines: Array.from({ length: count }, (_, index) => [
      0,
      new Date(1_760_000_000_000 + from + index).toISOString(),
      `line ${from + index} ${'x'.repeat((from + index) % 90)}`,
      '',
      false,
    ]),
  });

  test(
    '[LV8] a flood of lines: 100,000 are kept, few are in the page, and it answers all the while',
    LIMIT,
    async () => {
      const opened = await open('/resources/pods');
      const { page } = opened;
      await told(page, (say) => {
        for (let from = 0; from < 150_000; from += 1_000) say(batch(from, 1_000));
        say({ type: 'synced' });
      });
      await page.goto('/logs?ns=x&pod=flood');
      await lineWith(page, 'line 149999').waitFor();
      await page.getByText(/^(99,[5-9]\d\d|100,000) lines$/).waitFor();
      assert.ok((await page.locator('.log-line').count()) < 120);
      await page.keyboard.press('Home');
      await page.getByText(/^50,\d{3} lines from before were let go$/).waitFor();
      await page.keyboard.press('w');
      await page.keyboard.press('End');
      await lineWith(page, 'line 149999').waitFor();
      await page.keyboard.press('Control+f');
      await page.getByRole('textbox', { name: 'Find in these lines' }).fill('line 9999');
      await page.locator('.logs-find-count').getByText('10').waitFor();
      await page.keyboard.press('Enter');
      await lineWith(page, /line 9999/)
        .first()
        .waitFor();
      await opened.close();
    },
  );

  test(
    '[LV11] what was skipped is fetched into its place; [LV5] joins, ends and gaps stand among the lines',
    LIMIT,
    async () => {
      const opened = await open('/resources/pods');
      const { page } = opened;
      await told(page, (say) => {
        say(batch(0, 5));
        say({ type: 'synced' });
        say({
          type: 'gap',
          from: new Date(1_760_000_000_004).toISOString(),
          to: new Date(1_760_000_000_010).toISOString(),
          why: 'slow-client',
          skipped: 5,
        });
        say(batch(10, 5));
        say({
          type: 'gap',
          pod: 'flood',
          container: 'main',
          from: new Date(1_760_000_000_014).toISOString(),
          why: 'rotated',
        });
        say({ type: 'joined', pod: 'flood', container: 'main', restarts: 2, node: 'n1' });
        say({ type: 'ended', pod: 'flood', container: 'main', reason: 'Completed', exitCode: 3 });
        say({ type: 'done' });
      });
      await page.route(/\/api\/logs/, (route) =>
        route.fulfill({ contentType: 'application/x-ndjson', body: `${JSON.stringify(batch(4, 7))}\n` }),
      );
      await page.goto('/logs?ns=x&pod=flood');
      await state(page, 'ended');
      await page.getByText('5 lines were skipped here').waitFor();
      await page.getByText('the node rotated the log meanwhile').waitFor();
      await page.getByText('started again (restart 2)').waitFor();
      await page.getByText('ended: Completed, exit code 3').waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('button', { name: 'Fetch them' }).click();
      await pollUntil('all lines in order', async () => {
        const texts = await page.locator('.log-text').allTextContents();
        return (
          texts.map((text) => text.split(' ')[1]).join() ===
          Array.from({ length: 15 }, (_, index) => index).join()
        );
      });
      await opened.close();
    },
  );

  for (const colorScheme of ['dark', 'light'] as const) {
    test(`on a phone lines wrap and nothing overflows, ${colorScheme}`, LIMIT, async () => {
      const opened = await open(logsOf('talker'), { browser: { ...PHONE, colorScheme } });
      const { page } = opened;
      await lineWith(page, 'tock').last().waitFor();
      await page.locator('.logs-wrap').waitFor();
      await page.locator('.log-line').last().tap();
      await page.getByRole('button', { name: 'Copy a link' }).waitFor();
      assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
      assert.deepEqual(await axeFindings(page), []);
      await opened.close();
    });
  }
}
