import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axeFindings } from '../harness/browser.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { consoleFixture } from './console-fixture.ts';

const LIMIT = { timeout: 180_000 };
const fixture = await consoleFixture();
const { target } = fixture;

test('[VP2] without KubeVirt the page says what is missing, and lights up when it comes', LIMIT, async () => {
  const namespace = await target.namespace('dark');
  const { token } = await fixture.person(namespace, 'owner', 'admin');
  const opened = await fixture.open(`/vms?ns=${namespace}`, { token });
  opened.expectNetworkFailures();
  const { page } = opened;
  await page.getByRole('heading', { name: 'No KubeVirt here' }).waitFor();
  await page.getByText('what machines there are', { exact: false }).first().waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await bringKubeVirt(target);
  await page.getByRole('heading', { name: 'No machines here' }).waitFor({ timeout: 90_000 });
  await opened.close();
});
