import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { VmOptions } from '@krateyard/vms/contract/vm-create';
import { axeFindings, PHONE } from '../harness/browser.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { bringWukong } from '../harness/wukong.ts';
import type { Wire } from '../harness/wire.ts';
import { consoleFixture } from './console-fixture.ts';
import { untilLit } from './vms-cases.ts';

const fixture = await consoleFixture();
const { target } = fixture;
await bringKubeVirt(target);

async function newMachine(name: string, options: Parameters<typeof fixture.open>[1] = {}, query = '') {
  const namespace = await target.namespace(name);
  const { token } = await fixture.person(namespace, name, 'edit');
  await untilLit(fixture, namespace, token);
  const opened = await fixture.open(`/vms/new?ns=${namespace}${query}`, { token, ...options });
  opened.page.setDefaultTimeout(60_000);
  await opened.page.getByRole('heading', { name: 'New machine' }).waitFor({ timeout: 90_000 });
  return { opened, page: opened.page, namespace, token };
}

/** The form asks once what machines can be made of. */
async function untilWukongIsOffered(): Promise<void> {
  const namespace = await target.namespace('vc-offered');
  const { token } = await fixture.person(namespace, 'asker', 'edit');
  await pollUntil(
    'the Wukongs to be known',
    async () => {
      const answer = await fetch(`${fixture.gateway.origin}/api/vm-options?namespace=${namespace}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return answer.ok && ((await answer.json()) as VmOptions).wukong;
    },
    { deadlineMs: 90_000 },
  );
}

const fill = (page: Page, label: string, value: string): Promise<void> =>
  page.getByLabel(label, { exact: true }).first().fill(value);

const yamlOf = async (page: Page): Promise<string> =>
  (await page.locator('.create-yaml .cm-content').textContent()) ?? '';

test('[VC11] what is typed is YAML beside it, checked by the API server, with errors at their fields', async () => {
  const { opened, page, namespace } = await newMachine('vc-form');
  // What is missing the page says by itself; nothing is called wrong before one has been there.
  const preview = page.getByRole('complementary', { name: 'What will be made' });
  await preview.getByText('Still missing', { exact: true }).waitFor();
  assert.deepEqual(await preview.getByRole('listitem').allTextContents(), ['Name', 'Disk root: Image']);
  assert.equal(await page.locator('.create-form .field-error').count(), 0);
  await page.getByRole('button', { name: 'Create machine' }).click();
  await page.getByText('is still missing').nth(1).waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).first().getAttribute('aria-invalid'), 'true');
  await fill(page, 'Image', 'local/guest:1');
  await fill(page, 'Name', 'My Machine');
  await page.getByText('"My Machine" is no name').first().waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).first().getAttribute('aria-invalid'), 'true');
  await fill(page, 'Name', 'web');
  await page.getByText('The API server would take it').waitFor();
  await pollUntil('the YAML', async () => /name: web/.test(await yamlOf(page)));
  assert.match(await yamlOf(page), /image: local\/guest:1/);
  await preview.getByText('cannot be changed here').waitFor();
  // A namespace that is nobody's, or none yet, is no failed request either.
  for (const other of ['', 'No', 'vc-elsewhere']) {
    await page.getByLabel('Namespace', { exact: true }).fill(other);
    await preview.getByText(other === '' ? 'Still missing' : 'The API server refuses it').waitFor();
  }
  await page.getByLabel('Namespace', { exact: true }).fill(namespace);
  await page.getByText('The API server would take it').waitFor();
  await page.getByText('Users and keys').click();
  await fill(page, 'User name', 'Ada');
  await page
    .locator('.create-form')
    .getByText(/is no user name/)
    .waitFor();
  await fill(page, 'User name', 'ada');
  await fill(page, 'Password', 'open sesame');
  await pollUntil('the Secret in the YAML', async () => /kind: Secret/.test(await yamlOf(page)));
  assert.doesNotMatch(await yamlOf(page), /sesame/);
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test('[VC11] made once: the machine with its Secret, a task, and the machine’s page', async () => {
  const { opened, page, namespace } = await newMachine('vc-made');
  await fill(page, 'Name', 'web');
  await fill(page, 'Memory', '64Mi');
  await fill(page, 'Image', 'local/guest:1');
  await page.getByLabel('Run strategy').selectOption('Halted');
  await page.getByText('The API server would take it').waitFor();
  await page.getByRole('button', { name: 'Create machine' }).dblclick();
  await page.waitForURL(`**/vms/${namespace}/web`);
  const made = JSON.parse(await fixture.kubectl('-n', namespace, 'get', 'vm', 'web', '-o', 'json')) as {
    spec: { runStrategy: string };
  };
  assert.equal(made.spec.runStrategy, 'Halted');
  await page.goto(`/vms/new?ns=${namespace}`);
  await page.getByRole('heading', { name: 'New machine' }).waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).first().inputValue(), '');
  await opened.close();
});

test('[VC12] a draft is there after a reload, without its passwords; another machine is a beginning', async () => {
  const { opened, page, namespace, token } = await newMachine('vc-draft');
  await fill(page, 'Name', 'kept');
  await page.getByRole('button', { name: 'Add disk' }).click();
  await page.reload();
  await pollUntil(
    'the draft',
    async () => (await page.getByLabel('Name', { exact: true }).first().inputValue()) === 'kept',
  );
  assert.equal(await page.locator('.form-item legend').getByText('Disk disk').count(), 1);
  await page.getByText('Users and keys').click();
  await fill(page, 'Password', 'open sesame');
  const stored = await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })');
  assert.ok(typeof stored === 'string' && !stored.includes('vms.create'));
  assert.doesNotMatch(stored, /sesame/);
  await page.getByRole('button', { name: 'Start over' }).click();
  assert.equal(await page.getByLabel('Name', { exact: true }).first().inputValue(), '');
  await opened.close();

  await target.make(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'old' },
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: { cpu: { sockets: 3 }, memory: { guest: '96Mi' }, devices: {} },
          volumes: [{ name: 'root', containerDisk: { image: 'local/guest:1' } }],
        },
      },
    },
  });
  const again = await fixture.open(`/vms/new?ns=${namespace}&from=old`, { token });
  await pollUntil(
    'the machine to begin from',
    async () => (await again.page.getByLabel('Name', { exact: true }).first().inputValue()) === 'old-copy',
  );
  assert.equal(await again.page.getByRole('spinbutton', { name: 'CPUs' }).inputValue(), '3');
  assert.equal(await again.page.getByLabel('Image', { exact: true }).inputValue(), 'local/guest:1');
  await again.page.getByText('The API server would take it').waitFor();
  await again.close();
});

test('[VC11] on a phone everything is within the width, and the button in reach', async () => {
  const { opened, page } = await newMachine('vc-phone', { browser: { ...PHONE } });
  await fill(page, 'Name', 'web');
  await fill(page, 'Image', 'local/guest:1');
  await page.getByText('The API server would take it').waitFor({ state: 'attached' });
  assert.equal(await page.locator('body').evaluate((body) => body.scrollWidth), 390);
  await page.getByRole('button', { name: 'Create machine' }).click({ trial: true });
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});

test('[VC14] where Wukongs are served the form offers one, and its operator makes the machine', async () => {
  await bringWukong(target);
  await untilWukongIsOffered();
  const { opened, page, namespace } = await newMachine('vc-wukong');
  await fill(page, 'Name', 'web');
  await fill(page, 'Memory', '64Mi');
  await fill(page, 'Image', 'local/guest:1');
  await page.getByLabel('Looked after by').selectOption('wukong');
  await page.getByText('makes the machine web-vm').waitFor();
  assert.equal(await page.getByLabel('Firmware').count(), 0);
  await page.getByText('Users and keys').click();
  await fill(page, 'User name', 'ada');
  await page.getByText('The API server would take it').waitFor();
  await pollUntil('the Wukong in the YAML', async () => /kind: Wukong/.test(await yamlOf(page)));
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole('button', { name: 'Create machine' }).click();
  await page.waitForURL(`**/vms/${namespace}/web-vm`);
  await page.getByText('Running').first().waitFor();
  const made = await fixture.kubectl(
    '-n',
    namespace,
    'get',
    'wukong',
    'web',
    '-o',
    'jsonpath={.status.vmName}',
  );
  assert.equal(made, 'web-vm');
  await opened.close();
});

test('[VC13] the dialog changes the version that it showed, and says when a restart is needed', async () => {
  const { opened, page, namespace } = await newMachine('vc-dialog');
  // What is wrong here is sent: somebody has pressed the button.
  opened.expectRefusals();
  const path = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
  await target.make(path, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'web' },
    spec: {
      runStrategy: 'Always',
      template: {
        spec: {
          domain: { cpu: { sockets: 1 }, memory: { guest: '64Mi' }, devices: {} },
          volumes: [{ name: 'root', containerDisk: { image: 'local/guest:1' } }],
        },
      },
    },
  });
  const machine = async (): Promise<Wire> => (await target.admin.get(`${path}/web`)).body as Wire;
  await pollUntil('the machine to run', async () => (await machine()).status?.printableStatus === 'Running');
  await page.goto(`/vms/${namespace}/web`);
  // There as soon as the machine is known, and so are its actions.
  await page.getByRole('button', { name: 'Actions of web' }).click();
  await page.getByRole('menuitem', { name: /^Change CPU, memory/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Change web' });
  await dialog.getByLabel('Memory').fill('lots');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByText('"lots" is no quantity').waitFor();
  const meanwhile = { spec: { template: { spec: { domain: { cpu: { sockets: 2 } } } } } };
  await target.admin.patch(`${path}/web`, 'application/merge-patch+json', meanwhile);
  await dialog.getByLabel('Memory').fill('96Mi');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByText('It has been changed meanwhile').waitFor();
  assert.equal((await machine()).spec.template.spec.domain.memory.guest, '64Mi');
  await dialog.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('restart it for that to take effect').waitFor();
  const { cpu, memory } = (await machine()).spec.template.spec.domain as Wire;
  assert.deepEqual([cpu.sockets, memory.guest], [2, '96Mi']);
  await opened.close();
});
