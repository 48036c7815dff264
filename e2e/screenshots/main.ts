import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openPage } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { pollUntil } from '../harness/poll-until.ts';

/**
 * Pictures of every state of the console, in two sizes and both themes, against a gateway with an embedded cluster: to be
 * looked at. Also makes the README's pictures. `npm run screenshots [-- WORD …]` makes those whose name has one of the words, in the combinations named (`wide-dark`).
 */
const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDER = path.join(ROOT, '.cache/screenshots');
const README_FOLDER = path.join(ROOT, 'docs/images');
const README_MOST_BYTES = 250 * 1024;
/** The demo cluster has its crash loops and its usage by then. */
const README_SETTLE_MS = 120_000;

const SIZES = {
  wide: { viewport: { width: 1440, height: 900 } },
  // No finer pixels: where they are only played, canvases are measured wrongly, and terminals stay empty.
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;
const THEMES = ['dark', 'light'] as const;

interface Scene {
  readonly name: string;
  readonly person?: string;
  readonly path?: string;
  /** Brings the page to what is to be seen. */
  readonly stage?: (page: Page, gateway: GatewayProcess) => Promise<void>;
  /** Needs a gateway of its own, as it is killed. */
  readonly kills?: boolean;
}

const live = (page: Page): Promise<void> =>
  page.locator('.filter-facts [data-truth="live"]').waitFor({ timeout: 20_000 });

/** A text in the spotlight, and its answer. */
async function find(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find anything' }).fill(text);
  await page.getByRole('option').first().waitFor();
  await page.waitForTimeout(800);
}

/** Runs an action on the best object that a text finds. */
async function act(page: Page, text: string, action: string): Promise<void> {
  await find(page, text);
  // Kinds and pages are found at once, objects when the gateway has answered.
  await page.locator('[role="option"][data-at]', { hasText: text.split(' ')[0]! }).waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: action }).first().waitFor();
  await page.getByRole('combobox').last().fill(action);
  // Until the rights are known nothing can be done.
  await page.locator('[role="option"][data-at]:not([aria-disabled])', { hasText: action }).waitFor();
  await page.keyboard.press('Enter');
}

const settle = (page: Page): Promise<void> => page.waitForTimeout(1500);

/** The frame's own parts. */
const FRAME_SCENES: readonly Scene[] = [
  { name: 'settings', person: 'alice', path: '/settings', stage: settle },
  { name: 'me', person: 'alice', path: '/me?in=team-a', stage: settle },
  { name: 'me-nothing', person: 'carol', path: '/me', stage: settle },
  {
    name: 'spotlight-start',
    person: 'admin',
    path: '/resources/pods',
    stage: (page) => live(page).then(() => find(page, '')),
  },
  {
    name: 'spotlight',
    person: 'admin',
    path: '/resources/pods',
    stage: (page) => live(page).then(() => find(page, 'ledger')),
  },
  {
    name: 'spotlight-actions',
    person: 'alice',
    path: '/resources/pods?ns=team-a',
    stage: async (page) => {
      await live(page);
      await find(page, await page.locator('.row .lead').first().innerText());
      await page.keyboard.press('Tab');
      await page.getByRole('option').nth(3).waitFor();
    },
  },
  {
    name: 'spotlight-none',
    person: 'bob',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('ledger');
      await page.getByText('Nothing is called').waitFor();
    },
  },
  {
    name: 'tray-tasks-empty',
    person: 'carol',
    path: '/resources/pods',
    stage: async (page) => {
      await settle(page);
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.getByText('Nothing under way').waitFor();
    },
  },
  {
    name: 'tray-tasks',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page, gateway) => {
      await live(page);
      const names = await page.locator('.row .lead').allInnerTexts();
      for (const [action, name] of [
        ['restart', names[0]],
        ['restart', names[1]],
        ['scale', 'no-such-deployment'],
      ] as const) {
        await page.request.post(`/api/actions/${action}`, {
          headers: { origin: gateway.origin },
          data: {
            targets: [{ kind: 'deployments', namespace: 'shop', name }],
            ...(action === 'scale' && { replicas: 1 }),
          },
        });
      }
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.locator('.task').first().waitFor();
      await page.locator('button.task-title').first().click();
    },
  },
  { name: 'tray-many', person: 'admin', path: '/resources/pods', stage: (page) => manyTabs(page) },
  {
    name: 'dialog-delete',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page) => {
      await live(page);
      await act(page, 'checkout deployment', 'Delete');
      await page.getByRole('dialog').waitFor();
      await settle(page);
    },
  },
  {
    name: 'dialog-scale',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page) => {
      await live(page);
      await act(page, 'checkout deployment', 'Scale');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'dialog-drain',
    person: 'admin',
    path: '/resources/v1/nodes',
    stage: async (page) => {
      await live(page);
      await act(page, 'worker-1', 'Drain');
      await page.getByRole('dialog').waitFor();
      await settle(page);
    },
  },
];

