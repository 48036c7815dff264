import { after } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, openPage, type OpenPage } from '../harness/browser.ts';
import { GatewayProcess } from '../harness/gateway-process.ts';
import { kubectlPath } from '../harness/kubectl.ts';
import { run } from '../harness/run.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { openTarget, type Target } from '../harness/target.ts';
import type { TargetOptions } from '../harness/target-source.ts';

/** A cluster, a gateway process before it, and a browser: what every test of the console needs. */
export interface ConsoleFixture {
  readonly target: Target;
  readonly gateway: GatewayProcess;
  readonly browser: Browser;
  /** A page of the console at `path`, signed in with a token, or not at all. */
  open(path: string, options?: { token?: string; browser?: BrowserContextOptions }): Promise<OpenPage>;
  /** Throws unless it succeeds; as the administrator. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** A person who holds ClusterRole `role` in the namespace and nothing else; the binding has the same name. */
  person(namespace: string, name: string, role?: string): Promise<{ token: string }>;
}

/** For the top level of a test file: everything closes after its last test. */
export async function consoleFixture(options: TargetOptions = {}): Promise<ConsoleFixture> {
  const target = await openTarget(options);
  const gateway = await GatewayProcess.start({ kubeconfig: target.kubeconfig });
  const browser = await openBrowser();
  const kubectl = await kubectlPath();
  after(async () => {
    await browser.close();
    await gateway.close();
    await target.close();
  });
  return {
    target,
    gateway,
    browser,
    open: async (path, { token, browser: context } = {}) => {
      const opened = await openPage(browser, { baseURL: gateway.origin, ...context });
      if (token !== undefined) await signIn(opened, token);
      await opened.page.goto(path);
      return opened;
    },
    kubectl: async (...args) => {
      const result = await run(kubectl, ['--kubeconfig', target.kubeconfig, ...args]);
      if (result.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${result.stderr}`);
      return result.stdout;
    },
    person: (namespace, name, role) => person(target, namespace, name, role),
  };
}

async function signIn({ context }: OpenPage, token: string): Promise<void> {
  const answer = await context.request.post('/api/session', { data: { token } });
  if (!answer.ok()) throw new Error(`could not sign in: ${answer.status()} ${await answer.text()}`);
}

async function person(
  target: Target,
  namespace: string,
  name: string,
  role: string | undefined,
): Promise<{ token: string }> {
  const core = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await target.make(core, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  if (role !== undefined) {
    await target.make(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    });
  }
  const reply = await target.admin.post(`${core}/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  if (reply.status !== 201) throw new Error(`no token: ${reply.status} ${reply.text}`);
  return { token: reply.body.status.token as string };
}

/** The row of an object, by its name. */
export const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

/** Makes a row the one of the keys, wherever changes put it meanwhile. */
export async function goToRow(page: Page, name: string): Promise<void> {
  await rowOf(page, name).waitFor();
  const current = page.locator('.row[data-current] .lead').filter({ hasText: name });
  await pollUntil(`the row of the keys to be ${name}`, async () => {
    await page.keyboard.press('Home');
    for (let row = 0; row < 20; row += 1) {
      if ((await current.count()) > 0) return true;
      await page.keyboard.press('j');
    }
    return false;
  });
}

/** What was cut off asks again after ever longer pauses, and then has all to fetch. */
const CURRENT = { timeout: 60_000 };

/** Waits until the table says that it is current. */
export const untilLive = (page: Page) => page.locator('.filter-facts [data-truth="live"]').waitFor(CURRENT);

/** Of what shows for a moment only, which a locator may miss as it looks now and then: resolves when it was there. Begin before it. */
export const shownOnce = (page: Page, selector: string): Promise<string> =>
  page.evaluate(`new Promise((resolve) => {
    const look = () => {
      const shown = document.querySelector(${JSON.stringify(selector)});
      if (!shown) return;
      observer.disconnect();
      resolve(shown.textContent);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true, attributes: true });
    look();
  })`);

/** Names of the rows on screen, in order. */
export const namesOf = (page: Page) => page.locator('.row .lead').allTextContents();

/** Chooses one more namespace by keyboard, once the list has it: Esc forgets what waits for the list. */
export async function addNamespace(page: Page, name: string): Promise<void> {
  await page.keyboard.press('n');
  await page.getByRole('combobox', { name: 'Namespaces' }).waitFor();
  await page.keyboard.type(name);
  await page.getByRole('option', { name, exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

/** Waits until the overview says that it is current. */
export const untilOverview = (page: Page) =>
  page.locator('.overview-bar [data-truth="live"]').waitFor(CURRENT);
