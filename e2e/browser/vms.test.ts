import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { Cable } from '../harness/cable.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { machine } from '../rooms/vms-cases.ts';
import { consoleFixture, namesOf, rowOf, untilLive } from './console-fixture.ts';
import { machines, RUN, untilStatus, vmsCases } from './vms-cases.ts';

const LIMIT = { timeout: 180_000 };
const fixture = await consoleFixture();
const { target, gateway } = fixture;

await bringKubeVirt(target);
const namespace = await target.namespace('machines');
for (const name of ['app-1', 'app-2', 'app-3']) await target.make(machines(namespace), machine(name));
await target.make(
  machines(namespace),
  machine('giant', {
    runStrategy: 'Always',
    template: {
      spec: {
        domain: { memory: { guest: '4Ti' }, devices: {} },
        volumes: [],
      },
    },
  }),
);
const { token } = await fixture.person(namespace, 'owner', 'admin');
const list = `/vms?ns=${namespace}`;
// What a test that failed has left open would hold the next one's machines busy.
afterEach(async () => {
  for (const context of fixture.browser.contexts()) await context.close();
});

await vmsCases(fixture);

test('[VP4] several are started and stopped together; what cannot be done says why', LIMIT, async () => {
  const opened = await fixture.open(`${list}&q=app-&sort=name`, { token });
  const { page } = opened;
  const { keyboard } = page;
  await rowOf(page, 'app-3').waitFor();
  await untilLive(page);
  for (const key of ['j', 'x', 'j', 'x', 'j', 'x']) await keyboard.press(key);
  const bar = page.getByRole('region', { name: 'Selection' });
  await bar.getByText('3 selected').waitFor();
  const stop = bar.getByRole('button', { name: 'Stop' });
  assert.equal(await stop.getAttribute('aria-disabled'), 'true');
  assert.match((await stop.getAttribute('title')) ?? '', /None of them: It is off already/);
  await bar.getByRole('button', { name: 'Start', exact: true }).click();
  for (const name of ['app-1', 'app-2', 'app-3']) await untilStatus(page, name, 'Running');
  assert.deepEqual(await axeFindings(page), []);
  await bar.getByRole('button', { name: 'Stop', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByText(`${namespace}/app-1, ${namespace}/app-2`, { exact: false })
    .waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
  for (const name of ['app-1', 'app-2', 'app-3']) await untilStatus(page, name, 'Stopped');
  await keyboard.press('Escape');
  await bar.waitFor({ state: 'detached' });
  await opened.close();
});

test('[VP4] who may only look is told so in the menu, and no key does what they may not', LIMIT, async () => {
  const viewer = await fixture.person(namespace, 'viewer', 'view');
  const opened = await fixture.open(`${list}&q=app-1`, { token: viewer.token });
  const { page } = opened;
  await rowOf(page, 'app-1').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('.');
  const start = page.getByRole('menuitem', { name: /^Start/ });
  await pollUntil('the reason', async () => (await start.getAttribute('aria-disabled')) === 'true');
  await page.keyboard.press('Escape');
  await page.keyboard.press('B');
  await page.getByText(/^Start app-1: /).waitFor();
  await opened.close();
});

test(
  '[VP5, VP6] a machine that fits nowhere says why and what to do, in cell, page and conditions',
  LIMIT,
  async () => {
    const opened = await fixture.open(`${list}&q=status:failed`, { token });
    const { page } = opened;
    await rowOf(page, 'giant').getByText('no node fits').waitFor(RUN);
    await rowOf(page, 'giant').click();
    await page.getByText('No node has room for it', { exact: false }).first().waitFor();
    await page
      .getByText(/Unschedulable: .*Insufficient memory/)
      .first()
      .waitFor();
    await page.getByText('Ask for less CPU or memory', { exact: false }).waitFor();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('FailedScheduling').first().waitFor();
    await page.getByRole('tab', { name: 'Conditions' }).click();
    await page.getByText('PodScheduled: False').first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  },
);

test('[VP10] the machine’s page leads to its objects, and they lead back', LIMIT, async () => {
  const opened = await fixture.open(`/vms/${namespace}/app-1`, { token });
  const { page } = opened;
  const madeOf = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Made of' }) });
  await madeOf.locator('a[href*="/virtualmachines/"]').click();
  await page.waitForURL('**/virtualmachines/**');
  await page.getByRole('link', { name: 'Machine app-1' }).click();
  await page.waitForURL(`**/vms/${namespace}/app-1`);
  await page.goto(`/resources/kubevirt.io/v1/virtualmachines?ns=${namespace}&open=${namespace}/app-1`);
  await page
    .getByRole('complementary', { name: /app-1$/ })
    .getByRole('link', { name: 'Machine app-1' })
    .click();
  await page.waitForURL(`**/vms/${namespace}/app-1`);
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test('[VP3] filter, sort and namespaces stand in the address, and the numbers filter', LIMIT, async () => {
  const opened = await fixture.open(list, { token });
  const { page } = opened;
  await rowOf(page, 'app-1').waitFor();
  await page.getByRole('button', { name: /failed$/ }).click();
  await pollUntil('only the failed one', async () => (await namesOf(page)).join() === 'giant');
  assert.equal(new URL(page.url()).searchParams.get('q'), 'status:failed');
  await page.getByRole('textbox', { name: 'Filter' }).fill('app label=app=app-2');
  await pollUntil('one by its label', async () => (await namesOf(page)).join() === 'app-2');
  await page.getByRole('textbox', { name: 'Filter' }).fill('app-');
  await page
    .getByRole('button', { name: /^Sort by Name|^Name/ })
    .first()
    .click();
  await pollUntil('sorted', async () => (await namesOf(page)).join() === 'app-1,app-2,app-3');
  await page.reload();
  await pollUntil('the same again', async () => (await namesOf(page)).join() === 'app-1,app-2,app-3');
  await page.getByRole('textbox', { name: 'Filter' }).fill('label====');
  await page.getByRole('heading', { name: 'The filter cannot be understood' }).waitFor();
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await rowOf(page, 'giant').waitFor();
  await opened.close();
});

test(
  '[VP2] who may not list machines is told so, and who loses the right loses the rows',
  LIMIT,
  async () => {
    const own = await target.namespace('rights');
    await target.make(machines(own), machine('mine'));
    const person = await fixture.person(own, 'guest', 'view');
    const opened = await fixture.open(`/vms?ns=${own}`, { token: person.token });
    opened.expectNetworkFailures();
    opened.expectRefusals();
    const { page } = opened;
    await rowOf(page, 'mine').waitFor();
    await fixture.kubectl('-n', own, 'delete', 'rolebinding', 'guest');
    await page.getByRole('heading', { name: 'You lost the right to see these machines' }).waitFor();
    assert.deepEqual(await namesOf(page), []);
    assert.deepEqual(await axeFindings(page), []);
    await fixture.kubectl(
      '-n',
      own,
      'create',
      'rolebinding',
      'guest',
      '--clusterrole=view',
      `--serviceaccount=${own}:guest`,
    );
    await rowOf(page, 'mine').waitFor({ timeout: 60_000 });
    await page.goto(`/vms?ns=${namespace}`);
    await page.getByRole('heading', { name: 'You may not list machines here' }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  },
);

test(
  '[VP1] a pulled cable keeps what was known, says since when, and comes back by itself',
  LIMIT,
  async () => {
    const cable = await Cable.to(gateway.origin);
    after(() => cable.close());
    const opened = await fixture.open(list, { token, browser: { baseURL: cable.origin } });
    opened.expectNetworkFailures();
    const { page } = opened;
    await rowOf(page, 'app-1').waitFor();
    await untilLive(page);
    cable.pull();
    await page
      .getByText('showing what was known then', { exact: false })
      .first()
      .waitFor({ timeout: 40_000 });
    await rowOf(page, 'app-1').waitFor();
    await fixture.kubectl('-n', namespace, 'label', 'virtualmachines.kubevirt.io', 'app-1', 'seen=later');
    cable.plug();
    await untilLive(page);
    await page.getByRole('textbox', { name: 'Filter' }).fill('label=seen=later');
    await pollUntil('what changed meanwhile', async () => (await namesOf(page)).join() === 'app-1');
    await opened.close();
  },
);

test('[VP8] the spotlight finds machines and what can be done with them', LIMIT, async () => {
  const opened = await fixture.open('/overview', { token });
  const { page } = opened;
  const { keyboard } = page;
  await page.locator('.overview-bar').waitFor();
  await keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find anything' }).waitFor();
  await keyboard.type('app-2', { delay: 20 });
  const found = page.getByRole('option', { name: 'app-2 Stopped Machine ·' });
  await found.waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await found.hover();
  await keyboard.press('Tab');
  await page.getByRole('option', { name: /^Migrate/ }).waitFor();
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await opened.close();
});

test('[VP9] with the keyboard alone one gets to a machine, through its parts and back', LIMIT, async () => {
  const opened = await fixture.open('/overview', { token });
  const { page } = opened;
  const { keyboard } = page;
  await page.locator('.overview-bar').waitFor();
  await keyboard.press('g');
  await keyboard.press('v');
  await page.getByRole('grid', { name: 'Machines' }).waitFor();
  await keyboard.press('/');
  await keyboard.type('app-1');
  await keyboard.press('Enter');
  await pollUntil('the filter', async () => (await namesOf(page)).join() === 'app-1');
  await keyboard.press('j');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'app-1', level: 1 }).waitFor();
  for (const [key, name] of [
    ['2', /^Snapshots/],
    ['3', /^Events/],
    ['4', /^Conditions/],
    ['1', /^Overview/],
  ] as const) {
    await keyboard.press(key);
    await page.getByRole('tab', { name, selected: true }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
  }
  await keyboard.press('T');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await page.getByRole('grid', { name: 'Machines' }).waitFor();
  await opened.close();
});

test(
  '[VP9, UI31] on a phone machines are lists of two lines that can be sorted, and nothing is wider than the screen',
  LIMIT,
  async () => {
    const opened = await fixture.open(list, { token, browser: PHONE });
    const { page } = opened;
    await page.getByText('app-1').waitFor();
    const overflows = (): Promise<unknown> =>
      page.evaluate('document.scrollingElement.scrollWidth > innerWidth');
    assert.equal(await overflows(), false);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: /^Sort by: / }).tap();
    await page.getByRole('option', { name: /^Memory/ }).tap();
    await page.waitForURL(/sort=-?memory/);
    await page.getByRole('button', { name: /^Sort by: Memory/ }).waitFor();
    assert.equal(await overflows(), false);
    await page.getByText('giant').click();
    await page.getByText('No node has room for it', { exact: false }).first().waitFor();
    assert.equal(await overflows(), false);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('tab', { name: 'Snapshots' }).click();
    await page.getByRole('heading', { name: 'No snapshots yet' }).waitFor();
    assert.equal(await overflows(), false);
    await opened.close();
  },
);