/** Opens the object of the first row of a table on its own page. */
function objectPage(tab: string): (page: Page) => Promise<void> {
  return async (page) => {
    await live(page);
    const row = page.locator('.row', { hasText: /checkout|worker-1/ }).first();
    const name = await row.locator('.lead').innerText();
    const [, kind] = new URL(page.url()).pathname.split('/resources/');
    const ns = new URL(page.url()).searchParams.get('ns');
    await page.goto(`/resource/${kind}/${name}?${ns ? `ns=${ns}&` : ''}tab=${tab}`);
    await settle(page);
  };
}

const OBJECT_TABS = ['summary', 'relations', 'events', 'yaml', 'history', 'access'];

/** The pages of the rooms. */
const PAGE_SCENES: readonly Scene[] = [
  { name: 'overview', person: 'admin', path: '/overview', stage: (page) => page.waitForTimeout(12_000) },
  { name: 'overview-one-namespace', person: 'bob', path: '/overview', stage: settle },
  { name: 'overview-nothing', person: 'carol', path: '/overview', stage: settle },
  ...OBJECT_TABS.map((tab) => ({
    name: `object-${tab}`,
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: objectPage(tab),
  })),
  { name: 'object-pod', person: 'admin', path: '/resources/pods?ns=shop', stage: objectPage('summary') },
  { name: 'object-node', person: 'admin', path: '/resources/v1/nodes', stage: objectPage('summary') },
  { name: 'object-missing', person: 'admin', path: '/resource/pods/no-such-pod?ns=shop', stage: settle },
  { name: 'object-forbidden', person: 'carol', path: '/resource/secrets/x?ns=payments', stage: settle },
  { name: 'create', person: 'admin', path: '/create', stage: settle },
  { name: 'shells', person: 'admin', path: '/shells', stage: settle },
  { name: 'recordings', person: 'admin', path: '/recordings', stage: settle },
  {
    name: 'logs',
    person: 'admin',
    path: '/logs?ns=shop&kind=deployments&name=checkout',
    stage: (page) => page.waitForTimeout(3000),
  },
  { name: 'logs-forbidden', person: 'carol', path: '/logs?ns=payments&pod=ledger-0', stage: settle },
  { name: 'shell', person: 'admin', path: '/resources/pods?ns=shop', stage: (page) => shell(page) },
  {
    name: 'shell-guests',
    person: 'admin',
    path: '/resources/pods?ns=shop',
    stage: async (page) => {
      await shell(page);
      await page
        .getByRole('button', { name: /people|in this shell/i })
        .first()
        .click();
      await settle(page);
    },
  },
  {
    name: 'tray-two',
    person: 'admin',
    path: '/resources/pods?ns=shop',
    stage: async (page) => {
      await shell(page);
      await page.keyboard.press('Control+Shift+Escape');
      await page.evaluate('document.activeElement?.blur()');
      await page.keyboard.press('l');
      await page.locator('.tray-panel:not([hidden]) .logs-rows').first().waitFor();
      await settle(page);
    },
  },
  { name: 'replay', person: 'admin', path: '/resources/pods?ns=shop', stage: (page) => replay(page) },
  { name: 'kinds', person: 'admin', path: '/kinds', stage: settle },
  {
    name: 'bulk-bar',
    person: 'admin',
    path: '/resources/deployments?ns=shop',
    stage: async (page) => {
      await live(page);
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await page.getByRole('region', { name: 'Selection' }).waitFor();
      await settle(page);
    },
  },
];

/** A shell in the tray, into a pod of the table, with something typed. */
async function shell(page: Page, pod: RegExp = /cart-api/): Promise<void> {
  await live(page);
  await page.locator('.row', { hasText: pod }).first().click();
  await page.keyboard.press('s');
  await page.locator('.terminal-screen[data-renderer]').waitFor();
  await settle(page);
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('ls -la /\n');
  await settle(page);
}

