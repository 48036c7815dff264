import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { untilGuestListens } from '../rooms/until-guest-listens.ts';
import { shownOnce, type ConsoleFixture } from './console-fixture.ts';
import { machineStage } from './machine-stage.ts';

/** A guest under emulation takes its time. */
const LIMIT = { timeout: 240_000 };
const RUN = { deadlineMs: 120_000 };

/** What a page shows of a machine's screen, read from its canvas. */
interface Shown {
  readonly width: number;
  readonly height: number;
  /** Bright pixels: each character that is typed adds some. */
  readonly lit: number;
}

const SHOWN = `(() => {
  const canvas = document.querySelector('.screen-live canvas');
  if (!canvas || canvas.width === 0) return { width: 0, height: 0, lit: 0 };
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let lit = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] > 100) lit += 1;
  return { width: canvas.width, height: canvas.height, lit };
})()`;

const shown = (page: Page): Promise<Shown> => page.evaluate(SHOWN);
const inState = (page: Page, state: string) =>
  page.locator(`.phase-mark[data-state="${state}"]`).first().waitFor({ timeout: RUN.deadlineMs });
const controls = (page: Page) => page.locator('[data-control="mine"]').waitFor();
const looks = (page: Page) => page.locator('[data-control="other"]').waitFor();
const canvas = (page: Page) => page.locator('.screen-live canvas');

/** A cursor that blinks is no change; a letter is. */
const CURSOR = 30;
const same = (one: Shown, other: Shown): boolean =>
  one.width === other.width && one.height === other.height && Math.abs(one.lit - other.lit) <= CURSOR;

/** The sorts of RFB messages that a page sends from now on: 4 keys, 5 the pointer, 6 the clipboard. */
function sent(page: Page): Set<number> {
  const sorts = new Set<number>();
  page.on('websocket', (socket) => {
    if (!/\/vnc\?/.test(socket.url())) return;
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') sorts.add(payload[0]!);
    });
  });
  return sorts;
}

/** In hex: the head of an ExtendedDesktopSize rectangle that answers this viewer's own wish with "no such layout". */
const NO_SUCH_SIZE = /00010003.{8}fffffecc/;

/** How often a page asks the machine for another size from now on, and how often that is refused. */
function sizeWishes(page: Page): { asked: number; refused: number } {
  const line = { asked: 0, refused: 0 };
  page.on('websocket', (socket) => {
    if (!/\/vnc\?/.test(socket.url())) return;
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string' && payload[0] === 251) line.asked += 1;
    });
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string' && NO_SUCH_SIZE.test(payload.toString('hex'))) line.refused += 1;
    });
  });
  return line;
}

/** Waits until there is a picture, and it has come to rest. */
async function settled(page: Page): Promise<Shown> {
  let before: Shown = { width: 0, height: 0, lit: 0 };
  return pollUntil(
    'the picture to come to rest',
    async () => {
      const now = await shown(page);
      const rests = now.lit > 200 && same(now, before);
      before = now;
      return rests && now;
    },
    { ...RUN, everyMs: 700 },
  );
}

/** Types, and waits until the picture shows that something was. */
async function type(page: Page, text: string): Promise<void> {
  const before = await settled(page);
  await page.keyboard.type(text, { delay: 10 });
  await pollUntil(
    'what was typed to show',
    async () => (await shown(page)).lit > before.lit + CURSOR + 10,
    RUN,
  );
}

/** Types, and sees that nothing comes of it. */
async function typesNothing(page: Page, at: Page): Promise<void> {
  const before = await settled(at);
  await page.keyboard.type('MMMM', { delay: 10 });
  const after = await settled(at);
  assert.ok(same(after, before), JSON.stringify({ before, after }));
}

