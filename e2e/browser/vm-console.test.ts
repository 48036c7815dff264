import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings, PHONE, type OpenPage } from '../harness/browser.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { consoleFixture, shownOnce } from './console-fixture.ts';
import { machineStage } from './machine-stage.ts';
import { machines } from './vms-cases.ts';

const LIMIT = { timeout: 120_000 };
const RUN = { deadlineMs: 60_000 };

const fixture = await consoleFixture();
const { target, gateway } = fixture;
await bringKubeVirt(target);
const stage = await machineStage(fixture, 'serials');
const { namespace, owner, guest, viewer, cable } = stage;

async function open(path: string, options: Parameters<typeof stage.open>[1] = {}): Promise<OpenPage> {
  const opened = await stage.open('/nothing-yet', options);
  // Text is read from the page, so the DOM draws it.
  await opened.page.evaluate(`localStorage.setItem('krateyard.terminal', '{"renderer":"dom"}')`);
  await opened.page.goto(path);
  return opened;
}

const consoleOf = (name: string): string => `/vms/${namespace}/${name}/console`;
const inPhase = (page: Page, phase: string) => page.locator(`[data-phase="${phase}"]`).first().waitFor();
const textOf = async (page: Page): Promise<string> => {
  const lines = await page.locator('.xterm-rows').first().locator('> div').allTextContents();
  return lines.map((line) => line.trimEnd()).join('\n');
};
const sees = (page: Page, text: string): Promise<string> =>
  pollUntil(
    `the terminal to show ${text}`,
    async () => {
      const shown = await textOf(page);
      return shown.includes(text) && shown;
    },
    RUN,
  );
const countOf = (text: string, part: string): number => text.split(part).length - 1;

/**
 * The guest may still be on its way to a prompt, and what is typed before that is lost; or it may be slow, and says it later.
 * Resolves with what it said, which it says once.
 */
async function says(page: Page, word: string, at: Page = page): Promise<string> {
  let tries = 0;
  return pollUntil(
    `the guest to say ${word}`,
    async () => {
      tries += 1;
      const said = `${word}-${40 + tries}`;
      await page.keyboard.type(`echo ${word}-$((40+${tries}))\n`);
      return pollUntil('it', async () => (await textOf(at)).includes(said) && said, {
        deadlineMs: 3_000,
      }).catch(() => undefined);
    },
    RUN,
  );
}

test('[CO10] s opens a console in the tray; it stays over other pages and a reload', LIMIT, async () => {
  const opened = await open(`/vms/${namespace}/web`);
  const { page } = opened;
  await page.locator('.object-actions button').first().waitFor();
  await page.keyboard.press('s');
  await inPhase(page, 'live');
  const said = await says(page, 'one');
  assert.deepEqual(await axeFindings(page), []);
  await page.goto(`/vms?ns=${namespace}`);
  await inPhase(page, 'live');
  await sees(page, said);
  await page.reload();
  await inPhase(page, 'live');
  assert.equal(countOf(await sees(page, said), said), 1);
  await opened.close();
});

test('[CO10][CO11] a machine that is off is waited for, and its console begins with it', LIMIT, async () => {
  const opened = await open(consoleOf('idle'));
  const { page } = opened;
  await inPhase(page, 'waiting');
  await page.locator('[data-waiting]', { hasText: 'is off' }).waitFor();
  await target.admin.patch(`${machines(namespace)}/idle`, 'application/merge-patch+json', {
    spec: { runStrategy: 'Always' },
  });
  await inPhase(page, 'live');
  const said = await says(page, 'awake');
  await target.admin.delete(`${machines(namespace)}/idle`);
  await page.locator('[data-exit="machine-gone"]').waitFor();
  await sees(page, said);
  await opened.close();
});