async function replay(page: Page): Promise<void> {
  await shell(page);
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('button', { name: /^Stop recording/ }).waitFor();
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('cat /etc/os-release\n');
  await settle(page);
  await page.keyboard.type('exit 0\n');
  await page.getByRole('button', { name: 'Replay the recording' }).click();
  await page.waitForURL('**/recordings/**');
  await settle(page);
}

async function manyTabs(page: Page): Promise<void> {
  await live(page);
  const tabs = Array.from({ length: 24 }, (_, index) => ({
    id: `t${index}`,
    type: index === 0 ? 'tasks' : 'logs',
    title: index === 0 ? 'Tasks' : `checkout-c474798dd-5sz${index}`,
    params: index === 0 ? {} : { ns: 'shop', pod: 'no-such-pod' },
  }));
  const saved = { version: 1, owner: 'admin', tabs, shown: ['t0', 't2'], heightPx: 360, full: false };
  await page.evaluate(`sessionStorage.setItem('krateyard.tray', ${JSON.stringify(JSON.stringify(saved))})`);
  await page.reload();
  await page.locator('.tray-panel:not([hidden])').first().waitFor();
  await settle(page);
}

const overviewLive = (page: Page): Promise<void> =>
  page.locator('.overview-bar [data-truth="live"]').waitFor({ timeout: 20_000 });

async function wrong(page: Page): Promise<void> {
  await overviewLive(page);
  await page.locator('[data-cause="crash-loop"]').waitFor({ timeout: 60_000 });
}

const SCENES: readonly Scene[] = [
  { name: 'sign-in', path: '/' },
  {
    name: 'sign-in-refused',
    path: '/',
    stage: async (page) => {
      await page.getByLabel('Bearer token').fill('no-such-token');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'overview-capacity',
    person: 'admin',
    path: '/overview',
    stage: async (page) => {
      await wrong(page);
      await page.getByRole('region', { name: 'Namespaces' }).scrollIntoViewIfNeeded();
    },
  },
  { name: 'table', person: 'admin', path: '/resources/pods', stage: live },
  { name: 'table-filtered', person: 'admin', path: '/resources/pods?q=status:failed,pending', stage: live },
  { name: 'table-one-namespace', person: 'bob', path: '/resources/pods?ns=team-b', stage: live },
  { name: 'nodes', person: 'admin', path: '/resources/v1/nodes', stage: live },
  { name: 'events', person: 'admin', path: '/resources/events', stage: live },
  { name: 'secrets', person: 'admin', path: '/resources/secrets', stage: live },
  { name: 'crds', person: 'admin', path: '/resources/crds', stage: live },
  { name: 'custom', person: 'admin', path: '/resources/pki.yard.example/v1/certificates', stage: live },
  {
    name: 'detail-event',
    person: 'admin',
    path: '/resources/events',
    stage: openBadRow,
  },
  { name: 'deployments', person: 'admin', path: '/resources/deployments', stage: live },
  { name: 'detail', person: 'admin', path: '/resources/pods', stage: openBadRow },
  {
    name: 'detail-yaml',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await openBadRow(page);
      await page.getByRole('tab', { name: 'YAML' }).click();
      await page.locator('.yaml pre, .cm-editor').first().waitFor();
    },
  },
  {
    name: 'kind-picker',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.getByRole('button', { name: /^Kind/ }).click();
      await page.getByRole('option').nth(8).waitFor();
    },
  },
  {
    name: 'namespace-picker',
    person: 'admin',
    path: '/resources/pods?ns=team-a,team-b',
    stage: async (page) => {
      await live(page);
      await page.getByRole('button', { name: /^Namespaces/ }).click();
      await page.getByRole('option').nth(2).waitFor();
    },
  },
  {
    name: 'person-menu',
    person: 'alice',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.getByRole('button', { name: /^Person/ }).click();
    },
  },
  {
    name: 'keys',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await live(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  ...FRAME_SCENES,
  ...PAGE_SCENES,
  { name: 'empty', person: 'admin', path: '/resources/ingresses?ns=kube-system', stage: live },
  { name: 'no-match', person: 'admin', path: '/resources/pods?q=nothing-is-called-so', stage: live },
  {
    name: 'forbidden',
    person: 'carol',
    path: '/resources/secrets',
    stage: (page) => headline(page, /may not/),
  },
  {
    name: 'unknown-kind',
    person: 'admin',
    path: '/resources/example.com/v1/unicorns',
    stage: (page) => headline(page, /serves no/),
  },
  {
    name: 'bad-filter',
    person: 'admin',
    path: '/resources/pods?q=label=a%3D%3D%3Db',
    stage: (page) => headline(page, /understood/),
  },
  {
    name: 'unknown-page',
    person: 'admin',
    path: '/nowhere',
    stage: (page) => headline(page, /no such page/),
  },
  {
    name: 'loading',
    person: 'admin',
    path: '/resources/pods',
    stage: async (page) => {
      await page.routeWebSocket('**/ws/watch', () => {});
      await page.reload();
      await page.locator('.loading-rows').waitFor();
    },
  },
  { name: 'lagging', person: 'admin', path: '/resources/pods', stage: (page) => note(page, 'lagging') },
  {
    name: 'cluster-gone',
    person: 'admin',
    path: '/resources/pods',
    stage: (page) => note(page, 'disconnected'),
  },
  {
    name: 'lost-right',
    person: 'admin',
    path: '/resources/secrets',
    stage: async (page) => {
      const status = {
        kind: 'Status',
        reason: 'Forbidden',
        code: 403,
        message:
          'secrets is forbidden: User "admin" cannot list resource "secrets" in API group "" at the cluster scope',
      };
      await retell(page, (frame) =>
        frame.type === 'synced' ? [frame, { type: 'ended', stream: frame.stream, status }] : [frame],
      );
      await headline(page, /lost the right/);
    },
  },
  {
    name: 'disconnected',
    person: 'admin',
    path: '/resources/pods',
    kills: true,
    stage: async (page, gateway) => {
      await live(page);
      await gateway.kill();
      await page.getByText('Disconnected from the gateway').waitFor();
    },
  },
  {
    name: 'gateway-gone',
    person: 'admin',
    path: '/resources/pods',
    kills: true,
    stage: async (page, gateway) => {
      await live(page);
      await page.route('**/api/session', (route) => route.abort());
      await page.reload();
      await headline(page, /does not answer/);
      await gateway.kill();
    },
  },
];

interface Told {
  readonly type: string;
  readonly stream: string;
}

/** Changes what the gateway says on its way to the page: for states that last too short to be caught. */
async function retell(page: Page, change: (frame: Told) => readonly object[]): Promise<void> {
  await page.routeWebSocket('**/ws/watch', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      for (const frame of change(JSON.parse(String(text)) as Told)) socket.send(JSON.stringify(frame));
    });
  });
  await page.reload();
}