/** Screens of machines in the console, on any cluster with KubeVirt. Called at the top level of a test file. */
export async function vmScreenCases(fixture: ConsoleFixture): Promise<void> {
  const { target, gateway } = fixture;
  const { namespace, owner, guest, viewer, cable, open } = await machineStage(fixture, 'screens');
  await untilGuestListens({ origin: gateway.origin, namespace, vm: 'web' }, owner, RUN.deadlineMs);
  const screen = `/vms/${namespace}/web/screen`;
  const wall = `/vms/wall?ns=${namespace}`;

  test(
    '[SW1][SW2][SW7][SW12] what is typed appears; keys lead out; noVNC comes with the screen',
    LIMIT,
    async () => {
      const opened = await open('/overview');
      const { page } = opened;
      const scripts: string[] = [];
      page.on('request', (request) => scripts.push(request.url()));
      const isViewer = (url: string): boolean => /\/rfb-[^/]*\.js$/.test(url);
      await page.reload();
      await page.locator('.overview-bar [data-truth="live"]').waitFor();
      assert.equal(scripts.some(isViewer), false);
      await page.goto(screen);
      await inState(page, 'live');
      await controls(page);
      assert.equal(scripts.some(isViewer), true);
      await type(page, 'MMMMMMMM');
      const name = await canvas(page).getAttribute('aria-label');
      assert.match(
        name ?? '',
        /^Screen of web, \d+ × \d+ pixels\. Keys go to the machine; Ctrl F6 leads out\.$/,
      );
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press('Control+F6');
      await pollUntil('the focus to be out', () =>
        page.evaluate('document.activeElement.className').then((is) => is === 'screen'),
      );
      await page.keyboard.press('f');
      await pollUntil('the whole of the browser’s screen', () =>
        page.evaluate('document.fullscreenElement?.className').then((is) => is === 'screen'),
      );
      await page.keyboard.press('f');
      await pollUntil('the page again', () =>
        page.evaluate('document.fullscreenElement').then((is) => is === null),
      );
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await canvas(page).click();
      await type(page, 'WWWW');
      await page.reload();
      await inState(page, 'live');
      await type(page, 'MMMM');
      await opened.close();
    },
  );

  test(
    '[SW2][SW5] two people at one screen: looking on, asking, handing over, taking, removing',
    LIMIT,
    async () => {
      const first = await open(screen);
      await controls(first.page);
      const second = await open(screen, {
        token: guest.token,
        browser: { viewport: { width: 1000, height: 700 } },
      });
      await looks(second.page);
      await inState(second.page, 'live');
      assert.ok(same(await settled(second.page), await settled(first.page)));
      await canvas(second.page).click();
      await typesNothing(second.page, first.page);
      assert.deepEqual(await axeFindings(second.page), []);
      await second.page.getByRole('button', { name: 'Ask for control' }).click();
      const asks = first.page.locator('[data-band="asks"]');
      await asks.getByText(/asks for control/).waitFor();
      await asks.getByRole('button', { name: 'Give control' }).click();
      await controls(second.page);
      await looks(first.page);
      await canvas(second.page).click();
      await type(second.page, 'WWWWWW');
      await canvas(first.page).click();
      await typesNothing(first.page, second.page);

      await second.page.getByRole('button', { name: 'Give control back' }).click();
      await first.page.locator('[data-control="nobody"]').waitFor();
      await first.page.getByRole('button', { name: 'Take control' }).click();
      await controls(first.page);
      await first.page.getByRole('button', { name: /^People/ }).click();
      assert.deepEqual(await axeFindings(first.page), []);
      await first.page.getByRole('button', { name: /^Remove .*guest/ }).click();
      await second.page.locator('[data-band="removed"]').waitFor();
      await second.page.getByRole('button', { name: 'Open again' }).click();
      await looks(second.page);
      await second.close();
      await first.close();
    },
  );

  test('[SW2] who only looks types nothing, though in control', LIMIT, async () => {
    const opened = await open(screen);
    const { page } = opened;
    await controls(page);
    await settled(page);
    await page.getByRole('button', { name: 'Only look' }).click();
    await canvas(page).click();
    await typesNothing(page, page);
    await page.getByRole('button', { name: 'Only look' }).click();
    await canvas(page).click();
    await type(page, 'MMMM');
    await opened.close();
  });

  test('[SW3] a cut connection heals by itself, and the last picture stays meanwhile', LIMIT, async () => {
    const opened = await open(screen, { browser: { baseURL: cable.origin } });
    const { page } = opened;
    opened.expectNetworkFailures();
    await controls(page);
    await type(page, 'MMMM');
    cable.pull();
    const band = page.locator('[data-band="reconnecting"]');
    await band.getByText(/Disconnected since \d\d:\d\d; what shows is from then/).waitFor();
    await page.locator('.screen-kept canvas').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    cable.plug();
    await band
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 5_000 })
      .catch(() => {});
    await inState(page, 'live');
    await page.locator('.screen-kept').waitFor({ state: 'hidden' });
    await controls(page);
    await canvas(page).click();
    await type(page, 'WWWW');
    await opened.close();
  });

  test(
    '[SW6] text is typed by a keymap, after saying what cannot be; keys are sent from a menu',
    LIMIT,
    async () => {
      const opened = await open(screen);
      const { page } = opened;
      const sorts = sent(page);
      await page.reload();
      await controls(page);
      const before = await settled(page);
      await page.getByRole('button', { name: 'Paste text' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Text').fill('MMM漢MMMM\n');
      await dialog.getByText(/not on that keyboard and will be left out: 漢/).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await dialog.getByRole('button', { name: 'Type as keys' }).click();
      await pollUntil(
        'the text to be typed',
        async () => (await shown(page)).lit > before.lit + CURSOR + 10,
        RUN,
      );
      await page.getByRole('button', { name: 'Paste text' }).click();
      await dialog.getByLabel('Text').fill('for its clipboard');
      await dialog.getByRole('button', { name: 'Put into its clipboard' }).click();
      await pollUntil('the clipboard to be offered', () => sorts.has(6));
      await page.getByRole('button', { name: 'Send keys' }).click();
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('menuitem', { name: 'Ctrl Alt F2' }).click();
      await type(page, 'WWWW');
      await opened.close();
    },
  );

  test('[SW8][SW9] the picture is fitted or as it is, saved, and shared', LIMIT, async () => {
    const opened = await open(screen);
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await controls(page);
    const { width } = await settled(page);
    const drawn = async (): Promise<number> => (await canvas(page).boundingBox())!.width;
    assert.notEqual(Math.round(await drawn()), width);
    await page.getByRole('button', { name: 'Display' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Pixel for pixel' }).click();
    await pollUntil('the picture to be as it is', async () => Math.round(await drawn()) === width);
    await page.reload();
    await settled(page);
    assert.equal(Math.round(await drawn()), width);
    await page.locator('.screen-quality', { hasText: /\d+ f\/s · [\d,]+ ms/ }).waitFor();

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the picture' }).click();
    assert.match((await download).suggestedFilename(), /^web-.*\.png$/);

    await page.getByRole('button', { name: 'Share' }).click();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: 'Make and copy' }).click();
    await page.getByText(/It works once, until/).waitFor();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(link, /^ws:.*\/api\/vms\/web\/vnc\?.*ticket=/);
    const first = `new Promise((resolve) => {
      const socket = new WebSocket(${JSON.stringify(link)}, 'binary');
      socket.onmessage = async ({ data }) => { resolve(await new Response(data).text()); socket.close(); };
      socket.onclose = () => resolve('closed');
    })`;
    assert.match(await page.evaluate<string>(first), /^RFB 003\.008/);
    await opened.close();
  });

  test('[SW4] who may not see the screen is told so, and so is who looks for none', LIMIT, async () => {
    const opened = await open(screen, { token: viewer.token });
    opened.expectNetworkFailures();
    opened.expectRefusals();
    await opened.page.getByRole('heading', { name: 'You may not see this screen' }).waitFor();
    const words = opened.page.locator('.status-words');
    await words.getByText('Forbidden (403)').waitFor();
    assert.match(await words.locator('blockquote').innerText(), /is forbidden: User ".*viewer" cannot get/);
    assert.match(await words.locator('small').innerText(), /^Request \S{8,}/);
    assert.deepEqual(await axeFindings(opened.page), []);
    await opened.page.goto(`/vms/${namespace}/nobody/screen`);
    await opened.page.getByRole('heading', { name: /There is no such machine|You may not/ }).waitFor();
    await opened.close();
  });

  test(
    '[SW10][SW11][SW1] the wall shows what runs, says what does not, and keys open screens',
    LIMIT,
    async () => {
      const opened = await open(wall);
      const { page } = opened;
      const asked: string[] = [];
      page.on('request', (request) => {
        const [, name] = /\/api\/vms\/([^/]+)\/screenshot/.exec(request.url()) ?? [];
        if (name !== undefined) asked.push(name);
      });
      await page.getByText(/each at most every 5 s, 4 at a time/).waitFor();
      await page.locator('.wall-tile[data-picture="shown"]', { hasText: 'web' }).waitFor();
      const idle = page.locator('.wall-tile', { hasText: 'idle' });
      await idle.locator('.wall-none', { hasText: /Stopped/ }).waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await pollUntil('the picture to be asked for again', async () => asked.length >= 2, {
        deadlineMs: 30_000,
      });
      assert.deepEqual([...new Set(asked)], ['web']);
      await page.keyboard.press('j');
      await page.keyboard.press('ArrowRight');
      await pollUntil('the second tile to have the focus', () =>
        page.evaluate('document.activeElement.dataset.index').then((index) => index === '1'),
      );
      await page.keyboard.press('v');
      await inState(page, 'live');
      await type(page, 'MM');
      await page.keyboard.press('Control+F6');
      await page.reload();
      await inState(page, 'live');
      await page.locator('.wall-tile', { hasText: 'web' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**${screen}`);
      await opened.close();
    },
  );

  test('[SW13] on a phone there is a row of keys, and nothing is wider than the screen', LIMIT, async () => {
    const opened = await open(screen, { browser: PHONE });
    const { page } = opened;
    const sorts = sent(page);
    await page.reload();
    await controls(page);
    await settled(page);
    const keys = page.getByRole('toolbar', { name: 'Keys of the machine' });
    await keys.getByRole('button', { name: 'Enter' }).tap();
    const before = await settled(page);
    await keys.getByRole('button', { name: 'Keyboard' }).tap();
    await page.keyboard.insertText('MMMM');
    await pollUntil(
      'the letters to show',
      async () => (await shown(page)).lit > before.lit + CURSOR + 10,
      RUN,
    );
    await canvas(page).tap();
    await pollUntil('the tap to be a click in the machine', () => sorts.has(5));
    assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  });

  const nodes = { ...LIMIT, skip: target.kind !== 'sandbox' && 'it has one node' };
  test('[SW4] a machine that moves to another node says so, and its screen goes on', nodes, async () => {
    const opened = await open(screen);
    const { page, context } = opened;
    await controls(page);
    await type(page, 'MMMM');
    const told = shownOnce(page, '.phase-mark[data-state="migrating"]');
    const moved = await context.request.post(`/api/vms/web/action?namespace=${namespace}`, {
      data: { action: 'migrate' },
    });
    assert.equal(moved.status(), 202);
    await told;
    await inState(page, 'live');
    await type(page, 'WWWW');
    await opened.close();
  });

  const sizes = { ...LIMIT, skip: target.kind !== 'sandbox' && 'its guest has one resolution' };
  test(
    '[SW8][SW6] Ctrl Alt Del restarts the guest, and the picture follows its resolution',
    sizes,
    async () => {
      const opened = await open(screen);
      const { page } = opened;
      await controls(page);
      assert.equal((await settled(page)).width, 720);
      const firmware = shownOnce(page, '.screen-live canvas[width="640"]');
      await page.getByRole('button', { name: 'Send keys' }).click();
      await page.getByRole('menuitem', { name: 'Ctrl Alt Del' }).click();
      await firmware;
      await pollUntil('the system’s resolution', async () => (await shown(page)).width === 720);
      await type(page, 'MMMM');
      await opened.close();
    },
  );

  test(
    '[SW8][SW14] a machine that refuses the window’s size keeps its own, and the person is told once',
    sizes,
    async () => {
      const opened = await open('/overview');
      const { page } = opened;
      const line = sizeWishes(page);
      await page.goto(screen);
      await controls(page);
      const { width, height } = await settled(page);
      await page.getByRole('button', { name: 'Display' }).click();
      await page.getByRole('menuitemcheckbox', { name: /^Size of the window/ }).click();
      const told = page.locator('.toast', { hasText: 'did not take the window’s size and keeps its own' });
      await told.waitFor();
      assert.deepEqual([line.asked, line.refused], [1, 1]);
      const drawn = (await canvas(page).boundingBox())!;
      assert.notEqual(Math.round(drawn.width), width, 'fitted');
      assert.ok(Math.abs(drawn.width / drawn.height - width / height) < 0.02);
      // Another window is another wish, and another refusal.
      await page.setViewportSize({ width: 1100, height: 700 });
      await pollUntil('the second refusal', () => line.refused === 2);
      const now = await settled(page);
      assert.deepEqual([now.width, now.height], [width, height]);
      assert.equal(await told.count(), 1);
      assert.doesNotMatch(await told.innerText(), /×/);
      await page.getByRole('button', { name: 'Display' }).click();
      assert.equal(
        await page
          .getByRole('menuitemcheckbox', { name: /^Size of the window/ })
          .getAttribute('aria-checked'),
        'true',
        'the choice is kept',
      );
      await opened.close();
    },
  );

  test(
    '[SW4] a machine that is stopped says so; started from there, its screen comes back',
    LIMIT,
    async () => {
      const opened = await open(screen);
      const { page, context } = opened;
      await controls(page);
      await settled(page);
      const stopped = await context.request.post(`/api/vms/web/action?namespace=${namespace}`, {
        data: { action: 'stop' },
      });
      assert.equal(stopped.status(), 202);
      await inState(page, 'stopped');
      await page.locator('[data-band="stopped"]').waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.locator('[data-band="stopped"]').getByRole('button', { name: 'Start' }).click();
      await inState(page, 'live');
      await page.locator('[data-band="stopped"]').waitFor({ state: 'detached' });
      await controls(page);
      await canvas(page).click();
      await type(page, 'MMMM');
      await opened.close();
    },
  );

  test('[SW4] a lost right ends the view, and says so', LIMIT, async () => {
    const opened = await open(screen, { token: guest.token });
    const { page } = opened;
    await inState(page, 'live');
    await settled(page);
    const bindings = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`;
    await target.admin.delete(`${bindings}/guest`);
    await page.locator('[data-band="right-lost"]', { hasText: /Request \S{8,}/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  });
}