test('[CO11] a restart is said above what was said before', LIMIT, async () => {
  const opened = await open(consoleOf('web'));
  const { page } = opened;
  await inPhase(page, 'live');
  await says(page, 'before');
  const told = shownOnce(page, '[data-waiting]');
  const headers = { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' };
  const restarted = await fetch(`${gateway.origin}/api/vms/web/action?namespace=${namespace}`, {
    method: 'POST',
    headers,
    body: '{"action":"restart"}',
  });
  assert.equal(restarted.status, 202);
  assert.match(await told, /restart|starts|off/i);
  await page.locator('[data-waiting]').waitFor({ state: 'detached' });
  await says(page, 'after');
  await opened.close();
});

test('[CO12] two people at one console: view only, asking, giving, letting go, taking', LIMIT, async () => {
  const first = await open(consoleOf('web'));
  await inPhase(first.page, 'live');
  const said = await says(first.page, 'mine');
  const second = await open(consoleOf('web'), { token: guest.token });
  await inPhase(second.page, 'live');
  await sees(second.page, said);
  await second.page.locator('.session-looking').waitFor();
  await second.page.getByRole('button', { name: 'Ask for the keyboard' }).click();
  await first.page.locator('[data-band="asks"]', { hasText: 'asks for the keyboard' }).waitFor();
  await first.page.getByRole('button', { name: 'Give', exact: true }).click();
  await second.page.locator('.session-keys', { hasText: 'You type' }).waitFor();
  await second.page.locator('.xterm-screen').click();
  await says(second.page, 'theirs', first.page);
  await second.page.getByRole('button', { name: 'Let go of it' }).click();
  await first.page.locator('.session-keys', { hasText: 'Nobody types' }).waitFor();
  await first.page.getByRole('button', { name: 'Take the keyboard' }).click();
  await first.page.locator('.session-keys', { hasText: 'You type' }).waitFor();
  assert.deepEqual(await axeFindings(second.page), []);
  await first.close();
  await second.close();
});

test(
  '[CO13] with the cable pulled what was said stays, and nothing is missing afterwards',
  LIMIT,
  async () => {
    const opened = await open(consoleOf('web'), { browser: { baseURL: cable.origin } });
    const { page } = opened;
    await inPhase(page, 'live');
    const said = await says(page, 'kept');
    cable.pull();
    await inPhase(page, 'reconnecting');
    await page.locator('[data-held]').waitFor();
    await sees(page, said);
    cable.plug();
    await inPhase(page, 'live');
    await says(page, 'healed');
    assert.equal(countOf(await textOf(page), said), 1);
  },
);

test('[CO13] who may not use the console is told so', LIMIT, async () => {
  const { page } = await open(consoleOf('web'), { token: viewer.token });
  await page.getByText('You may not use this console').waitFor();
  await page.getByText(/cannot get resource "virtualmachineinstances\/console"/).waitFor();
});

test('[CO14] on a phone there is a row of keys', LIMIT, async () => {
  const opened = await open(consoleOf('web'), { browser: PHONE });
  const { page } = opened;
  await inPhase(page, 'live');
  await page.locator('.xterm-screen').tap();
  await page.getByRole('toolbar', { name: 'Terminal keys' }).waitFor();
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  assert.equal(wide, false);
  await opened.close();
});

test('[CO17] a console is recorded, and replayed among the recordings of shells', LIMIT, async () => {
  const opened = await open(consoleOf('web'));
  const { page } = opened;
  await inPhase(page, 'live');
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('button', { name: /^Stop recording/ }).waitFor();
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('echo to-be-remembered\n');
  await sees(page, 'to-be-remembered');
  await page.getByRole('button', { name: /^Stop recording/ }).click();
  await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Terminal settings' }).click();
  await page.getByRole('link', { name: 'Recordings of this console' }).click();
  await page.getByRole('link', { name: /^web · serial console/ }).click();
  await page.waitForURL('**/recordings/*');
  await sees(page, 'to-be-remembered');
  await page.getByText(/owner types/).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await opened.close();
});