async function note(page: Page, state: string): Promise<void> {
  const freshness = {
    state,
    observedAt: new Date(Date.now() - 4000).toISOString(),
    lagMs: 4000,
    reason: 'The connection to the API server was refused.',
  };
  await retell(page, (frame) => {
    if (frame.type === 'synced') return [{ ...frame, freshness }];
    return [frame.type === 'freshness' ? { ...frame, ...freshness } : frame];
  });
  await page.locator(`.filter-facts [data-truth="${state}"]`).waitFor();
}

async function headline(page: Page, text: RegExp): Promise<void> {
  await page.getByRole('heading', { name: text }).waitFor();
}

async function openBadRow(page: Page): Promise<void> {
  await live(page);
  const bad = page.locator('.row', { has: page.locator('[data-shape="triangle"]') }).first();
  await ((await bad.count()) > 0 ? bad : page.locator('.row').first()).click();
  await page.locator('.panel .facts').first().waitFor();
  await page.mouse.move(700, 20);
}

/** Scenes that could not be brought to what was to be seen, or whose page complained: told at the end. */
const failed: string[] = [];

/** `wide-dark`, `phone-light`, …: only these; none: all four. */
const combinations = process.argv.slice(2).filter(isCombination);

function isCombination(word: string): boolean {
  return Object.keys(SIZES).some((size) => THEMES.some((theme) => word === `${size}-${theme}`));
}

type Theme = (typeof THEMES)[number];
type Size = keyof typeof SIZES;

/** One scene in all combinations; side by side, unless it kills the gateway. */
async function shoot(browser: Browser, gateway: GatewayProcess, scene: Scene): Promise<void> {
  const under: Promise<void>[] = [];
  for (const size of Object.keys(SIZES) as Size[]) {
    for (const theme of THEMES) {
      if (combinations.length > 0 && !combinations.includes(`${size}-${theme}`)) continue;
      if (scene.kills) await gateway.start();
      const picture = shootOne(browser, gateway, scene, size, theme);
      if (scene.kills) await picture;
      else under.push(picture);
    }
  }
  await Promise.all(under);
}

