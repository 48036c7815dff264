import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { configMap, pod } from '../harness/objects.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { consoleFixture, rowOf, untilLive } from './console-fixture.ts';

/** What an API server takes and no console should stumble over, in tables and editors; the pages of such objects: object.test.ts. */
const LIMIT = { timeout: 180_000 };
const fixture = await consoleFixture();
const { target, gateway } = fixture;
const namespace = await target.bareNamespace('odd');
const maps = `/api/v1/namespaces/${namespace}/configmaps`;
const admin = await fixture.person(namespace, 'boss', 'admin');

const MARKUP = '<img src=x onerror="document.title=\'owned\'">';
/** Arabic, an override of the direction that is not closed, a family of four, and markup. */
const ODD_TEXT = `مرحبا \u202Egnp.exe 👩‍👩‍👧‍👦 ${MARKUP}`;
/** Every character that a name may have, at its longest. */
const LONGEST = `abcdefghijklmnopqrstuvwxyz.0123456789-${'x'.repeat(214)}z`;

await target.make(`/api/v1/namespaces/${namespace}/events`, {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'odd' },
  involvedObject: { kind: 'Pod', namespace, name: 'nowhere', apiVersion: 'v1' },
  type: 'Warning',
  reason: 'Odd',
  message: ODD_TEXT,
  // Clocks differ.
  firstTimestamp: '2199-01-01T00:00:00Z',
  lastTimestamp: '2199-01-01T00:00:00Z',
  count: 3,
});

const overflows = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.scrollingElement.scrollWidth > innerWidth');

test(
  '[OP7] the longest name, other writing directions and markup stand in a table as they are',
  LIMIT,
  async () => {
    await target.make(maps, configMap(LONGEST));
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, {
        token: admin.token,
        browser: { viewport },
      });
      const { page } = opened;
      await untilLive(page);
      await rowOf(page, LONGEST).waitFor();
      assert.equal(await overflows(page), false, `the name at ${viewport.width} px`);
      await page.goto(`/resources/events?ns=${namespace}`);
      await page.locator('.row').getByText('gnp.exe').first().waitFor();
      assert.equal(await overflows(page), false, `the event at ${viewport.width} px`);
      assert.equal(await page.locator('.row img').count(), 0);
      assert.doesNotMatch(await page.title(), /owned/);
      await page.locator('.row').first().click();
      await page.getByRole('complementary').getByText('gnp.exe').first().waitFor();
      assert.equal(await overflows(page), false, `its panel at ${viewport.width} px`);
      await opened.close();
    }
  },
);

test('[OP7] a time of the future is an age of nothing, not a negative one', LIMIT, async () => {
  const opened = await fixture.open(`/resources/events?ns=${namespace}`, { token: admin.token });
  const { page } = opened;
  await untilLive(page);
  const row = page.locator('.row', { hasText: 'Odd' }).first();
  await row.waitFor();
  assert.doesNotMatch(await row.innerText(), /^-\d|NaN|Invalid/m);
  await opened.close();
});

test('[YE1] 5,000 lines of YAML open, scroll and are edited', LIMIT, async () => {
  const data = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, line) => [`key-${String(line).padStart(4, '0')}`, `value ${line}`]),
  );
  await target.make(maps, configMap('long', data));
  const opened = await fixture.open(`/resource/configmaps/long?ns=${namespace}&tab=yaml`, {
    token: admin.token,
  });
  const { page } = opened;
  await page.locator('.cm-content').getByText('key-0000').waitFor();
  // Only lines in sight are in the page.
  assert.ok((await page.locator('.cm-line').count()) < 300);
  await page.keyboard.press('e');
  await page.locator('.cm-content[contenteditable="true"]').waitFor();
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  await page.locator('.cm-content').getByText('key-4999').waitFor();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine\n');
  await page.locator('.cm-content').getByText('# mine').waitFor();
  await opened.close();
});

test('[RT9] no inline script runs, and nothing is loaded from elsewhere', LIMIT, async () => {
  const opened = await fixture.open(`/resources/configmaps?ns=${namespace}`, { token: admin.token });
  const { page, context } = opened;
  await untilLive(page);
  const answer = await context.request.get('/');
  const policy = answer.headers()['content-security-policy'] ?? '';
  const scripts = policy.split(';').find((part) => part.trim().startsWith('script-src')) ?? '';
  assert.match(scripts, /'self'/);
  assert.doesNotMatch(scripts, /unsafe-inline|unsafe-eval|https?:/);
  const foreign = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(${JSON.stringify(gateway.origin)}))`,
  );
  assert.deepEqual(foreign, []);
  await page.evaluate(
    `(() => { const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); })()`,
  );
  assert.equal(await page.evaluate('window.ran'), undefined);
  // Chromium says that it has refused the script.
  await assert.rejects(opened.close(), /Content Security Policy/);
});

test('[MT2, OP7] a pod with a hundred containers and no status has a row and a page', LIMIT, async () => {
  const containers = Array.from({ length: 100 }, (_, index) => ({
    name: `c${index}`,
    image: 'local/busybox:1',
    command: ['sleep', '1000'],
  }));
  await target.make(
    `/api/v1/namespaces/${namespace}/pods`,
    pod('crowd', undefined, { containers, schedulerName: 'nobody' }),
  );
  const opened = await fixture.open(`/resource/pods/crowd?ns=${namespace}`, { token: admin.token });
  const { page } = opened;
  await page.locator('.summary').waitFor();
  await pollUntil('the containers', async () => (await page.getByText('c99', { exact: true }).count()) > 0);
  assert.equal(await overflows(page), false);
  await opened.close();
});
