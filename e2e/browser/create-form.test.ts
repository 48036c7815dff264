import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { demoFixture } from './demo-fixture.ts';

/** Forms of new objects beside their YAML, in both directions. */
const LIMIT = { timeout: 240_000 };
const { openAs } = await demoFixture();

const editor = (page: Page): Locator => page.locator('.create .cm-content');
const field = (page: Page, name: string): Locator => page.getByLabel(name, { exact: true });

/** The YAML as it stands there; long texts are not drawn as a whole. */
const yaml = (page: Page): Promise<string> => editor(page).innerText();

async function untilYaml(page: Page, pattern: RegExp): Promise<string> {
  await pollUntil(`${pattern} in the YAML`, async () => pattern.test(await yaml(page)));
  return yaml(page);
}

/** As if it was pasted in place of all that stands there. */
async function write(page: Page, text: string): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** What of the page's globals is asked for in there. */
interface PageStyles {
  getComputedStyle(element: unknown): { getPropertyValue(name: string): string };
}

const OWN = `# of the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: till
spec:
  replicas: 4 # enough
  selector:
    matchLabels: {a: b}
  template:
    metadata:
      labels: {a: b}
    spec:
      priorityClassName: high
      containers:
        - name: one
          image: till:1
          command: [run, it]
        - name: two
          image: side:2
`;

test(
  '[YE9] what is written by hand shows in the form, and the form changes its own places alone',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/create?ns=shop&template=deployment');
    const { page } = opened;
    await field(page, 'Replicas').waitFor();
    await write(page, OWN);
    await pollUntil('the name in its field', async () => (await field(page, 'Name').inputValue()) === 'till');
    assert.equal(await field(page, 'Replicas').inputValue(), '4');
    assert.equal(await field(page, 'With a Service before it').isChecked(), false);
    await page.getByText('has 2 items: the form shows the first').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await field(page, 'Replicas').fill('7');
    await field(page, 'Image').fill('till:2');
    const text = await untilYaml(page, /image: till:2/);
    const expected = OWN.replace('replicas: 4', 'replicas: 7').replace('till:1', 'till:2');
    assert.equal(text.trimEnd(), expected.trimEnd());
    // What the form cannot show leads to its place.
    const odd = page.getByRole('group', { name: 'Command' });
    await odd.getByRole('button', { name: 'Show it in the YAML' }).click();
    await page.locator('.cm-activeLine', { hasText: 'command' }).waitFor();
    await opened.close();
  },
);

test(
  '[YE9] typing in the YAML keeps the cursor and its history, and what the form did is undone there',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/create?ns=shop&template=deployment');
    const { page } = opened;
    await write(page, OWN);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine, ');
    await untilYaml(page, /^# mine, # of the shop/);
    await field(page, 'Replicas').fill('12');
    await untilYaml(page, /replicas: 12/);
    await editor(page).focus();
    await page.keyboard.type('typed on ');
    await untilYaml(page, /^# mine, typed on # of the shop/);
    await pollUntil('all undone', async () => {
      await page.keyboard.press('Control+z');
      return /replicas: 4 # enough/.test(await yaml(page)) && !/mine/.test(await yaml(page));
    });
    await pollUntil('the form to follow', async () => (await field(page, 'Replicas').inputValue()) === '4');
    await opened.close();
  },
);

test(
  '[YE9] YAML that cannot be read, or is of another kind, is told beside the form, with the way on',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/create?ns=shop&template=service');
    const { page } = opened;
    await field(page, 'Port of the Service').waitFor();
    await editor(page).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('bad: [');
    await page.getByText('The form waits until the YAML can be read').waitFor();
    assert.equal(await field(page, 'Name').isDisabled(), true);
    assert.equal(await field(page, 'Name').inputValue(), 'web');
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: 'Go to line' }).click();
    await page.locator('.cm-activeLine', { hasText: 'bad' }).waitFor();
    await write(page, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: b\n');
    await page.getByText('The YAML has no Service of v1').waitFor();
    await page.getByRole('button', { name: 'Form: ConfigMap' }).click();
    const values = page.getByRole('group', { name: 'Values' });
    await values.getByLabel('Values: value of a').fill('one\ntwo');
    await untilYaml(page, /a: \|-\n\s+one\n\s+two/);
    await page.getByRole('button', { name: 'Something else' }).click();
    await page
      .getByRole('region', { name: 'Stands in the YAML' })
      .getByRole('button', { name: 'ConfigMap' })
      .waitFor();
    await opened.close();
  },
);