async function shootOne(
  browser: Browser,
  gateway: GatewayProcess,
  scene: Scene,
  size: Size,
  theme: Theme,
): Promise<void> {
  const opened = await openPage(browser, { baseURL: gateway.origin, colorScheme: theme, ...SIZES[size] });
  opened.expectNetworkFailures();
  opened.expectRefusals();
  const { page, context } = opened;
  if (scene.person !== undefined) {
    await context.request.post('/api/session', { data: { person: scene.person } });
  }
  await page.goto(scene.path ?? '/');
  await scene.stage?.(page, gateway).catch((error: unknown) => {
    failed.push(`${scene.name}-${size}-${theme}: ${String(error).split('\n')[0]}`);
  });
  await page.evaluate('document.fonts.ready');
  // The glow of rows that have just come would be in the picture.
  await page.waitForTimeout(1600);
  await page.screenshot({ path: path.join(FOLDER, `${scene.name}-${size}-${theme}.png`) });
  await opened.close().catch((error: unknown) => {
    failed.push(`${scene.name}-${size}-${theme}: ${String(error)}`);
  });
}

/** The README's pictures: of a cluster that has settled. */
const README_SCENES: readonly Scene[] = [
  { name: 'overview', path: '/overview', stage: wrong },
  {
    name: 'object',
    path: '/resource/deployments/checkout?ns=shop',
    stage: async (page) => {
      await page.locator('.object-head h1').waitFor();
      await settle(page);
      await page.keyboard.press('l');
      await settle(page);
    },
  },
  { name: 'shell', path: '/resources/pods?ns=shop', stage: (page) => shell(page, /checkout/) },
];

/** With a gateway of its own: no other picture has changed what its cluster holds. */
async function shootReadme(browser: Browser): Promise<void> {
  await mkdir(README_FOLDER, { recursive: true });
  const gateway = await GatewayProcess.start();
  try {
    await settled(gateway);
    // Usage is gathered while somebody looks.
    const looking = await openPage(browser, { baseURL: gateway.origin });
    await looking.context.request.post('/api/session', { data: { person: 'admin' } });
    await looking.page.goto('/resource/deployments/checkout?ns=shop');
    await setTimeout(README_SETTLE_MS);
    await looking.close();
    for (const scene of README_SCENES) await shootForReadme(browser, gateway, scene);
  } finally {
    await gateway.close();
  }
}

async function shootForReadme(browser: Browser, gateway: GatewayProcess, scene: Scene): Promise<void> {
  const { name, path: address = '/', stage } = scene;
  const opened = await openPage(browser, { baseURL: gateway.origin, ...SIZES.wide });
  await opened.context.request.post('/api/session', { data: { person: 'admin' } });
  await opened.page.goto(address);
  await stage?.(opened.page, gateway);
  // Rows that have just come glow.
  await opened.page.waitForTimeout(4000);
  const file = path.join(README_FOLDER, `${name}.png`);
  await opened.page.screenshot({ path: file });
  await opened.close();
  const { size } = await stat(file);
  if (size > README_MOST_BYTES)
    throw new Error(`${name}.png has ${size} bytes, more than ${README_MOST_BYTES}`);
}

async function main(words: readonly string[]): Promise<void> {
  const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));
  if (words.length === 0 && combinations.length === 0) await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const gateway = await GatewayProcess.start();
  const browser = await openBrowser();
  try {
    await settled(gateway);
    for (const scene of SCENES.filter(({ name, kills }) => wanted(name) && !kills)) {
      await shoot(browser, gateway, scene);
      process.stdout.write(`${scene.name}\n`);
    }
    if (wanted('readme')) await shootReadme(browser);
    for (const scene of SCENES.filter(({ name, kills }) => wanted(name) && kills)) {
      await gateway.kill();
      await shoot(browser, gateway, scene);
      process.stdout.write(`${scene.name}\n`);
    }
  } finally {
    await browser.close();
    await gateway.close();
  }
}

/** The demo cluster needs a moment to bring its pods up. */
async function settled(gateway: GatewayProcess): Promise<void> {
  await pollUntil('the gateway to be ready', async () => (await fetch(`${gateway.origin}/readyz`)).ok);
}

await main(process.argv.slice(2).filter((word) => !isCombination(word)));
if (failed.length > 0) {
  process.stderr.write(`\n${failed.join('\n')}\n`);
  process.exitCode = 1;
}