test(
  '[YE10] what the API server refuses stands at its field, and what a field is for comes from its schema',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/create?ns=shop&template=service');
    opened.expectRefusals();
    const { page } = opened;
    await field(page, 'Port of the pods').focus();
    await page
      .getByRole('complementary', { name: 'About this field' })
      .getByText('spec.ports[0].targetPort')
      .waitFor();
    await write(
      page,
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  sessionAffinity: Nobody\n  ports:\n    - port: 80000\n',
    );
    await page.keyboard.press('Control+s');
    await page.getByText('refused', { exact: true }).waitFor();
    await page.locator('.form-notes').getByText('spec.sessionAffinity').waitFor();
    assert.equal(await field(page, 'Port of the Service').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(await axeFindings(page), []);
    await opened.close();
  },
);

test('[YE11] values of a Secret are hidden in form and YAML until they are asked for', LIMIT, async () => {
  const opened = await openAs('admin', '/create?ns=shop&template=secret');
  const { page } = opened;
  await field(page, 'Values: value of password').fill('hunter2');
  const inYaml = page.locator('.cm-hidden', { hasText: 'hunter2' });
  await inYaml.waitFor();
  const hidden = (of: Locator): Promise<string> =>
    of.evaluate((element) =>
      (globalThis as unknown as PageStyles)
        .getComputedStyle(element)
        .getPropertyValue('-webkit-text-security'),
    );
  assert.equal(await hidden(inYaml), 'disc');
  assert.equal(await hidden(field(page, 'Values: value of password')), 'disc');
  await field(page, 'Show values of Secrets').check();
  assert.equal(await hidden(inYaml), 'none');
  assert.equal(await hidden(field(page, 'Values: value of password')), 'none');
  await opened.close();
});

test('[YE9] rows are added, named, pasted and removed by keyboard alone', LIMIT, async () => {
  const opened = await openAs('admin', '/create?ns=shop&template=configmap');
  const { page } = opened;
  await field(page, 'Add to Values').focus();
  await page.keyboard.press('Enter');
  await field(page, 'Values: name 2').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('COLOUR');
  await page.keyboard.press('Tab');
  await page.keyboard.type('blue');
  await untilYaml(page, /COLOUR: blue/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await pollUntil('the row to go', async () => !/COLOUR/.test(await yaml(page)));
  await field(page, 'Values: name 1').and(page.locator(':focus')).waitFor();
  await opened.close();
});

test('[YE8] on a phone the form stands above its YAML, and nothing overflows', LIMIT, async () => {
  const opened = await openAs('admin', '/create?ns=shop&template=statefulset', PHONE);
  const { page } = opened;
  await field(page, 'Volume of each').waitFor();
  assert.equal(await page.evaluate('document.scrollingElement.scrollWidth > innerWidth'), false);
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test(
  '[YE7] a namespace and what goes into it are made in one go, from the form as it stands',
  LIMIT,
  async () => {
    const opened = await openAs('admin', '/create?template=namespace');
    const { page } = opened;
    opened.expectRefusals();
    await field(page, 'Name').fill('team-new');
    await untilYaml(page, /namespace: team-new/);
    await page.getByRole('button', { name: 'Dry run' }).click();
    const steps = page.getByRole('region', { name: 'What will happen' });
    await steps.getByText('will be created in the new namespace').waitFor();
    await page.getByRole('button', { name: /^Create/ }).click();
    const made = steps.getByRole('link');
    await pollUntil('both to be made', async () => (await made.count()) === 2);
    assert.match((await made.last().getAttribute('href')) ?? '', /resourcequotas.*team-new/);
    await opened.close();
  },
);

test('[YE6] a draft wins over another way to the page, and gives way when told to', LIMIT, async () => {
  const opened = await openAs('admin', '/create?kind=configmaps');
  const { page } = opened;
  await field(page, 'Name').fill('half-written');
  await untilYaml(page, /name: half-written/);
  await page.goto('/create?kind=services');
  await page.getByText('it was kept').waitFor();
  await untilYaml(page, /name: half-written/);
  assert.deepEqual(await axeFindings(page), []);
  await page.goto('/create?kind=pki.yard.example/v1/certificates');
  await page.getByRole('button', { name: 'Begin a new Certificate' }).waitFor();
  await untilYaml(page, /name: half-written/);
  await page.goto('/create?kind=configmaps');
  await page.getByText('it was kept').waitFor();
  await pollUntil(
    'the draft in its form',
    async () => (await field(page, 'Name').inputValue()) === 'half-written',
  );
  await page.goto('/create?kind=services');
  await page.getByRole('button', { name: /^Begin a new Service/ }).click();
  await untilYaml(page, /kind: Service/);
  await page.getByText('it was kept').waitFor({ state: 'detached' });
  await page.goto('/create?kind=configmaps');
  await untilYaml(page, /kind: ConfigMap/);
  assert.equal(await page.getByText('it was kept').count(), 0, 'what is as it was begun is nobody’s');
  await opened.close();
});
